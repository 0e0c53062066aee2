"""The rows a model is fitted on, in bins, and how they are parted to choose a model without peeking."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import RepeatedStratifiedKFold

from scoring.training import tables
from scoring.training.grids import Codes, Floats, Grid

Classes = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows and outcomes, 1 the bad one; `directions` say how log odds must move with each column."""

    X: Floats
    y: Classes
    grids: tuple[Grid, ...]
    directions: tuple[int, ...]

    @cached_property
    def codes(self) -> Codes:
        return np.column_stack([grid.codes(self.X[:, place]) for place, grid in enumerate(self.grids)])

    @cached_property
    def counts(self) -> tuple[Floats, ...]:
        return tables.counts(self.codes, [grid.bins for grid in self.grids])

    def of(self, rows: Rows) -> "Sample":
        return replace(self, X=self.X[rows], y=self.y[rows])

    def parted(self, seed: int) -> Iterator[tuple[Rows, Rows]]:
        """Rows to fit on and rows to judge by; the fewer rows, the more often all of them are parted."""
        rarest = int(np.bincount(self.y).min())
        if rarest < 2:
            return
        repeats = 3 if len(self.y) < 500 else 1
        folds = RepeatedStratifiedKFold(n_splits=min(5, rarest), n_repeats=repeats, random_state=seed)
        yield from folds.split(self.X, self.y)


def deviance(log_odds: Floats, y: Classes) -> Floats:
    """Mean log loss of rows, along the last axis."""
    wrong = np.where(y == 1, -log_odds, log_odds)
    loss: Floats = np.logaddexp(0, wrong).mean(axis=-1)
    return loss
