"""Invented merchants as columns, for training and the batch: features, what a limit needs, the outcome.

As many merchants as asked are measured from their raw accounts. Beyond them rows are drawn from those that
were measured (smoothed bootstrap): a row says which of the two it is, and what it was drawn from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from scoring.simulation.measuring import MeasuredMerchant

BLOCK = 65_536  #: rows drawn at once; fixed, so that the same row is the same whatever is asked for
SMOOTHING = 0.05  #: sd of what is added to a figure, in its own sd
_DISTINCT = 20  #: different values from which on a figure is taken for continuous
_STREAM = 2  #: of chance; merchants have their own

#: Columns that are no features, and what they hold.
FACTS: Mapping[str, pa.DataType] = {
    "merchant": pa.int64(),
    "measured": pa.bool_(),
    "drawn_from": pa.int64(),
    "trade": pa.string(),
    "city_tier": pa.int8(),
    "sales": pa.int64(),
    "disposable": pa.int64(),
    "debt_balance": pa.int64(),
    "debt_payment": pa.int64(),
    "asked": pa.int64(),
    "term": pa.int8(),
    "core_only": pa.bool_(),
    "has_brand": pa.bool_(),
    "has_personal": pa.bool_(),
    "failed_checks": pa.int8(),
    "outcome_defaulted": pa.bool_(),
    "outcome_days_past_due": pa.int16(),
    "outcome_fraud": pa.string(),
}
_AMOUNTS = ("sales", "disposable")
_ABOUT = {
    "about": "Invented merchants. measured: from raw accounts; otherwise drawn from the merchant drawn_from.",
    "amounts": "fen a month",
    "outcome": "30 or more days past due within 12 months; no outcome_ column may be a feature",
}


def schema(features: Sequence[str]) -> pa.Schema:
    """The columns of a table with these features."""
    columns = [pa.field(name, kind) for name, kind in FACTS.items()]
    columns += [pa.field(name, pa.float64()) for name in features]
    return pa.schema(columns, metadata=_ABOUT)


def feature_names(measured: Sequence[MeasuredMerchant]) -> list[str]:
    """Every feature that any of them has, in the order in which they are measured."""
    return list(dict.fromkeys(name for one in measured for name in one.features))


def table(measured: Sequence[MeasuredMerchant], features: Sequence[str]) -> pa.Table:
    """One row a merchant as it was measured."""
    facts = [_facts(one) for one in measured]
    known = [one.features for one in measured]
    columns = {name: [row[name] for row in facts] for name in FACTS}
    columns |= {name: [row.get(name) for row in known] for name in features}
    return pa.table(columns, schema=schema(features))


def _facts(one: MeasuredMerchant) -> Mapping[str, object]:
    merchant, asked = one.merchant, one.merchant.application
    return {
        "merchant": merchant.number,
        "measured": True,
        "drawn_from": merchant.number,
        "trade": asked["trade"],
        "city_tier": merchant.city_tier,
        **one.amounts(),
        "debt_balance": asked["debt_balance"],
        "debt_payment": asked["debt_payment"],
        "asked": asked["amount"],
        "term": asked["term"],
        "core_only": one.business is None or one.business.core_only,
        "has_brand": merchant.brand is not None,
        "has_personal": merchant.personal is not None,
        "failed_checks": one.failed_checks,
        "outcome_defaulted": merchant.outcome.defaulted,
        "outcome_days_past_due": merchant.outcome.days_past_due,
        "outcome_fraud": ",".join(merchant.outcome.frauds),
    }


@dataclass(frozen=True)
class Pool:
    """Measured merchants to draw further rows from."""

    measured: pa.Table
    seed: int

    def rows(self, count: int, first: int) -> Iterator[pa.Table]:
        """Rows for merchants `first` to `first + count - 1`, block by block."""
        last = first + count
        for block in range(first // BLOCK, -(-last // BLOCK)):
            drawn = self._block(block)
            low, high = max(first, block * BLOCK), min(last, (block + 1) * BLOCK)
            yield drawn.slice(low - block * BLOCK, high - low)

    def _block(self, block: int) -> pa.Table:
        """All rows of a block: each a measured merchant with its continuous figures a little moved."""
        dice = np.random.default_rng([self.seed, _STREAM, block])
        source = dice.integers(0, self.measured.num_rows, BLOCK)
        drawn = self.measured.take(pa.array(source))
        columns = dict(zip(drawn.column_names, drawn.columns, strict=True))
        columns["merchant"] = pa.array(np.arange(block * BLOCK, (block + 1) * BLOCK))
        columns["measured"] = pa.array(np.zeros(BLOCK, bool))
        for name, spread in self._continuous.items():
            columns[name] = spread.moved(columns[name], dice)
        return pa.table(columns, schema=self.measured.schema)

    @cached_property
    def _continuous(self) -> Mapping[str, "Spread"]:
        """Features and rebuilt amounts with enough different values."""
        names = [*_AMOUNTS, *(name for name in self.measured.column_names if name not in FACTS)]
        known = {name: self.measured[name].drop_null().to_numpy().astype(float) for name in names}
        return {
            name: Spread(
                float(values.std()), float(values.min()), float(values.max()), not (values % 1).any()
            )
            for name, values in known.items()
            if len(np.unique(values)) > _DISTINCT
        }


@dataclass(frozen=True)
class Spread:
    """Between what, and how far apart, the measured values of a figure lie."""

    deviation: float
    least: float
    most: float
    whole: bool

    def moved(self, column: pa.ChunkedArray, dice: np.random.Generator) -> pa.Array:
        """A little noise within the values measured; whole numbers stay whole, and nothing stays nothing."""
        values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        noise = SMOOTHING * self.deviation * dice.standard_normal(len(values))
        moved = np.round(np.clip(values + noise, self.least, self.most), 0 if self.whole else 6)
        return pa.array(np.where(values == 0, 0.0, moved), from_pandas=True).cast(column.type)
