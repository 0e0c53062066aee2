"""How far a share or an AUC seen in a sample may lie from the truth. Pure arithmetic."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring import wilson

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """An estimate with the ends between which the truth lies at the confidence asked for."""

    value: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def z_of(confidence: float) -> float:
    """The normal deviate of a two-sided interval: 1.96 for 95 %."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def share(successes: int, tries: int, confidence: float = CONFIDENCE) -> Interval:
    """A share with Wilson's interval; nothing tried says nothing: 0 to 1.

    >>> found = share(8, 10)
    >>> [round(end, 4) for end in (found.value, found.low, found.high)]
    [0.8, 0.4902, 0.9433]
    """
    if not tries:
        return Interval(math.nan, 0.0, 1.0)
    return Interval(successes / tries, *wilson.bounds(successes, tries, z_of(confidence)))


def difference(one: tuple[int, int], other: tuple[int, int], confidence: float = CONFIDENCE) -> Interval:
    """The difference of two independent shares, (successes, tries) each (Newcombe 1998, method 10).

    >>> found = difference((56, 70), (48, 80))
    >>> [round(end, 4) for end in (found.value, found.low, found.high)]
    [0.2, 0.0524, 0.3339]
    """
    first, second = share(*one, confidence), share(*other, confidence)
    gap = first.value - second.value
    below = math.hypot(first.value - first.low, second.high - second.value)
    above = math.hypot(first.high - first.value, second.value - second.low)
    return Interval(gap, gap - below, gap + above)


def auc(outcome: NDArray[Any], pd: NDArray[Any], confidence: float = CONFIDENCE) -> Interval:
    """The area under the ROC curve with DeLong's interval (DeLong et al. 1988), ties counted half.

    Without defaults, or with nothing else, it cannot be told: NaN between 0 and 1.
    """
    bad, good = np.sort(pd[outcome == 1]), np.sort(pd[outcome == 0])
    if not len(bad) or not len(good):
        return Interval(math.nan, 0.0, 1.0)
    above, below = _placements(bad, good), _placements(good, bad)
    found = math.fsum(above) / len(bad)
    variance = _variance(above) / len(bad) + _variance(below) / len(good)
    reach = z_of(confidence) * math.sqrt(variance)
    return Interval(found, max(0.0, found - reach), min(1.0, found + reach))


def _placements(values: NDArray[Any], others: NDArray[Any]) -> NDArray[Any]:
    """For each value the share of the (sorted) others below it, equal ones counted half."""
    lower = np.searchsorted(others, values, "left")
    upper = np.searchsorted(others, values, "right")
    return np.asarray((lower + upper) / (2 * len(others)))


def _variance(values: NDArray[Any]) -> float:
    if len(values) < 2:
        return 0.25  # one case alone tells nothing: the widest a placement can spread
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
