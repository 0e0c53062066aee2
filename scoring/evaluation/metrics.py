"""How well probabilities of default rank and fit what happened. Pure; a default is 1, a loan repaid 0."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.evaluation import intervals
from scoring.evaluation.intervals import Interval

BINS = 10
LEAST_SHARE = 1e-4  #: a bin nobody is in counts as this share of the sample, so that PSI stays finite


@dataclass(frozen=True)
class Roc:
    """Points of the curve from (0, 0) to (1, 1), one for each different PD, the riskiest first."""

    caught: tuple[float, ...]  #: share of defaults at or above the PD
    alarmed: tuple[float, ...]  #: share of the others there


@dataclass(frozen=True)
class Reliability:
    """Applicants of similar PD: what was foretold and what happened."""

    applicants: int
    foretold: float
    happened: Interval


@dataclass(frozen=True)
class Gain:
    """The riskiest part of a book: what share of all defaults it holds."""

    part: float
    applicants: int
    defaults: int
    caught: float
    lift: float  #: default rate of the part / default rate of all


def arrays(outcome: ArrayLike, pd: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Outcomes and PDs checked: as long as each other, at least one, outcomes 0 or 1, PDs from 0 to 1.

    Raises ValueError naming the row.
    """
    found, given = np.asarray(outcome, dtype=float), np.asarray(pd, dtype=float)
    if found.ndim != 1 or found.shape != given.shape or not len(found):
        raise ValueError(
            f"outcomes and PDs should be two lists of one length, not {found.shape}, {given.shape}"
        )
    for name, wrong in (("outcome", ~np.isin(found, (0, 1))), ("PD", ~((given >= 0) & (given <= 1)))):
        if wrong.any():
            raise ValueError(f"row {int(np.argmax(wrong)) + 1}: {name} should lie between 0 and 1")
    return found, given


def auc(outcome: ArrayLike, pd: ArrayLike) -> float:
    """Probability that a defaulter has a higher PD than another, ties half; NaN where one kind is missing.

    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    return intervals.auc(*arrays(outcome, pd)).value


def expected_auc(pd: NDArray[Any], truth: NDArray[Any]) -> float:
    """The AUC without the luck of who defaults: each counts as both, by its true probability.

    >>> expected_auc(np.array([0.1, 0.2]), np.array([0.0, 1.0]))
    1.0
    """
    _, place = np.unique(pd, return_inverse=True)
    bad, good = np.bincount(place, truth), np.bincount(place, 1 - truth)
    below = np.cumsum(good) - good / 2
    return float((bad * below).sum() / (bad.sum() * good.sum()))


def gini(outcome: ArrayLike, pd: ArrayLike) -> float:
    """2 AUC - 1."""
    return 2 * auc(outcome, pd) - 1


def roc(outcome: ArrayLike, pd: ArrayLike) -> Roc:
    """The ROC curve; needs both kinds of outcome."""
    found, given = arrays(outcome, pd)
    order = np.argsort(-given, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(given[order])), len(given) - 1)
    bad = np.cumsum(found[order])[ends]
    good = ends + 1 - bad
    if not bad[-1] or not good[-1]:
        raise ValueError("a ROC curve needs defaults and repaid loans")
    return Roc((0.0, *map(float, bad / bad[-1])), (0.0, *map(float, good / good[-1])))


def ks(outcome: ArrayLike, pd: ArrayLike) -> float:
    """The largest distance between the two cumulative distributions (Kolmogorov-Smirnov).

    >>> ks([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.5
    """
    curve = roc(outcome, pd)
    return max(abs(up - along) for up, along in zip(curve.caught, curve.alarmed, strict=True))


def brier(outcome: ArrayLike, pd: ArrayLike) -> float:
    """Mean squared distance of PD and outcome."""
    found, given = arrays(outcome, pd)
    return math.fsum((given - found) ** 2) / len(found)


def error(outcome: ArrayLike, pd: ArrayLike, threshold: float = 0.5) -> float:
    """Share of cases on the wrong side of a threshold."""
    found, given = arrays(outcome, pd)
    return float(np.mean((given >= threshold) != (found == 1)))


def reliability(outcome: ArrayLike, pd: ArrayLike, bins: int = BINS) -> tuple[Reliability, ...]:
    """Bins of equal numbers, the lowest PD first; equal PDs are never parted, so there may be fewer bins."""
    found, given = arrays(outcome, pd)
    return tuple(
        Reliability(
            len(part), math.fsum(given[part]) / len(part), intervals.share(int(found[part].sum()), len(part))
        )
        for part in _equal_mass(given, bins)
    )


def _equal_mass(values: NDArray[Any], bins: int) -> Iterator[NDArray[Any]]:
    """Row numbers of each bin."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    cuts = [ordered[len(order) * part // bins] for part in range(1, bins)]
    edges = sorted({int(np.searchsorted(ordered, cut, "left")) for cut in cuts} - {0})
    for start, end in zip([0, *edges], [*edges, len(order)], strict=True):
        yield order[start:end]


def calibration_error(outcome: ArrayLike, pd: ArrayLike, bins: int = BINS) -> float:
    """Expected calibration error: mean distance of foretold and happened over bins of equal numbers."""
    parts = reliability(outcome, pd, bins)
    everybody = sum(part.applicants for part in parts)
    return math.fsum(abs(part.foretold - part.happened.value) * part.applicants for part in parts) / everybody


def gains(outcome: ArrayLike, pd: ArrayLike, parts: int = BINS) -> tuple[Gain, ...]:
    """The table of gains: cumulative parts of the book, the riskiest first."""
    found, given = arrays(outcome, pd)
    defaults = np.cumsum(found[np.argsort(-given, kind="stable")])
    everybody, all_bad = len(found), float(defaults[-1])
    ends = [everybody * part // parts for part in range(1, parts + 1)]
    return tuple(
        Gain(end / everybody, end, int(defaults[end - 1]), bad / all_bad, bad * everybody / (all_bad * end))
        for end in sorted(set(ends) - {0})
        if all_bad and (bad := float(defaults[end - 1])) >= 0
    )


def stability(expected: Sequence[float], actual: Sequence[float]) -> float:
    """Population stability index of two distributions over the same bins, given as counts.

    Sum of (actual - expected) ln(actual / expected) of the shares; below 0.1 is usually called stable, above
    0.25 a shift.

    >>> round(stability([50, 50], [40, 60]), 4)
    0.0405
    """
    if len(expected) != len(actual) or not sum(expected) or not sum(actual):
        raise ValueError("stability needs two distributions over the same bins, with somebody in each")
    before = [max(count / math.fsum(expected), LEAST_SHARE) for count in expected]
    after = [max(count / math.fsum(actual), LEAST_SHARE) for count in actual]
    return math.fsum((now - then) * math.log(now / then) for then, now in zip(before, after, strict=True))


def figures(outcome: ArrayLike, pd: ArrayLike) -> dict[str, float]:
    """The usual figures of a model by the names that goals use."""
    return {
        "auc": auc(outcome, pd),
        "gini": gini(outcome, pd),
        "ks": ks(outcome, pd),
        "error": error(outcome, pd),
        "ece": calibration_error(outcome, pd),
        "brier": brier(outcome, pd),
    }
