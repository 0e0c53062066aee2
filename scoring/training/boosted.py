"""Histogram boosting over bins, read back exactly as tables. Fitted by scikit-learn.

A tree may use one column, or one of the pairs allowed; a sum of such trees is a sum of tables, and asking the
model about every bin beside one reference row gives them without an error.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from scoring.training.grids import Codes, Floats, Grid
from scoring.training.tables import Tables

Classes = npt.NDArray[np.int64]
Places = tuple[int, int]  #: of two columns


@dataclass(frozen=True)
class Boosting:
    """How to boost: log odds that move with each column's direction, by trees on one column or one pair."""

    directions: tuple[int, ...]
    pairs: tuple[Places, ...] = ()
    rate: float = 0.06
    leaves: int = 4

    def fit(self, codes: Codes, y: Classes, grids: Sequence[Grid], *, seed: int, trees: int) -> "Boosted":
        paired = {place for pair in self.pairs for place in pair}
        alone = [{place} for place in range(len(grids)) if place not in paired]
        model = HistGradientBoostingClassifier(
            learning_rate=self.rate,
            max_iter=trees,
            max_leaf_nodes=self.leaves,
            l2_regularization=1.0,
            early_stopping=False,  # cross-validation has chosen the number of trees
            interaction_cst=[*alone, *map(set, self.pairs)],
            monotonic_cst=list(self.directions),
            categorical_features=[place for place, grid in enumerate(grids) if not grid.ordered],
            max_features=0.5 if len(grids) > 3 else 1.0,
            random_state=seed,
        )
        return Boosted(model.fit(asked(codes, grids), y), tuple(grids), self.pairs)


def asked(codes: Codes, grids: Sequence[Grid]) -> Floats:
    """Codes as the model takes them: a missing quantity is NaN, a missing category is one more category."""
    rows = codes.astype(np.float64)
    for place, grid in enumerate(grids):
        if grid.ordered:
            rows[codes[:, place] == grid.bins, place] = np.nan
    return rows


@dataclass(frozen=True, eq=False)
class Boosted:
    model: HistGradientBoostingClassifier
    grids: tuple[Grid, ...]
    pairs: tuple[Places, ...]

    def staged(self, codes: Codes) -> Iterator[Floats]:
        """Log odds after one tree, two trees, ..."""
        for log_odds in self.model.staged_decision_function(asked(codes, self.grids)):
            yield np.ravel(log_odds)

    def tables(self) -> Tables:
        """What each bin, and each two bins of a pair, add to the reference row of first bins."""
        zero = self._answers(np.zeros((1, len(self.grids)), np.int16))[0]
        single = tuple(self._line(place) - zero for place in range(len(self.grids)))
        pairs = []
        for first, second in self.pairs:
            both = self._square(first, second) - zero
            pairs.append((first, second, both - single[first][:, None] - single[second][None, :]))
        return Tables(float(zero), single, tuple(pairs))

    def _answers(self, codes: Codes) -> Floats:
        return np.asarray(self.model.decision_function(asked(codes, self.grids)), np.float64)

    def _line(self, place: int) -> Floats:
        rows = np.zeros((self.grids[place].bins + 1, len(self.grids)), np.int16)
        rows[:, place] = np.arange(len(rows))
        return self._answers(rows)

    def _square(self, first: int, second: int) -> Floats:
        down, across = self.grids[first].bins + 1, self.grids[second].bins + 1
        rows = np.zeros((down * across, len(self.grids)), np.int16)
        rows[:, first] = np.repeat(np.arange(down), across)
        rows[:, second] = np.tile(np.arange(across), down)
        return self._answers(rows).reshape(down, across)
