"""Finds the pairs of columns that together say more than each alone says."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from scoring.training.boosted import Places
from scoring.training.grids import Floats
from scoring.training.sample import Sample

COARSE = 12  #: bins of a column while pairs are looked for
_HELD = 20.0  #: rows' worth of doubt in a cell


def strongest(sample: Sample, log_odds: Floats, most: int) -> tuple[Places, ...]:
    """At most so many pairs of undirected columns, by how much a table of both would explain of the rest.

    Args:
        log_odds: of each row, by an additive model that has not seen it.
    """
    p = 1 / (1 + np.exp(-log_odds))
    left, weight = sample.y - p, p * (1 - p)
    free = [place for place, direction in enumerate(sample.directions) if direction == 0]
    coarse = {place: _coarse(sample, place, left) for place in free}
    gains = {pair: _gain([coarse[place] for place in pair], left, weight) for pair in combinations(free, 2)}
    ranked = sorted((pair for pair in gains if gains[pair] > 0), key=lambda pair: (-gains[pair], pair))
    return tuple(ranked[:most])


def _coarse(sample: Sample, place: int, left: Floats) -> npt.NDArray[np.int64]:
    """Codes of a column in few bins with about as many rows each; categories in the order of what is left."""
    codes, rows = sample.codes[:, place], sample.counts[place]
    order = np.arange(len(rows))
    if not sample.grids[place].ordered:
        bad = np.bincount(codes, weights=sample.y, minlength=len(rows))
        order = np.argsort((bad + _HELD * sample.y.mean()) / (rows + _HELD), kind="stable")
    before = np.cumsum(rows[order]) - rows[order]
    places = np.empty(len(rows), np.int64)
    places[order] = np.minimum(before * COARSE / max(rows.sum(), 1), COARSE - 1).astype(np.int64)
    return places[codes]


def _gain(coarse: Sequence[npt.NDArray[np.int64]], left: Floats, weight: Floats) -> float:
    """What the cells of both explain beyond the rows and the columns of the table, less what chance would."""
    one, two = coarse
    cells = one * COARSE + two
    found = [_explained(cells, COARSE**2, left, weight)]
    found += [_explained(column, COARSE, left, weight) for column in coarse]
    return found[0] - found[1] - found[2]


def _explained(places: npt.NDArray[np.int64], size: int, left: Floats, weight: Floats) -> float:
    pull = np.bincount(places, weights=left, minlength=size)
    mass = np.bincount(places, weights=weight, minlength=size)
    return float(np.sum((pull**2 - mass) / (mass + _HELD)))
