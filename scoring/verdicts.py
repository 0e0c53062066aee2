"""How well one answer agrees with the others."""

from decimal import Decimal
from functools import cache

PASS, WARN, FAIL, SKIPPED = "pass", "warn", "fail", "skipped"
_LEVELS = {PASS: 0, WARN: 1, FAIL: 2}


def graded(value: Decimal, warn_above: str, fail_above: str) -> str:
    """The verdict on a figure that is better the smaller it is.

    >>> [graded(Decimal(value), "0.25", "0.50") for value in ("0.25", "0.5", "0.51")]
    ['pass', 'warn', 'fail']
    """
    if value > _threshold(fail_above):
        return FAIL
    return WARN if value > _threshold(warn_above) else PASS


_threshold = cache(Decimal)  # a handful of them, asked for at every decision


def worst(*verdicts: str) -> str:
    """The gravest of some verdicts; of none, that the check was skipped."""
    return max(verdicts, key=_LEVELS.__getitem__, default=SKIPPED)


def mildest(*verdicts: str) -> str:
    """The least grave of some verdicts."""
    return min(verdicts, key=_LEVELS.__getitem__)
