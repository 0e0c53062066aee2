"""A points table: bins of features give points, points give a score, a score is a probability of default.

The table is data with a fingerprint; nothing is fitted or unpickled here, and the same values always give the
same score: points add up as whole numbers of the table's smallest unit. Scaling after the usual convention:
600 points at odds of 50 to 1, 20 points double the odds.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from scoring.forms import Form, contents, fill, fingerprint

PD_PLACES = 6
_HIGHEST = 700.0  #: log odds whose odds a float still holds
PLACES = 3  #: decimals that points may have


Value = float | str | None  #: a category is a text
Points = Annotated[float, Field(ge=-10_000, le=10_000)]


class Bin(Form):
    """The values below `below`, or those among `values`; the last bin of a feature holds the rest."""

    below: float | None = None
    values: tuple[str, ...] = ()  #: of a feature by category
    points: Points


class Binned(Form):
    """One feature of the table."""

    name: str
    about: str
    direction: Literal[1, 0, -1]  #: whether more of it is better; 0 where nothing is assumed
    bins: tuple[Bin, ...] = Field(min_length=2)
    missing: Points
    lowers: str | None = None
    raises: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> "Binned":
        if self.categorical:
            self._check_categories()
        else:
            self._check_cuts()
        points = [part.points * self.direction for part in self.bins]
        if points != sorted(points):
            raise ValueError("bins: points should move one way, that of direction")
        if 0 not in [part.points for part in self.bins]:
            raise ValueError("bins: one should have 0 points, the neutral one")
        if self._unnamed():
            raise ValueError("lowers and raises should name the reasons of negative and positive points")
        return self

    def _check_cuts(self) -> None:
        cuts = [part.below for part in self.bins[:-1]]
        if None in cuts or self.bins[-1].below is not None or cuts != sorted(set(self.cuts)):
            raise ValueError("bins: below should rise and be left out in the last bin only")

    def _check_categories(self) -> None:
        values = [value for part in self.bins for value in part.values]
        if self.cuts or len(set(values)) < len(values) or not all(part.values for part in self.bins[:-1]):
            raise ValueError("bins: values should be told apart, each in one bin, and no below beside them")
        if self.bins[-1].values:
            raise ValueError("bins: values should be left out in the last bin, which holds the others")
        if self.direction:
            raise ValueError("direction: should be 0 for categories, which have no order")

    def _unnamed(self) -> bool:
        points = [*(part.points for part in self.bins), self.missing]
        return (min(points) < 0 and self.lowers is None) or (max(points) > 0 and self.raises is None)

    @cached_property
    def categorical(self) -> bool:
        return any(part.values for part in self.bins)

    @cached_property
    def cuts(self) -> list[float]:
        return [part.below for part in self.bins if part.below is not None]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The bin of each category; an unseen one is in the last."""
        return {value: place for place, part in enumerate(self.bins) for value in part.values}

    def place_of(self, value: Value) -> int:
        """The bin that a value falls into; the number of bins for a missing one."""
        if value is None or value != value:  # noqa: PLR0124 -- so is NaN
            return len(self.bins)
        if self.categorical:
            return self.places.get(str(value), len(self.bins) - 1)
        return bisect_right(self.cuts, float(value))

    def points_of(self, value: Value) -> float:
        place = self.place_of(value)
        return self.bins[place].points if place < len(self.bins) else self.missing

    @property
    def neutral(self) -> float:
        """A value inside the bin with 0 points, of a feature that is a quantity."""
        edge = self.bins[self._neutral_place].below
        if edge is None:
            return self.cuts[-1]
        return self.cuts[self._neutral_place - 1] if self._neutral_place else edge - 1

    @property
    def neutral_category(self) -> str:
        """A category with 0 points: one of the table, or one that the table does not know."""
        return next(iter(self.bins[self._neutral_place].values), "".join(self.places) + "?")

    @property
    def _neutral_place(self) -> int:
        return next(place for place, part in enumerate(self.bins) if part.points == 0)


class Paired(Form):
    """What two features together add beyond what each adds alone; no direction is promised of either."""

    first: str
    second: str
    about: str
    #: a row for each bin of the first and one for its missing value, a column likewise for the second
    points: tuple[tuple[Points, ...], ...]

    @property
    def name(self) -> str:
        return f"{self.first} * {self.second}"


class Fitted(Form):
    """What a table was fitted on; without a date, so that the same rows give the same file."""

    data: str
    rows: int = Field(ge=2)
    bad: int = Field(ge=1)
    sha256: str  #: of the columns and the target in their order
    seed: int
    method: str
    held_out: Mapping[str, float] = {}  #: auc, ks, ece of rows that the fit had not seen


class Scaling(Form):
    score: float
    odds: float = Field(gt=0)
    points_to_double_odds: float = Field(gt=0)


class ScorecardFile(Form):
    about: str
    name: str
    version: str
    scaling: Scaling
    base: float
    features: tuple[Binned, ...] = Field(min_length=1)
    pairs: tuple[Paired, ...] = ()
    fitted: Fitted | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "ScorecardFile":
        rows = {row.name: row for row in self.features}
        if len(rows) < len(self.features) or len({pair.name for pair in self.pairs}) < len(self.pairs):
            raise ValueError("features: each name once")
        for pair in self.pairs:
            self._check_pair(pair, rows)
        if any(round(points, PLACES) != points for points in self._points()):
            raise ValueError(f"points: should have at most {PLACES} decimal places")
        return self

    @staticmethod
    def _check_pair(pair: Paired, rows: Mapping[str, Binned]) -> None:
        first, second = rows.get(pair.first), rows.get(pair.second)
        if first is None or second is None or first is second:
            raise ValueError(f"pairs: {pair.name}: should name two features of the table")
        if first.direction or second.direction:
            raise ValueError(f"pairs: {pair.name}: should join features without a direction")
        shape = {len(second.bins) + 1}
        if len(pair.points) != len(first.bins) + 1 or {len(row) for row in pair.points} != shape:
            raise ValueError(f"pairs: {pair.name}: points should have a place for each bin and for missing")

    def _points(self) -> Iterator[float]:
        yield self.base
        for row in self.features:
            yield from (row.missing, *(part.points for part in row.bins))
        for pair in self.pairs:
            yield from (points for line in pair.points for points in line)

    @cached_property
    def unit(self) -> int:
        """How many units make a point, so that every figure of the table is whole: 10 for tenths."""
        units = (1, 10, 100, 1000)
        return next(unit for unit in units if all(round(p * unit) / unit == p for p in self._points()))


@dataclass(frozen=True)
class Scored:
    """A score with what each feature added to it, and what pairs of them added beside.

    The points are the base and what was added as decimals sum up, without an error of binary sums.
    """

    points: float
    pd: float
    contributions: Mapping[str, float]
    pairs: Mapping[str, float] = field(default_factory=dict)

    @property
    def score(self) -> int:
        """The score as shown; it decides nothing."""
        return math.floor(self.points + 0.5)


@dataclass(frozen=True)
class Scorecard:
    """A table ready to score with; `name` tells version and fingerprint."""

    table: ScorecardFile
    name: str

    @cached_property
    def factor(self) -> float:
        """Points per unit of log odds: 28.8539 for 20 points to double them."""
        return self.table.scaling.points_to_double_odds / math.log(2)

    @cached_property
    def offset(self) -> float:
        """The score at even odds: 487.12."""
        return self.table.scaling.score - self.factor * math.log(self.table.scaling.odds)

    @cached_property
    def by_name(self) -> Mapping[str, Binned]:
        return {row.name: row for row in self.table.features}

    @cached_property
    def _numbers(self) -> tuple[tuple[str, list[float], tuple[float, ...], float], ...]:
        return tuple(
            (row.name, row.cuts, tuple(part.points for part in row.bins), row.missing)
            for row in self.table.features
            if not row.categorical
        )

    @cached_property
    def _categories(self) -> tuple[Binned, ...]:
        return tuple(row for row in self.table.features if row.categorical)

    def score(self, values: Mapping[str, Value]) -> Scored:
        """Points, probability of default and signed contributions; one that is absent or NaN is missing."""
        added: dict[str, float] = {}
        for name, cuts, points, missing in self._numbers:
            value: Any = values.get(name)
            absent = value is None or value != value  # noqa: PLR0124 -- so is NaN
            added[name] = missing if absent else points[bisect_right(cuts, value)]
        for row in self._categories:
            added[row.name] = row.points_of(values.get(row.name))
        pairs = {pair.name: self._of_pair(pair, values) for pair in self.table.pairs}
        unit = self.table.unit
        total = round(sum((*added.values(), *pairs.values()), self.table.base) * unit) / unit
        return Scored(total, round(self.pd(total), PD_PLACES), added, pairs)

    def _of_pair(self, pair: Paired, values: Mapping[str, Value]) -> float:
        first, second = (self.by_name[name].place_of(values.get(name)) for name in (pair.first, pair.second))
        return pair.points[first][second]

    def pd(self, points: float) -> float:
        """Probability of default of a score: 1 / (1 + odds)."""
        return 1 / (1 + math.exp(min((points - self.offset) / self.factor, _HIGHEST)))

    def points(self, pd: float) -> float:
        """The inverse of `pd`."""
        return self.offset + self.factor * math.log((1 - pd) / pd)


def load(path: Path | None = None) -> Scorecard:
    """Read a points table, the packaged one unless given; raises `PolicyError` naming what is wrong in it."""
    label, raw = contents(path, "scorecard.json")
    table = fill(ScorecardFile, label, raw)
    return Scorecard(table, f"{table.name}-{table.version}@{fingerprint(raw)}")
