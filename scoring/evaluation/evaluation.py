"""Everything one evaluation found, and the same as JSON. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.evaluation import metrics, referrals
from scoring.evaluation.gaming import Moved
from scoring.evaluation.intervals import Interval
from scoring.evaluation.measured import Goal, Heldout, Measured
from scoring.evaluation.population import Population
from scoring.evaluation.segments import Segment
from scoring.scorecard import Scorecard

#: figures written as percentages; the others are written as they are
SHARES = frozenset({"lift_full", "lift_thin", "better_grade", "newly_approved", "decisions_changed"})
PLACES = 6  #: decimals kept in JSON


@dataclass(frozen=True)
class Origin:
    """How an evaluation came about, so that anybody can repeat it."""

    command: str
    seed: int
    versions: Mapping[str, str]  #: "bangbang", "numpy" ... -> version
    policy: str


@dataclass(frozen=True)
class Evaluation:
    origin: Origin
    model: Scorecard
    measured: tuple[Measured, ...]
    heldout: tuple[Heldout, ...]
    parts: tuple[Heldout, ...]  #: halves of the bundled table, for their ranking alone
    skipped: tuple[str, ...]  #: sets that are not there
    population: Population
    grades: tuple[str, ...]  #: of the policy, the best first
    segments: tuple[Segment, ...]
    stability: Mapping[str, Mapping[str, float]]  #: feature -> sample -> PSI
    gaming: tuple[Moved, ...]

    @property
    def goals(self) -> list[tuple[Measured, Goal]]:
        return [(one, goal) for one in self.measured for goal in one.goals]

    def promised(self, one: Heldout) -> bool:
        """Whether the calibration of this model was promised anything: then it is drawn."""
        title = (one.data, one.split, one.model)
        return any((m.data, m.split, m.model) == title and g.figure == "ece" for m, g in self.goals)

    @property
    def met(self) -> int:
        return sum(goal.met(one.figures) for one, goal in self.goals)


def shown(figure: str, value: float | None) -> str:
    """A figure as people read it.

    >>> shown("auc", 0.78512), shown("limit_max", 0.0312), shown("auc", None), shown("auc", math.nan)
    ('0.785', '3.1 %', 'none', 'none')
    """
    if value is None or math.isnan(value):
        return "none"
    if figure in SHARES or figure.startswith(("limit_", "pd_")):
        return f"{value * 100:.1f} %"
    return f"{value:.3f}"


def goal_shown(goal: Goal) -> str:
    """
    >>> goal_shown(Goal("error", 0.226)), goal_shown(Goal("auc", 0.74, most=0.77))
    ('≤ 0.226', '0.740 to 0.770')
    """
    if goal.most is not None:
        return f"{shown(goal.figure, goal.bound)} to {shown(goal.figure, goal.most)}"
    return f"{'≤' if goal.at_most else '≥'} {shown(goal.figure, goal.bound)}"


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """All figures as plain JSON; shares are fractions, what could not be measured is null."""
    population = evaluation.population
    return {
        "command": evaluation.origin.command,
        "seed": evaluation.origin.seed,
        "versions": dict(evaluation.origin.versions),
        "model": evaluation.model.name,
        "policy": evaluation.origin.policy,
        "goals": [_goal(one, goal) for one, goal in evaluation.goals],
        "measured": [_measured(one) for one in evaluation.measured],
        "heldout": [_heldout(one) for one in evaluation.heldout],
        "skipped": list(evaluation.skipped),
        "merchants": {
            "decided": len(population.everybody),
            "scored": len(population.scored),
            "grades": [
                {"grade": row.grade, "applicants": row.applicants, "mean_pd": _kept(row.mean_pd)}
                | {"defaults": _interval(row.defaults)}
                for row in population.grades(evaluation.grades)
            ],
            "sent_to_a_person": [
                {"ground": one.name, "everybody": _interval(one.everybody)}
                | {"honest": _interval(one.honest), "alone": _interval(one.alone)}
                for one in referrals.grounds(population.everybody)
            ],
            "gains": [
                {"part": _kept(row.part), "caught": _kept(row.caught), "lift": _kept(row.lift)}
                for row in metrics.gains(population.outcome, population.pd)
            ],
        },
        "segments": [_segment(one) for one in evaluation.segments],
        "stability": {
            name: {sample: _kept(psi) for sample, psi in found.items()}
            for name, found in evaluation.stability.items()
        },
        "gaming": [_moved(one) for one in evaluation.gaming],
    }


def _kept(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, PLACES)


def _interval(found: Interval) -> dict[str, float | None]:
    return {"value": _kept(found.value), "low": _kept(found.low), "high": _kept(found.high)}


def _named(one: Measured | Heldout) -> dict[str, Any]:
    return {"data": one.data, "split": one.split, "model": one.model}


def _goal(one: Measured, goal: Goal) -> dict[str, Any]:
    found = {"figure": goal.figure, "found": _kept(one.figures.get(goal.figure))}
    return {**_named(one), **found, "goal": goal_shown(goal), "met": goal.met(one.figures)}


def _measured(one: Measured) -> dict[str, Any]:
    spread = {name: _kept(value) for name, value in one.spread.items()}
    return {
        **_named(one),
        "figures": {name: _kept(value) for name, value in one.figures.items()},
        "spread": spread,
    }


def _heldout(one: Heldout) -> dict[str, Any]:
    parts = metrics.reliability(one.outcome, one.pd)
    bins = [{"foretold": _kept(part.foretold), "happened": _interval(part.happened)} for part in parts]
    return {**_named(one), "rows": len(one.pd), "reliability": bins}


def _segment(one: Segment) -> dict[str, Any]:
    spans = ("defaults", "approved", "referred", "auc", "default_gap", "approval_gap", "good_approval_gap")
    return {
        "kind": one.kind,
        "name": one.name,
        "applicants": one.applicants,
        "mean_pd": _kept(one.mean_pd),
        **{name: _interval(getattr(one, name)) for name in spans},
        "treatment": one.treatment,
        "pd_fit": one.pd_fit,
    }


def _moved(one: Moved) -> dict[str, Any]:
    return {
        "budget": one.budget,
        "merchants": one.merchants,
        **{name: _kept(value) for name, value in one.figures.items()},
        "referred": _kept(one.referred),
        "spent": {good: _kept(share) for good, share in one.spent.items()},
        "through": {name: _kept(points) for name, points in one.through.items()},
    }


def rocs(heldout: Sequence[Heldout]) -> dict[tuple[str, str], dict[str, metrics.Roc]]:
    """ROC curves by data and split, then by model with its AUC."""
    found: dict[tuple[str, str], dict[str, metrics.Roc]] = {}
    for one in heldout:
        name = f"{one.model}, AUC {metrics.auc(one.outcome, one.pd):.3f}"
        found.setdefault((one.data, one.split), {})[name] = metrics.roc(one.outcome, one.pd)
    return found
