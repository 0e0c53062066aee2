"""A points table: bins of features give points, points give a score, a score is a probability of default.

The table is data with a fingerprint; nothing is fitted or unpickled here, and the same values always give the
same score. Scaling after the usual convention: 600 points at odds of 50 to 1, 20 points double the odds.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from scoring.forms import Form, contents, fill, fingerprint

PD_PLACES = 6


class Bin(Form):
    below: float | None = None
    points: float


class Binned(Form):
    """One feature of the table."""

    name: str
    about: str
    direction: Literal[1, -1]  #: whether more of it is better
    bins: tuple[Bin, ...] = Field(min_length=2)
    missing: float
    lowers: str | None = None
    raises: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> "Binned":
        cuts = [part.below for part in self.bins[:-1]]
        if None in cuts or self.bins[-1].below is not None or cuts != sorted(set(self.cuts)):
            raise ValueError("bins: below should rise and be left out in the last bin only")
        points = [part.points * self.direction for part in self.bins]
        if points != sorted(points):
            raise ValueError("bins: points should move one way, that of direction")
        if 0 not in points:
            raise ValueError("bins: one should have 0 points, the neutral one")
        if self._unnamed():
            raise ValueError("lowers and raises should name the reasons of negative and positive points")
        return self

    def _unnamed(self) -> bool:
        points = [*(part.points for part in self.bins), self.missing]
        return (min(points) < 0 and self.lowers is None) or (max(points) > 0 and self.raises is None)

    @cached_property
    def cuts(self) -> list[float]:
        return [part.below for part in self.bins if part.below is not None]

    @property
    def neutral(self) -> float:
        """A value inside the bin with 0 points."""
        place = next(place for place, part in enumerate(self.bins) if part.points == 0)
        edge = self.bins[place].below
        if edge is None:
            return self.cuts[-1]
        return self.cuts[place - 1] if place else edge - 1


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


@dataclass(frozen=True)
class Scored:
    """A score with what each feature added to it; points and contributions are exact sums."""

    points: float
    pd: float
    contributions: Mapping[str, float]

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
    def _rows(self) -> tuple[tuple[str, list[float], tuple[float, ...], float], ...]:
        return tuple(
            (row.name, row.cuts, tuple(part.points for part in row.bins), row.missing)
            for row in self.table.features
        )

    @cached_property
    def by_name(self) -> Mapping[str, Binned]:
        return {row.name: row for row in self.table.features}

    def score(self, values: Mapping[str, float | None]) -> Scored:
        """Points, probability of default and signed contributions; an absent value counts as missing."""
        total = self.table.base
        added: dict[str, float] = {}
        for name, cuts, points, missing in self._rows:
            value = values.get(name)
            part = missing if value is None else points[bisect_right(cuts, value)]
            added[name] = part
            total += part
        return Scored(total, round(self.pd(total), PD_PLACES), added)

    def pd(self, points: float) -> float:
        """Probability of default of a score: 1 / (1 + odds)."""
        return 1 / (1 + math.exp((points - self.offset) / self.factor))

    def points(self, pd: float) -> float:
        """The inverse of `pd`."""
        return self.offset + self.factor * math.log((1 - pd) / pd)


def load(path: Path | None = None) -> Scorecard:
    """Read a points table, the packaged one unless given; raises `PolicyError` naming what is wrong in it."""
    label, raw = contents(path, "scorecard.json")
    table = fill(ScorecardFile, label, raw)
    return Scorecard(table, f"{table.name}-{table.version}@{fingerprint(raw)}")
