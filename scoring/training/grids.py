"""How a column is cut into bins: what a table can tell apart, decided before anything is fitted.

Pure. A bin has a code; the code after the last bin is that of a missing value.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int16]

_FINEST = 300  #: decimal places of a cut, beyond which double precision has no power of ten
MOST_CATEGORIES = 200  #: of a column that have a bin of their own; the rarest share that of the others
LEAST_ROWS = 5  #: of a category with a bin of its own


@dataclass(frozen=True, eq=False)
class Grid:
    """The bins of one column: intervals between cuts, or groups of kept categories and one for the others."""

    cuts: Floats
    kept: Floats | None = None  #: categories as numbers, rising; None for a column of quantities
    joined: npt.NDArray[np.int64] | None = None  #: the bin of each kept category; one for each where None

    @property
    def bins(self) -> int:
        if self.kept is None:
            return len(self.cuts) + 1
        return int(self.own_bins.max(initial=-1)) + 2

    @property
    def own_bins(self) -> npt.NDArray[np.int64]:
        """The bin of each kept category."""
        return (
            np.arange(len(self.kept if self.kept is not None else ())) if self.joined is None else self.joined
        )

    @property
    def ordered(self) -> bool:
        return self.kept is None

    def codes(self, column: Floats) -> Codes:
        """The bin of each value: below the first cut is 0; a category never seen is in the last bin.

        >>> Grid(np.array([10.0, 20.0])).codes(np.array([9.0, 10.0, np.inf, np.nan])).tolist()
        [0, 1, 2, 3]
        """
        if self.kept is None:
            found = np.searchsorted(self.cuts, column, side="right")
        else:
            places = np.searchsorted(self.kept, column)
            known = np.append(self.kept, np.nan)[places] == column
            found = np.where(known, np.append(self.own_bins, -1)[places], self.bins - 1)
        return np.where(np.isnan(column), self.bins, found).astype(np.int16)


def of_quantities(column: Floats, finest: int) -> Grid:
    """Bins with about as many rows each, cut at round numbers; a value of many rows has one of its own.

    At most `finest` bins, and two for each value of many rows.
    """
    values, counts = np.unique(column[~np.isnan(column)], return_counts=True)
    starts = np.arange(1, len(values))
    if len(values) > finest:
        wanted = np.arange(1, finest) * counts.sum() / finest
        popular = np.flatnonzero(counts * 2 * finest >= counts.sum())
        starts = np.searchsorted(np.cumsum(counts), wanted) + 1
        starts = np.unique(np.concatenate([starts, popular, popular + 1]))
        starts = starts[(starts > 0) & (starts < len(values))]
    return Grid(np.array([round_between(values[at - 1], values[at]) for at in starts], np.float64))


def of_categories(column: Floats) -> Grid:
    """A bin for each category with enough rows."""
    values, counts = np.unique(column[~np.isnan(column)], return_counts=True)
    most = np.argsort(-counts, kind="stable")[:MOST_CATEGORIES]
    return Grid(np.array([]), np.sort(values[most[counts[most] >= LEAST_ROWS]]))


def round_between(low: float, high: float) -> float:
    """The roundest number above `low` and not above `high`.

    >>> [round_between(*ends) for ends in ((1188.25, 1203.5), (0.4, 0.5), (-3, 2), (3, 4))]
    [1200.0, 0.5, 0.0, 4.0]
    """
    if low < 0 <= high:
        return 0.0
    first = -math.floor(math.log10(max(abs(low), abs(high))))
    for places in range(first, min(first + 17, _FINEST)):
        scale = 10.0 ** abs(places)
        number = math.floor(high * scale) / scale if places > 0 else math.floor(high / scale) * scale
        if low < number <= high:
            return number
    return float(high)
