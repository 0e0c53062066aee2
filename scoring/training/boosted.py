"""Histogram boosting over bins, read back exactly as tables. Fitted by scikit-learn.

A tree may use one column, or one of the pairs allowed; a sum of such trees is a sum of tables, and asking the
model about every bin beside one reference row gives them without an error.
"""

import itertools
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
    rate: float = 0.1
    leaves: int = 4

    def fit(self, codes: Codes, y: Classes, grids: Sequence[Grid], *, seed: int, trees: int) -> "Boosted":
        order = asked_order(grids)
        paired = {place for pair in self.pairs for place in pair}
        groups = [*([place] for place in order if place not in paired), *map(list, self.pairs)]
        model = HistGradientBoostingClassifier(
            learning_rate=self.rate,
            max_iter=trees,
            max_leaf_nodes=self.leaves,
            l2_regularization=1.0,
            early_stopping=False,  # cross-validation has chosen the number of trees
            interaction_cst=[{order.index(place) for place in group} for group in groups],
            monotonic_cst=[self.directions[place] for place in order],
            categorical_features=[not grids[place].ordered for place in order],
            max_features=0.5 if len(grids) > 3 else 1.0,
            random_state=seed,
        )
        return Boosted(model.fit(asked(codes, grids), y), tuple(grids), self.pairs)


def asked_order(grids: Sequence[Grid]) -> list[int]:
    """Columns as the model takes them, categories first.

    scikit-learn (1.9) moves categories to the front and forgets to move `interaction_cst` with them.
    """
    return sorted(range(len(grids)), key=lambda place: grids[place].ordered)


def asked(codes: Codes, grids: Sequence[Grid]) -> Floats:
    """Codes as the model takes them: a missing quantity is NaN, a missing category is one more category."""
    rows = codes.astype(np.float64)
    for place, grid in enumerate(grids):
        if grid.ordered:
            rows[codes[:, place] == grid.bins, place] = np.nan
    return rows[:, asked_order(grids)]


@dataclass(frozen=True, eq=False)
class Boosted:
    model: HistGradientBoostingClassifier
    grids: tuple[Grid, ...]
    pairs: tuple[Places, ...]

    def staged(self, codes: Codes) -> Iterator[Floats]:
        """Log odds after one tree, two trees, ..."""
        for log_odds in self.model.staged_decision_function(asked(codes, self.grids)):
            yield np.ravel(log_odds)

    def tables(self, trees: int) -> Tables:
        """What each bin, and each two bins of a pair, add to the reference row of first bins."""
        answers = self._answers(np.vstack(list(self._questions())), trees)
        zero = float(answers[0])
        sizes = [grid.bins + 1 for grid in self.grids]
        ends = np.cumsum([1, *sizes, *(sizes[one] * sizes[two] for one, two in self.pairs)])[:-1]
        parts = [part - zero for part in np.split(answers, ends)[1:]]
        single = tuple(parts[: len(sizes)])
        pairs = []
        for (one, two), part in zip(self.pairs, parts[len(sizes) :], strict=True):
            both = part.reshape(sizes[one], sizes[two])
            pairs.append((one, two, both - single[one][:, None] - single[two][None, :]))
        return Tables(zero, single, tuple(pairs))

    def _answers(self, codes: Codes, trees: int) -> Floats:
        return next(itertools.islice(self.staged(codes), trees - 1, None)).astype(np.float64)

    def _questions(self) -> Iterator[Codes]:
        """The reference row, then one row for each bin of a column, then one for each two bins of a pair."""
        yield self._row(1)
        for place, grid in enumerate(self.grids):
            rows = self._row(grid.bins + 1)
            rows[:, place] = np.arange(len(rows))
            yield rows
        for one, two in self.pairs:
            down, across = self.grids[one].bins + 1, self.grids[two].bins + 1
            rows = self._row(down * across)
            rows[:, one] = np.repeat(np.arange(down), across)
            rows[:, two] = np.tile(np.arange(across), down)
            yield rows

    def _row(self, times: int) -> Codes:
        return np.zeros((times, len(self.grids)), np.int16)
