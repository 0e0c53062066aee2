"""The figures of judged merchants: whole model, parts of it, and what the social features add. Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from scoring.decide import Inputs
from scoring.decision import Decision
from scoring.evaluation import metrics, population
from scoring.evaluation.measured import Goal, Heldout, Measured
from scoring.evaluation.population import Judged, Merchant, Population, Step
from scoring.evaluation.segments import Kinds
from scoring.scorecard import Scorecard
from scoring.simulation.merchants import Simulation

DATA = "simulated merchants"
LATIN_NAME = "Xia Kitchen"
FULL_FILE = 4  #: reconstructions of sales where the detailed questions were answered
#: answers that a shock halves
_SALES = ("sales_last_month", "orders_per_day", "purchases", "good_day", "normal_day", "bad_day")

JOINT = (Goal("auc", 0.74, most=0.77), Goal("ece", 0.02))
BUSINESS_ALONE = (Goal("auc", 0.68, most=0.72),)
SOCIAL_ALONE = (Goal("auc", 0.60, most=0.66),)
BLIND = (Goal("decisions_changed", 0.0),)
LIFT_FULL = (Goal("lift_full", 0.005, most=0.03),)


def kinds() -> Kinds:
    """The segments that are compared."""
    return {
        "trade": population.trade,
        "city": population.city_tiers().tier,
        "name": population.name_language,
        "file": _file,
        "honesty": population.honesty,
    }


def _file(one: Judged) -> str:
    return "details" if _is_full(one) else "core questions"


def _is_full(one: Judged) -> bool:
    return int(one.decision.facts.get("reconstructions", 0)) >= FULL_FILE


def measured(applicants: Population, model: Scorecard, split: str) -> tuple[Measured, ...]:
    """The bundled model on judged merchants, its two halves alone, and what the social half adds."""
    whole = Measured(DATA, split, "bundled points table", _figures(applicants, applicants.pd), JOINT)
    business = applicants.block_pd(model, social=False)
    social = applicants.block_pd(model, social=True)
    return (
        whole,
        Measured(DATA, split, "its business features alone", _ranking(applicants, business), BUSINESS_ALONE),
        Measured(DATA, split, "its social features alone", _ranking(applicants, social), SOCIAL_ALONE),
        *_lifts(applicants, model, split),
    )


def _figures(applicants: Population, pd: NDArray[Any]) -> Mapping[str, float]:
    return metrics.figures(applicants.outcome, pd)


def _ranking(applicants: Population, pd: NDArray[Any]) -> Mapping[str, float]:
    return {"auc": metrics.auc(applicants.outcome, pd), "ks": metrics.ks(applicants.outcome, pd)}


def _lifts(applicants: Population, model: Scorecard, split: str) -> tuple[Measured, ...]:
    """What social features add to the AUC among full files and among thin ones."""
    files: Mapping[str, tuple[Callable[[Judged], bool], tuple[Goal, ...]]] = {
        "lift_full": (_is_full, LIFT_FULL),
        "lift_thin": (lambda one: not _is_full(one), ()),
    }
    found = []
    for name, (belongs, goals) in files.items():
        part = applicants.only(belongs)
        if len(set(part.outcome.tolist())) == 2:
            without = metrics.auc(part.outcome, part.block_pd(model, social=False))
            added = metrics.auc(part.outcome, part.pd) - without
            found.append(Measured(DATA, split, "social features added", {name: added}, goals))
    return tuple(found)


def heldout(applicants: Population, split: str) -> Heldout:
    """The whole table's PDs with what happened."""
    return Heldout(DATA, split, "bundled points table", applicants.outcome, applicants.pd)


def halves(applicants: Population, model: Scorecard, split: str) -> tuple[Heldout, ...]:
    """What each half of the table would say alone."""
    outcome = applicants.outcome
    return (
        Heldout(DATA, split, "business features alone", outcome, applicants.block_pd(model, social=False)),
        Heldout(DATA, split, "social features alone", outcome, applicants.block_pd(model, social=True)),
    )


def shocked(merchant: Merchant) -> Merchant:
    """The merchant after sales have halved; what was sold before is remembered."""
    answers = dict(merchant.inputs.application)
    before = answers.get("sales_last_month")
    halved = {name: answers[name] // 2 for name in _SALES if isinstance(answers.get(name), int)}
    remembered = {"pre_shock_sales": before} if answers.get("pre_shock_sales") is None and before else {}
    inputs = replace(merchant.inputs, application={**answers, **halved, **remembered})
    return replace(merchant, inputs=inputs)


def renamed(merchant: Merchant) -> Merchant:
    """The same merchant whose shop has a Latin name, wherever the old one stood."""
    inputs = merchant.inputs
    user = inputs.brand.get("user") if inputs.brand else None
    old = user.get("screen_name") if isinstance(user, Mapping) else None
    if not isinstance(old, str) or not old:
        return merchant
    answers, brand, personal = (
        _replaced(part, old) for part in (inputs.application, inputs.brand, inputs.personal)
    )
    return replace(merchant, inputs=replace(inputs, application=answers, brand=brand, personal=personal))


def _replaced(part: Any, old: str) -> Any:
    written = json.dumps(part, ensure_ascii=False)
    return json.loads(written.replace(json.dumps(old, ensure_ascii=False)[1:-1], LATIN_NAME))


def name_blindness(before: Population, after: Population, split: str) -> Measured:
    """How many decisions a Latin name changes in outcome, probability, grade or limit."""
    pairs = zip(before.everybody, after.everybody, strict=True)
    changed = sum(_result(one.decision) != _result(other.decision) for one, other in pairs)
    share = changed / len(before.everybody)
    return Measured(DATA, split, "the same shops with a Latin name", {"decisions_changed": share}, BLIND)


def _result(decision: Decision) -> tuple[Any, ...]:
    return decision.outcome, decision.pd, decision.grade, decision.limit


def stability(
    base: Population, others: Mapping[str, Population], model: Scorecard
) -> dict[str, dict[str, float]]:
    """PSI of every feature in each of the other samples, against the base."""
    before = base.bins(model)
    after = {name: other.bins(model) for name, other in others.items() if other.scored}
    if not base.scored:
        return {}
    return {
        feature: {name: metrics.stability(before[feature], bins[feature]) for name, bins in after.items()}
        for feature in before
    }


def fresh(count: int, seed: int, step: Step) -> list[Merchant]:
    """So many simulated merchants of a seed."""
    found = []
    for one in Simulation(seed).merchants(count):
        inputs = Inputs(one.application, one.brand, one.personal, one.as_of)
        found.append(Merchant(inputs, one.outcome.defaulted, one.outcome.frauds, one.true_pd))
        step()
    return found
