"""An additive model as tables over bins: log odds are an intercept and one entry of each table.

Pure arithmetic on tables: weigh and add models, centre them, merge bins that hardly differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from scoring.training.grids import Codes, Floats

Pair = tuple[int, int, Floats]  #: two columns, and log odds by the code of the first and of the second
Groups = npt.NDArray[np.int64]  #: the merged bin of each bin


@dataclass(frozen=True, eq=False)
class Tables:
    """Log odds of the bad outcome: `single[j][code]` summed over the columns, and over pairs of columns."""

    intercept: float
    single: tuple[Floats, ...]
    pairs: tuple[Pair, ...] = ()

    def log_odds(self, codes: Codes) -> Floats:
        """Rows of codes, a column each, to log odds."""
        total = np.full(len(codes), self.intercept)
        for place, table in enumerate(self.single):
            total += table[codes[:, place]]
        for first, second, table in self.pairs:
            total += table[codes[:, first], codes[:, second]]
        return total

    def scaled(self, weight: float, shift: float = 0.0) -> "Tables":
        return Tables(
            weight * self.intercept + shift,
            tuple(weight * table for table in self.single),
            tuple((first, second, weight * table) for first, second, table in self.pairs),
        )

    def plus(self, other: "Tables") -> "Tables":
        """The sum of two models over the same bins."""
        pairs = {(first, second): table for first, second, table in self.pairs}
        for first, second, table in other.pairs:
            pairs[first, second] = table + pairs.get((first, second), np.zeros_like(table))
        return Tables(
            self.intercept + other.intercept,
            tuple(one + two for one, two in zip(self.single, other.single, strict=True)),
            tuple((first, second, table) for (first, second), table in pairs.items()),
        )


def counts(codes: Codes, sizes: Sequence[int]) -> tuple[Floats, ...]:
    """Rows in each bin of each column, that of missing values last."""
    return tuple(
        np.bincount(codes[:, place], minlength=size + 1).astype(np.float64)
        for place, size in enumerate(sizes)
    )


def average(models: Sequence[Tables]) -> Tables:
    total = models[0]
    for model in models[1:]:
        total = total.plus(model)
    return total.scaled(1 / len(models))


def centred(model: Tables, rows: Sequence[Floats]) -> Tables:
    """The same model with tables of mean 0 over the rows; a bin without a row gets 0: nothing is known of it.

    What a pair adds on average for a bin of either column moves into that column's own table.
    """
    single, pairs = [table.copy() for table in model.single], []
    for first, second, table in model.pairs:
        pure, down, across = _purified(table, rows[first], rows[second])
        single[first] += down
        single[second] += across
        pairs.append((first, second, pure))
    intercept = model.intercept
    for table, weights in zip(single, rows, strict=True):
        mean = float(np.average(table, weights=weights))
        intercept += mean
        table -= mean
        table[weights == 0] = 0.0
    return Tables(intercept, tuple(single), tuple(pairs))


def _purified(table: Floats, down: Floats, across: Floats) -> tuple[Floats, Floats, Floats]:
    """A table whose rows and columns have mean 0, and what was taken out of them."""
    first = np.average(table, axis=1, weights=across)
    pure = table - first[:, None]
    second = np.average(pure, axis=0, weights=down)
    pure = pure - second[None, :]
    pure[down == 0, :] = 0.0
    pure[:, across == 0] = 0.0
    return pure, first, second


def merged(profile: Floats, rows: Floats, *, most: int, loss: float) -> Groups:
    """Join neighbouring bins that hardly differ.

    Args:
        profile: a row for each bin in order, with everything that the model says of it.
        rows: how many rows each bin has.
        most: bins to end with at most.
        loss: the mean square (of log odds, over all rows) that one joining may cost.
    """
    means, weights = [line.astype(float) for line in profile], list(np.maximum(rows, 1e-9))
    groups = [[place] for place in range(len(profile))]
    while len(groups) > 2:
        costs = [_cost(means, weights, place) for place in range(len(groups) - 1)]
        at = int(np.argmin(costs))
        if costs[at] > loss * rows.sum() and len(groups) <= most:
            break
        both = weights[at] + weights[at + 1]
        means[at] = (means[at] * weights[at] + means[at + 1] * weights[at + 1]) / both
        weights[at] = both
        groups[at] += groups.pop(at + 1)
        del means[at + 1], weights[at + 1]
    return np.repeat(np.arange(len(groups)), [len(group) for group in groups])


def _cost(means: Sequence[Floats], weights: Sequence[float], at: int) -> float:
    one, two = weights[at], weights[at + 1]
    return float(one * two / (one + two) * np.sum((means[at] - means[at + 1]) ** 2))


def regrouped(model: Tables, groups: Sequence[Groups], rows: Sequence[Floats]) -> Tables:
    """The model over merged bins: each has the mean of its parts, the missing bin stays last."""
    means = [_means(group, weights) for group, weights in zip(groups, rows, strict=True)]
    single = tuple(mean @ table for mean, table in zip(means, model.single, strict=True))
    pairs = tuple(
        (first, second, means[first] @ table @ means[second].T) for first, second, table in model.pairs
    )
    return replace(model, single=single, pairs=pairs)


def _means(groups: Groups, rows: Floats) -> Floats:
    """The matrix that takes a table over bins and missing to its means over groups and missing."""
    places = np.append(groups, groups.max() + 1)
    matrix = np.zeros((places.max() + 1, len(places)))
    matrix[places, np.arange(len(places))] = np.maximum(rows, 1e-9)
    mean: Floats = matrix / matrix.sum(axis=1, keepdims=True)
    return mean
