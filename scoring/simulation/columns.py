"""Vectors by name, one value a merchant, and the curve they are bent by. Rounded, so that machines agree."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Columns = dict[str, Vector]
Row = Mapping[str, float]

PLACES = 9  #: a last bit that differs between processors' exponentials ends here


def rounded(columns: Columns) -> Columns:
    return {name: np.round(values, PLACES) for name, values in columns.items()}


def share(logit: Vector) -> Vector:
    """The shares that logits stand for."""
    return 1 / (1 + np.exp(-logit))


def one_share(logit: float) -> float:
    """The share that a logit stands for, rounded as all columns are.

    >>> one_share(0.0), one_share(-1000.0)
    (0.5, 0.0)
    """
    return round(1 / (1 + math.exp(-max(-700.0, logit))), PLACES)


def logit_of(value: float) -> float:
    """The logit of a share.

    >>> round(logit_of(0.5), 9)
    0.0
    """
    return float(np.log(value / (1 - value)))


def rows(columns: Columns) -> list[Row]:
    """One mapping a merchant, of plain numbers."""
    names = list(columns)
    listed = [columns[name].tolist() for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*listed, strict=True)]
