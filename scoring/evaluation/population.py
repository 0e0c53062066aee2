"""Merchants whose outcome is known, decided by the very code that serves. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring import forms
from scoring.decide import Inputs, decide
from scoring.decision import Decision
from scoring.evaluation import intervals, metrics
from scoring.evaluation.intervals import Interval
from scoring.policy import Policy
from scoring.scorecard import Scorecard

SCORE_BIN = 10
SOCIAL = ("brand_", "personal_")

Step = Callable[[], None]  #: called once for every piece of work done


@dataclass(frozen=True)
class Merchant:
    """An applicant with what became of the loan."""

    inputs: Inputs
    defaulted: bool
    frauds: tuple[str, ...] = ()  #: what is known to be made up about it, where that is known
    true_pd: float | None = None  #: of an invented one: how probable its default was


@dataclass(frozen=True)
class Ranking:
    """An AUC as seen, and without the luck of who of the invented merchants happened to default."""

    seen: Interval
    expected: float  #: of the same PDs where each merchant counts by its true probability
    truth_seen: float  #: of the true probabilities themselves, on the outcomes that happened
    truth_expected: float


@dataclass(frozen=True)
class Judged:
    merchant: Merchant
    decision: Decision

    @property
    def answers(self) -> Mapping[str, Any]:
        return self.merchant.inputs.application


@dataclass(frozen=True)
class Grade:
    """What became of the applicants of one grade."""

    grade: str
    applicants: int
    mean_pd: float
    defaults: Interval


def judged(merchants: Iterable[Merchant], model: Scorecard, policy: Policy, step: Step) -> tuple[Judged, ...]:
    """Every merchant decided, in their order."""
    found = []
    for merchant in merchants:
        found.append(Judged(merchant, decide(merchant.inputs, model=model, policy=policy)))
        step()
    return tuple(found)


@dataclass(frozen=True)
class Population:
    """Judged merchants; `scored` leaves out those a rule settled before anything was scored."""

    everybody: tuple[Judged, ...]

    @cached_property
    def scored(self) -> tuple[Judged, ...]:
        return tuple(one for one in self.everybody if one.decision.pd is not None)

    @cached_property
    def pd(self) -> NDArray[Any]:
        return np.array([one.decision.pd for one in self.scored], dtype=float)

    @cached_property
    def outcome(self) -> NDArray[Any]:
        return np.array([one.merchant.defaulted for one in self.scored], dtype=float)

    @cached_property
    def ranking(self) -> Ranking | None:
        """How the PDs rank; None where somebody's true probability is not known."""
        known = [one.merchant.true_pd for one in self.scored if one.merchant.true_pd is not None]
        if len(known) < len(self.scored):
            return None
        truth = np.array(known)
        return Ranking(
            seen=intervals.auc(self.outcome, self.pd),
            expected=metrics.expected_auc(self.pd, truth),
            truth_seen=metrics.auc(self.outcome, truth),
            truth_expected=metrics.expected_auc(truth, truth),
        )

    def only(self, wanted: Callable[[Judged], bool]) -> "Population":
        return Population(tuple(filter(wanted, self.everybody)))

    def share_of(self, outcome: str) -> Interval:
        """Share of everybody whose decision is this one."""
        held = sum(one.decision.outcome.value == outcome for one in self.everybody)
        return intervals.share(held, len(self.everybody))

    def block_pd(self, model: Scorecard, *, social: bool) -> NDArray[Any]:
        """The PD that one part of the table would give alone: social features, or all the others."""
        return np.array(
            [
                model.pd(
                    model.table.base
                    + sum(
                        part
                        for name, part in one.decision.facts["contributions"].items()
                        if name.startswith(SOCIAL) is social
                    )
                )
                for one in self.scored
            ]
        )

    def grades(self, order: Sequence[str]) -> tuple[Grade, ...]:
        """Grades that somebody has, in this order."""
        held = [[one for one in self.scored if one.decision.grade == grade] for grade in order]
        return tuple(_grade(grade, group) for grade, group in zip(order, held, strict=True) if group)

    def scores(self, order: Sequence[str]) -> dict[str, dict[int, int]]:
        """Applicants by grade and start of the bin of scores; an empty bin between two full ones counts 0."""
        starts = {one.decision.decision_id: _bin_of(one.decision) for one in self.scored}
        if not starts:
            return {}
        every = range(min(starts.values()), max(starts.values()) + SCORE_BIN, SCORE_BIN)
        found = {}
        for grade in order:
            counts = Counter(_bin_of(one.decision) for one in self.scored if one.decision.grade == grade)
            if counts:
                found[grade] = {start: counts[start] for start in every}
        return found

    def bins(self, model: Scorecard) -> dict[str, list[int]]:
        """How many applicants lie in each bin of each feature, those without a value last."""
        found = {}
        for row in model.table.features:
            places = [row.place_of(one.decision.facts["features"].get(row.name)) for one in self.scored]
            found[row.name] = [places.count(place) for place in range(len(row.bins) + 1)]
        return found


def _grade(grade: str, group: Sequence[Judged]) -> Grade:
    mean = sum(one.decision.pd or 0.0 for one in group) / len(group)
    return Grade(
        grade, len(group), mean, intervals.share(sum(one.merchant.defaulted for one in group), len(group))
    )


def _bin_of(decision: Decision) -> int:
    return (decision.score or 0) // SCORE_BIN * SCORE_BIN


_HAN, _LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z]")


def name_language(one: Judged) -> str:
    """The script of the shop's name: a sign of who runs it that must not decide anything."""
    brand = one.merchant.inputs.brand or {}
    user = brand.get("user")
    shown = user.get("screen_name") if isinstance(user, Mapping) else None
    name = shown if isinstance(shown, str) else one.answers.get("brand_account")
    if not isinstance(name, str) or not name.strip():
        return "no name"
    if _HAN.search(name):
        return "Chinese with Latin" if _LATIN.search(name) else "Chinese"
    return "Latin" if _LATIN.search(name) else "other"


def honesty(one: Judged) -> str:
    """What is made up about a merchant; the first thing, where there are several."""
    return one.merchant.frauds[0] if one.merchant.frauds else "honest"


def trade(one: Judged) -> str:
    return str(one.answers.get("trade") or "not said")


@dataclass(frozen=True)
class CityTiers:
    """Which tier a city belongs to."""

    tiers: Mapping[str, Sequence[str]]

    def tier(self, one: Judged) -> str:
        city = str(one.answers.get("city") or "")
        found = (tier for tier, names in self.tiers.items() if any(name in city for name in names))
        return next(found, "smaller" if city else "not said")


def city_tiers() -> CityTiers:
    """The packaged tiers."""
    return CityTiers(forms.parse("city_tiers.json", forms.packaged("city_tiers.json"))["tiers"])
