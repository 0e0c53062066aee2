"""Writes a fitted additive scorecard as a points table: the same model, in score points rounded once."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring.scorecard import Bin, Binned, Fitted, Paired, Scaling, ScorecardFile
from scoring.training.additive import AdditiveScorecard
from scoring.training.grids import Floats, Grid

PLACES = 1  #: decimals of points: half a tenth is 0.0017 in log odds, below what any book can tell
SCALING = Scaling(score=600, odds=50, points_to_double_odds=20)


@dataclass(frozen=True)
class Described:
    """What a column is called in the table, and why its points fall or rise."""

    name: str
    about: str
    direction: int = 0  #: +1 when more of it speaks for the applicant
    lowers: str | None = None
    raises: str | None = None
    levels: tuple[str, ...] | None = None  #: the categories behind the numbers 0, 1, ...


@dataclass(frozen=True)
class Title:
    """What the table is called and what it was fitted on."""

    name: str
    version: str
    about: str
    fitted: Fitted


def table(model: AdditiveScorecard, columns: Sequence[Described], title: Title) -> ScorecardFile:
    """The points table of a fitted estimator: log odds of default times minus the factor, rounded."""
    factor = SCALING.points_to_double_odds / math.log(2)
    offset = SCALING.score - factor * math.log(SCALING.odds)
    fitted = model.tables_
    names = [column.name for column in columns]
    return ScorecardFile(
        about=title.about,
        name=title.name,
        version=title.version,
        scaling=SCALING,
        base=_rounded(offset - factor * fitted.intercept),
        features=tuple(
            _binned(column, grid, -factor * part)
            for column, grid, part in zip(columns, model.grids_, fitted.single, strict=True)
        ),
        pairs=tuple(
            _paired(names[first], names[second], -factor * part) for first, second, part in fitted.pairs
        ),
        fitted=title.fitted,
    )


def _rounded(points: float) -> float:
    return round(float(points), PLACES) + 0.0  # no -0.0


def _binned(column: Described, grid: Grid, points: Floats) -> Binned:
    bins = tuple(_quantities(grid, points) if grid.ordered else _categories(column, grid, points))
    return Binned(
        name=column.name,
        about=column.about,
        direction=_direction(column.direction if grid.ordered else 0),
        bins=bins,
        missing=_rounded(points[-1]),
        lowers=column.lowers,
        raises=column.raises,
    )


def _direction(of: int) -> Literal[1, 0, -1]:
    return 1 if of > 0 else -1 if of < 0 else 0


def _quantities(grid: Grid, points: Floats) -> Iterator[Bin]:
    for cut, part in zip(grid.cuts, points, strict=False):
        yield Bin(below=float(cut), points=_rounded(part))
    yield Bin(points=_rounded(points[grid.bins - 1]))


def _categories(column: Described, grid: Grid, points: Floats) -> Iterator[Bin]:
    kept = grid.kept if grid.kept is not None else np.array([])
    for place in range(grid.bins - 1):
        values = tuple(_level(column, value) for value in kept[grid.own_bins == place])
        yield Bin(values=values, points=_rounded(points[place]))
    yield Bin(points=_rounded(points[grid.bins - 1]))


def _level(column: Described, value: float) -> str:
    return f"{value:g}" if column.levels is None else column.levels[int(value)]


def _paired(first: str, second: str, points: Floats) -> Paired:
    return Paired(
        first=first,
        second=second,
        about="what both add together",
        points=tuple(tuple(_rounded(part) for part in line) for line in points),
    )


def to_json(file: ScorecardFile) -> Mapping[str, object]:
    """The file as it is written, without what holds nothing."""
    plain = file.model_dump(mode="json", exclude_none=True)
    for row in plain["features"]:
        row["bins"] = [{name: value for name, value in part.items() if value != []} for part in row["bins"]]
    return plain
