"""What is plausible in a trade: bands of shares, as the trades file holds them."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, model_validator

from scoring.forms import Form

Reconstruction = Literal["V1", "V2", "V3", "V4"]


class Band(Form):
    """Limits outside which to refuse (`hard`) or to doubt (`soft`), and the usual value between."""

    hard: tuple[Decimal, Decimal] | None = None
    soft: tuple[Decimal, Decimal]
    typical: Decimal | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "Band":
        low, high = self.soft
        if low > high or (self.hard and not self.hard[0] <= low <= high <= self.hard[1]):
            raise ValueError("should rise: hard low <= soft low <= soft high <= hard high")
        return self

    @cached_property
    def middle(self) -> Decimal:
        """The typical value, or the middle of the soft band where none is held."""
        return sum(self.soft, Decimal(0)) / 2 if self.typical is None else self.typical

    def cautious(self, caution: Decimal, *, low: bool) -> Decimal:
        """The middle moved by the share `caution` towards the low or the high end of the soft band."""
        end = self.soft[0] if low else self.soft[1]
        return self.middle + caution * (end - self.middle)


class Capacity(Form):
    unit: str
    most_orders_a_day: int = Field(ge=1)


class Trade(Form):
    source: str
    sales: Band
    gross_margin: Band
    rent: Band
    payroll: Band
    utilities: Band | None
    net_margin: Band
    staff: Band | None
    sales_per_head: Band | None
    peak_to_low: Band
    inventory_days: Band | None
    unit: Mapping[str, Any] | None
    prepaid: bool
    capacity: Capacity | None
    consistency: tuple[Reconstruction, ...] = Field(min_length=2)  #: which reconstructions check X1b compares

    @cached_property
    def other_costs(self) -> Decimal:
        """The share of sales left for other costs when everything else is typical, never below zero."""
        known = self.rent.middle + self.payroll.middle + self.net_margin.middle
        return max(Decimal(0), self.gross_margin.middle - known)


class TradesFile(Form):
    about: str
    version: str
    trades: Mapping[str, Trade]
    benchmark: Mapping[str, Any]
