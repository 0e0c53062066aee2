"""A month's figure that is said for a year, a week, a day or each person: 一年18万 is 15,000 a month."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from conversations.amounts import Quantity

#: the steps that ask for a month's figure
MONTHLY = frozenset(
    {
        *("sales_last_month", "rent", "payroll", "debt_payment", "purchases", "pre_shock_sales"),
        *("other_costs", "household_spend", "other_income"),
    }
)
OPEN = 28  #: days of a month on which a shop is open, where nobody has said how many
_EACH = re.compile("[每一](?:个人|人|位)|人均|each|per person")
_MONTH = re.compile("每个?月|一个月|月均|a month|per month|monthly")
_MONTHS = (
    (re.compile("半年|half a year|half-year"), Decimal(6)),
    (re.compile("[一每/]年|年[租付]|per year|a year|yearly|annual"), Decimal(12)),
    (re.compile("季|quarter"), Decimal(3)),
    (re.compile("[一每/](?:周|个?星期|个?礼拜)|a week|per week|weekly"), Decimal(12) / 52),
    (re.compile("[一每/]天|日均|a day|per day|each day|daily"), Decimal(1) / OPEN),
)


def by_the_month(told: Mapping[str, Quantity], said: str) -> Mapping[str, Quantity]:
    """The figures of some steps, each a month's, in whole yuan where it was said for another time.

    >>> by_the_month({"rent": Quantity(Decimal(180000))}, "一年18万")["rent"].value
    Decimal('15000')
    """
    months = Decimal(1) if _MONTH.search(said) else _months(said)
    people = told["staff_count"].value if "staff_count" in told and _EACH.search(said) else Decimal(1)
    times = {step: (people if step == "payroll" else 1) / months for step in MONTHLY & told.keys()}
    return {step: _times(quantity, times.get(step, Decimal(1))) for step, quantity in told.items()}


def for_each(told: Mapping[str, Quantity], said: str) -> bool:
    """Whether wages are said for each person: to be read back."""
    return "payroll" in told and _EACH.search(said) is not None


def _months(said: str) -> Decimal:
    return next((months for words, months in _MONTHS if words.search(said)), Decimal(1))


def _times(quantity: Quantity, by: Decimal) -> Quantity:
    return quantity if by == 1 else replace(quantity, value=(quantity.value * by).quantize(Decimal(1)))
