"""Logistic regression on steps: every bin may differ from the one before, and is held back from doing so.

The penalty shrinks steps between neighbouring bins, the slope over all bins and the offsets of categories, so
that few rows give straight gentle lines and many rows give any shape. Fitted by scikit-learn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from scoring.training.grids import Codes, Floats, Grid
from scoring.training.tables import Tables

STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)  #: inverse of the penalty, as scikit-learn's C
SLOPE = 0.5  #: how freely a straight line may rise, against the steps
CATEGORY = 1.5  #: how freely a category may differ from the rest, against the steps
_ITERATIONS = 2000


@dataclass(frozen=True, eq=False)
class Basis:
    """What the codes of each column become before the regression: a matrix with a row for each code."""

    columns: tuple[Floats, ...]

    def design(self, codes: Codes) -> Floats:
        return np.hstack([part[codes[:, place]] for place, part in enumerate(self.columns)])

    def tables(self, intercept: float, coefficients: Floats) -> Tables:
        ends = np.cumsum([part.shape[1] for part in self.columns])[:-1]
        own = np.split(coefficients, ends)
        return Tables(intercept, tuple(part @ mine for part, mine in zip(self.columns, own, strict=True)))


def basis(X: Floats, codes: Codes, grids: Sequence[Grid]) -> Basis:
    """The steps of each column, centred on the rows given."""
    return Basis(
        tuple(
            _steps(X[:, place], codes[:, place], grid) if grid.ordered else CATEGORY * np.eye(grid.bins + 1)
            for place, grid in enumerate(grids)
        )
    )


def _steps(column: Floats, codes: npt.NDArray[np.int16], grid: Grid) -> Floats:
    """For each code: which cuts it lies above, its place on a line, and whether it is the missing one."""
    known = codes < grid.bins
    rows = np.bincount(codes[known], minlength=grid.bins).astype(float)
    parts = np.zeros((grid.bins + 1, grid.bins + 1))
    parts[-1, -1] = 1.0
    if known.any():
        above = np.arange(grid.bins)[:, None] > np.arange(grid.bins - 1)[None, :]
        parts[:-1, :-2] = (above - np.average(above, axis=0, weights=rows)) * 2 / max(grid.bins - 1, 1) ** 0.5
        line = np.bincount(codes[known], weights=column[known], minlength=grid.bins) / np.maximum(rows, 1)
        line = (line - np.average(line, weights=rows)) * (rows > 0)
        spread = float(np.sqrt(np.average(line**2, weights=rows)))
        parts[:-1, -2] = SLOPE * line / (spread or 1.0)
    return parts


def path(
    steps: Basis, codes: Codes, y: npt.NDArray[np.int64], strengths: Sequence[float] = STRENGTHS
) -> Iterator[Tables]:
    """A model for each strength of the penalty, each begun where the one before ended."""
    design = steps.design(codes)
    model = LogisticRegression(max_iter=_ITERATIONS, warm_start=True)
    for strength in strengths:
        model.set_params(C=strength).fit(design, y)
        yield steps.tables(float(model.intercept_[0]), model.coef_[0])


def directed(model: Tables, directions: Sequence[int], rows: Sequence[Floats]) -> Tables:
    """The nearest model whose log odds move with the direction given for each column; 0 is any way."""
    return Tables(
        model.intercept,
        tuple(
            _directed(table, direction, weights) if direction else table
            for table, direction, weights in zip(model.single, directions, rows, strict=True)
        ),
    )


def _directed(table: Floats, direction: int, rows: Floats) -> Floats:
    weights = np.maximum(rows[:-1], 1e-9)
    held = IsotonicRegression(increasing=direction > 0).fit_transform(
        np.arange(len(weights)), table[:-1], sample_weight=weights
    )
    return np.append(held, table[-1])
