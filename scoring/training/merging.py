"""Makes a fitted table short enough to read: bins that hardly differ become one, at a bounded loss."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scoring.training import tables
from scoring.training.grids import Floats, Grid
from scoring.training.sample import Sample
from scoring.training.tables import Groups, Tables

#: mean square of log odds that joining two bins may cost, where scores have one of about 1; measured on real
#: books, five times as much still moves AUC by less than a thousandth
LOSS = 2e-4


def merge(model: Tables, sample: Sample, *, most: int) -> tuple[tuple[Grid, ...], Tables]:
    """The grids and the centred tables of a model over at most so many bins a column."""
    centred = tables.centred(model, sample.counts)
    groups = [_groups(centred, sample, place, most) for place in range(len(sample.grids))]
    shorter = tables.regrouped(centred, groups, sample.counts)
    grids = tuple(_joined(grid, group) for grid, group in zip(sample.grids, groups, strict=True))
    rows = tables.counts(replace(sample, grids=grids).codes, [grid.bins for grid in grids])
    return grids, _from_neutral(tables.centred(shorter, rows), rows)


def neutral_bin(table: Floats) -> int:
    """The bin nearest to the mean of all rows, never that of missing values: the neutral one."""
    return int(np.argmin(np.abs(table[:-1])))


def _from_neutral(model: Tables, rows: Sequence[Floats]) -> Tables:
    """Counted from the neutral bin of each column, which has 0; so has a bin that no row was in."""
    intercept, single = model.intercept, []
    for table, weights in zip(model.single, rows, strict=True):
        known = np.where(weights > 0, table, np.inf)
        zero = table[neutral_bin(known)]
        intercept += zero
        single.append(np.where(weights > 0, table - zero, 0.0))
    return replace(model, intercept=float(intercept), single=tuple(single))


def _groups(model: Tables, sample: Sample, place: int, most: int) -> Groups:
    """The merged bin of each bin of a column; the others keep theirs, the last."""
    profile, rows, grid = _profile(model, sample, place), sample.counts[place], sample.grids[place]
    if grid.ordered:
        return tables.merged(profile[:-1], rows[:-1], most=most, loss=LOSS)
    kept = grid.bins - 1
    order = np.argsort(model.single[place][:kept], kind="stable")
    groups = np.zeros(grid.bins, np.int64)
    if kept:
        groups[order] = tables.merged(profile[order], rows[order], most=most - 1, loss=LOSS)
        groups[-1] = groups[:-1].max() + 1
    return groups


def _profile(model: Tables, sample: Sample, place: int) -> Floats:
    """All that the model says of each bin: the squared distance of two lines is what joining them costs."""
    lines = [model.single[place][:, None]]
    for first, second, table in model.pairs:
        if place in (first, second):
            across = sample.counts[second if place == first else first]
            lines.append((table if place == first else table.T) * np.sqrt(across / across.sum()))
    return np.hstack(lines)


def _joined(grid: Grid, groups: Groups) -> Grid:
    if grid.ordered:
        return Grid(grid.cuts[np.diff(groups) > 0])
    return replace(grid, joined=groups[:-1])
