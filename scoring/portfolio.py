"""Many merchants through a points table at once: the same bits as one at a time, in numpy.

Pure: columns in, columns out.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.scorecard import PD_PLACES, Binned, Scorecard

Column = npt.NDArray[Any]  #: numbers (NaN is missing), or texts (None is missing)
_Units = npt.NDArray[np.int32]
_SURE = 15  #: log odds beyond which a probability of default is 0 or 1 in its six places


@dataclass(frozen=True)
class ScoredMany:
    """Scores of so many rows; `parts` are in units of the table, `unit` of them make a point."""

    units: _Units
    pd: npt.NDArray[np.float64]
    parts: Mapping[str, _Units]
    pairs: Mapping[str, _Units]
    unit: int

    @property
    def points(self) -> npt.NDArray[np.float64]:
        return self.units / self.unit

    @cached_property
    def contributions(self) -> Mapping[str, npt.NDArray[np.float64]]:
        """What each feature added to each row, in points."""
        return {name: part / self.unit for name, part in self.parts.items()}


@dataclass(frozen=True)
class Portfolio:
    """A points table made ready for many rows."""

    model: Scorecard

    def score(self, columns: Mapping[str, Column], rows: int) -> ScoredMany:
        """Score `rows` rows; a column that is not there counts as missing in all of them.

        Raises:
            ValueError: a column of another length.
        """
        table = self.model.table
        units = np.full(rows, round(table.base * table.unit), np.int32)
        parts: dict[str, _Units] = {}
        places: dict[str, npt.NDArray[np.uint8]] = {}
        for row in table.features:
            places[row.name] = _places(row, columns.get(row.name), rows)
            parts[row.name] = self._points[row.name].take(places[row.name])
            units += parts[row.name]
        pairs = {
            pair.name: self._points[pair.name][places[pair.first], places[pair.second]]
            for pair in table.pairs
        }
        for part in pairs.values():
            units += part
        return ScoredMany(units, self._pd(units), parts, pairs, table.unit)

    @cached_property
    def _points(self) -> Mapping[str, _Units]:
        """Points of each feature and pair in units, in the order of the bins, missing last."""
        table = self.model.table
        singles = {row.name: [*(part.points for part in row.bins), row.missing] for row in table.features}
        doubles = {pair.name: pair.points for pair in table.pairs}
        return {
            name: np.rint(np.asarray(points) * table.unit).astype(np.int32)
            for name, points in [*singles.items(), *doubles.items()]
        }

    def _pd(self, units: _Units) -> npt.NDArray[np.float64]:
        found: npt.NDArray[np.float64] = self._by_units.take(
            np.clip(units - self._lowest, 0, None), mode="clip"
        )
        return found

    @cached_property
    def _lowest(self) -> int:
        return math.floor((self.model.offset - _SURE * self.model.factor) * self.model.table.unit)

    @cached_property
    def _by_units(self) -> npt.NDArray[np.float64]:
        """The probability of default of every score that can be, as one row at a time has it."""
        unit = self.model.table.unit
        highest = math.ceil((self.model.offset + _SURE * self.model.factor) * unit)
        scores = range(self._lowest, highest + 1)
        return np.array([round(self.model.pd(score / unit), PD_PLACES) for score in scores])


def score_many(model: Scorecard, columns: Mapping[str, Column], rows: int) -> ScoredMany:
    """One pass over some rows; keep a `Portfolio` where there are many passes."""
    return Portfolio(model).score(columns, rows)


def _places(row: Binned, column: Column | None, rows: int) -> npt.NDArray[np.uint8]:
    """The bin of each row's value; the number of bins where it is missing."""
    if column is None:
        return np.full(rows, len(row.bins), np.uint8)
    if len(column) != rows:
        raise ValueError(f"{row.name}: should have {rows} rows, has {len(column)}")
    return _by_category(row, column) if row.categorical else _by_cuts(row, column)


def _by_cuts(row: Binned, column: Column) -> npt.NDArray[np.uint8]:
    """How many cuts a value has reached: for so few, counting beats searching."""
    single = column.dtype == np.float32
    values = column if single else column.astype(np.float64, copy=False)
    places = np.zeros(len(values), np.uint8)
    for cut in row.cuts:
        places += values >= (_single(cut) if single else cut)
    absent = np.isnan(values)
    if absent.any():
        places[absent] = len(row.bins)
    return places


def _single(cut: float) -> np.float32:
    """The least single-precision number not below a cut: it parts such numbers as the cut itself does."""
    nearest = np.float32(cut)
    return nearest if float(nearest) >= cut else np.nextafter(nearest, np.float32(np.inf))


def _by_category(row: Binned, column: Column) -> npt.NDArray[np.uint8]:
    return np.array([row.place_of(value) for value in column.tolist()], np.uint8)
