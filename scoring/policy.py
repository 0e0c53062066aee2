"""The lender's products and credit policy, read from files and checked; a wrong figure stops the load."""

import json
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from scoring import reading, release, trail
from scoring.application import PURPOSES
from scoring.forms import (
    Fen,
    Form,
    PolicyError,
    Rate,
    Share,
    canonical_toml,
    contents,
    fill,
    fingerprint,
    packaged,
)
from scoring.months import Month
from scoring.reading.tone import Reader
from scoring.trades import Trade, TradesFile

__all__ = ["Policy", "PolicyError", "load"]

GradeName = Literal["A+", "A", "B", "C", "D", "E"]


def _month(text: object) -> Month:
    try:
        return Month.read(str(text))
    except ValueError:
        raise ValueError('a month as "YYYY-MM"') from None


FileMonth = Annotated[Month, BeforeValidator(_month)]


class Product(Form):
    """One loan on offer."""

    code: str = Field(pattern="^[A-Z0-9]{3,12}$")
    source: str
    small: bool = False  #: for thin files, a brand account alone, and grades the others do not take
    cap: Fen
    floor: Fen
    step: Fen = Field(gt=0)
    term: int = Field(ge=1, le=60)
    interest_free: int = Field(ge=0, description="how many first instalments carry no interest")
    method: Literal["equal_principal", "two_stage", "annuity"]
    fee: Literal[0]  #: Civil Code 670: nothing is withheld, the merchant receives the principal
    min_months_open: int = Field(ge=0)
    grades: tuple[GradeName, ...]
    cohort: str
    offer_valid_days: int = Field(ge=1)

    @model_validator(mode="after")
    def _consistent(self) -> "Product":
        free = {"equal_principal": self.term, "annuity": 0}.get(self.method, self.interest_free)
        if self.interest_free != free or (self.method == "two_stage" and not 0 < free < self.term):
            raise ValueError(f"interest_free should fit the method {self.method} and the term")
        if self.floor > self.cap:
            raise ValueError("floor should not be above cap")
        return self


class ProductsFile(Form):
    about: str
    version: str
    products: tuple[Product, ...] = Field(min_length=1)


class Grade(Form):
    grade: GradeName
    pd_max: float = Field(gt=0, le=1)
    multiple: Share
    rate: Rate | None


class Price(Form):
    source: str
    funds: Rate
    costs: Rate
    margin: Rate
    loss_given_default: Share
    exposure_at_default: Share


class PaymentShare(Form):
    source: str
    first_loan: Share
    repeat_loan: Share


class OwnCapital(Form):
    source: str
    share_max: Share
    purposes: tuple[str, ...]


class Switch(Form):
    source: str
    enabled: bool


class CoreOnly(Form):
    source: str
    cap: Fen
    sales_share: Share


class Review(Form):
    source: str
    pd_above: float = Field(ge=0, le=1)
    limit_above: Fen


class HouseholdSpend(Form):
    source: str
    monthly: Fen


class OtherCostsLeast(Form):
    source: str
    share: Share


class Assumed(Form):
    source: str
    caution: Share
    household_spend: HouseholdSpend
    other_costs_least: OtherCostsLeast


class LenderType(Form):
    source: str
    rate_regime: str
    consumer_cap: Fen | None
    business_cap: Fen | None


class RateCap(Form):
    """The highest rate a regime allows: a fixed one, or a multiple of the one-year loan prime rate."""

    source: str
    cap: Rate | None = None
    lpr_multiple: Rate | None = None
    compare_on: Literal["compound", "nominal"]

    @model_validator(mode="after")
    def _one_of_both(self) -> "RateCap":
        if (self.cap is None) == (self.lpr_multiple is None):
            raise ValueError("should hold either cap or lpr_multiple")
        return self

    @cached_property
    def nominal(self) -> Decimal:
        """The fixed cap as a nominal rate of monthly instalments: 24 % compounded is 21.7 % nominal."""
        cap = self.cap or Decimal(0)
        return cap if self.compare_on == "nominal" else 12 * ((1 + cap) ** (Decimal(1) / 12) - 1)


class PrimeRate(Form):
    source: str
    start: FileMonth = Field(alias="from")
    end: FileMonth | None = Field(alias="to")
    value: Rate


class Purposes(Form):
    white: frozenset[str]
    black: frozenset[str]

    @model_validator(mode="after")
    def _known(self) -> "Purposes":
        unknown = (self.white | self.black) - PURPOSES
        if unknown or self.white & self.black:
            raise ValueError(f"each purpose once, from: {', '.join(sorted(PURPOSES))}")
        return self


class PolicyFile(Form):
    about: str
    version: str
    grades: tuple[Grade, ...] = Field(min_length=6, max_length=6)
    grade_base: Fen
    price: Price
    payment_share: PaymentShare
    turnover_multiple: Mapping[str, Rate]
    own_capital: OwnCapital
    debt_to_annual_sales_max: Share
    small_cap: Fen
    brand_only_cap: Switch
    core_only: CoreOnly
    decline_months_open_below: int = Field(ge=0)
    review: Review
    failed_check_grade_steps: int = Field(ge=0, le=5)
    assumed: Assumed
    lender_type: str
    lender_types: Mapping[str, LenderType]
    rate_caps: Mapping[str, RateCap]
    lpr_1y: tuple[PrimeRate, ...]
    purposes: Purposes

    @model_validator(mode="after")
    def _references_exist(self) -> "PolicyFile":
        bounds = [grade.pd_max for grade in self.grades]
        if bounds != sorted(bounds) or bounds[-1] != 1:
            raise ValueError("grades: pd_max should rise to 1")
        if self.lender_type not in self.lender_types:
            raise ValueError(f"lender_type: should be one of {', '.join(self.lender_types)}")
        for name, lender in self.lender_types.items():
            if lender.rate_regime not in self.rate_caps:
                raise ValueError(f"lender_types.{name}.rate_regime: should be a name of rate_caps")
        return self

    @cached_property
    def _bounds(self) -> list[float]:
        return [grade.pd_max for grade in self.grades]

    def grade(self, pd: float, steps_lower: int = 0) -> Grade:
        """The grade of a probability of default, lowered by so many steps; the last one at most."""
        place = bisect_left(self._bounds, pd) + steps_lower
        return self.grades[min(place, len(self.grades) - 1)]

    @property
    def rate_cap(self) -> RateCap:
        """The regime this lender's rates are capped by."""
        return self.rate_caps[self.lender_types[self.lender_type].rate_regime]

    def prime_rate(self, day: date) -> Decimal | None:
        """The one-year loan prime rate at a date, None where the table holds none."""
        month = Month.of(day)
        for entry in self.lpr_1y:
            if entry.start <= month and (entry.end is None or month <= entry.end):
                return entry.value
        return None


@dataclass(frozen=True)
class Policy:
    """Everything a lender decides; `version` changes with every figure in any of the files."""

    rules: PolicyFile
    products: tuple[Product, ...]
    trades: Mapping[str, Trade]
    reader: Reader
    surroundings: trail.Words
    version: str
    made_with: Mapping[str, str]  #: version and fingerprint of each file a decision is made with


def load(products: Path | None = None, policy: Path | None = None, trades: Path | None = None) -> Policy:
    """Read the lender's files, each the packaged one unless given.

    Raises `PolicyError` naming the file, the path in it and what it should hold.
    """
    files = [
        contents(products, "products.json"),
        contents(policy, "policy.json"),
        contents(trades, "trades.json"),
    ]
    catalogue = fill(ProductsFile, *files[0])
    rules = fill(PolicyFile, *files[1])
    known = fill(TradesFile, *files[2])
    missing = set(known.trades) - set(rules.turnover_multiple)
    if missing:
        raise PolicyError(f"{files[1][0]}: turnover_multiple: should hold {', '.join(sorted(missing))}")
    reader, around = reading.load(), packaged("surroundings.toml")
    marks = {
        "products": (catalogue.version, files[0][1]),
        "policy": (rules.version, files[1][1]),
        "trades": (known.version, files[2][1]),
        "surroundings": ("words", canonical_toml(around)),
    }
    made_with = {name: f"{version}@{fingerprint(raw)}" for name, (version, raw) in marks.items()}
    every = fingerprint(*(raw for _, raw in marks.values()), json.dumps(reader.name).encode())
    return Policy(
        rules,
        catalogue.products,
        known.trades,
        reader,
        trail.words(around),
        f"{rules.version}@{every}",
        {**made_with, "reader": reader.name, "code": release.version()},
    )
