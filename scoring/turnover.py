"""Rebuilds a shop's monthly sales from independent answers, and from them the cash it can spare.

    V1  good, normal and bad days of a week, times days open / 7
    V2  last month's sales as stated
    V3  orders a day x average ticket x days open
    V4  purchases / (1 - gross margin)

S* is the second smallest of four, the smallest of three, and 0.9 x the smaller of two. Amounts are fen a
month, as `Decimal` until they are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from scoring.application import Application
from scoring.months import Month
from scoring.policy import Assumed, Policy, PolicyFile
from scoring.trades import Trade

#: The answers that a month is rebuilt from: where none of them changed, neither did the month.
ANSWERS = frozenset(
    {
        *(
            "trade",
            "good_day",
            "normal_day",
            "bad_day",
            "good_days_per_week",
            "bad_days_per_week",
            "days_open",
        ),
        *("sales_last_month", "orders_per_day", "average_ticket", "purchases", "best_seller_price"),
        *("best_seller_cost", "rent", "payroll", "other_costs", "household_spend", "other_income"),
    }
)
ENOUGH = 3  #: from so many reconstructions on, no figure is held back


@dataclass(frozen=True)
class Business:
    """The shop's month as rebuilt; amounts in fen, `assumed` names the answers that were missing."""

    reconstructions: Mapping[str, Decimal]
    sales: Decimal  #: S*
    gross_margin: Decimal
    rent: Decimal
    payroll: Decimal
    other_costs: Decimal
    household: Decimal
    other_income: Decimal
    assumed: tuple[str, ...]

    @property
    def core_only(self) -> bool:
        """Fewer than three reconstructions: enough for a first limit only."""
        return len(self.reconstructions) < ENOUGH

    @cached_property
    def gross_profit(self) -> Decimal:
        return self.sales * self.gross_margin

    @cached_property
    def profit(self) -> Decimal:
        """What the shop leaves before the household lives on it."""
        return self.gross_profit - self.rent - self.payroll - self.other_costs

    @cached_property
    def disposable(self) -> Decimal:
        """D: cash left each month before debt is served."""
        return self.profit + self.other_income - self.household


def months_open(application: Application, day: date) -> int | None:
    return application.opened.until(Month.of(day)) if application.opened else None


def stated_margin(application: Application) -> Decimal | None:
    """1 - cost / price of the best seller."""
    price, cost = application.best_seller_price, application.best_seller_cost
    return 1 - Decimal(cost) / price if price and cost is not None else None


def gross_margin(application: Application, trade: Trade, caution: Decimal) -> Decimal:
    """The best seller's margin blended half and half with the trade's; else the trade's cautious one."""
    stated = stated_margin(application)
    if stated is None:
        return trade.gross_margin.cautious(caution, low=True)
    return (stated + trade.gross_margin.middle) / 2


def _by_day_kinds(application: Application) -> Decimal | None:
    """V1; None as well where good and bad days together exceed the week."""
    amounts = (application.good_day, application.normal_day, application.bad_day)
    good, bad = application.good_days_per_week, application.bad_days_per_week
    if None in amounts or good is None or bad is None or good + bad > 7:
        return None
    days = (good, 7 - good - bad, bad)
    week = sum((amount or 0) * times for amount, times in zip(amounts, days, strict=True))
    return Decimal(week) / 7 * application.opening_days


def _by_orders(application: Application) -> Decimal | None:
    orders, ticket = application.orders_per_day, application.average_ticket
    return None if orders is None or ticket is None else Decimal(orders) * ticket * application.opening_days


def reconstructions(application: Application, margin: Decimal) -> dict[str, Decimal]:
    """V1 to V4 by name, those that the answers allow."""
    stated, purchases = application.sales_last_month, application.purchases
    values = {
        "V1": _by_day_kinds(application),
        "V2": None if stated is None else Decimal(stated),
        "V3": _by_orders(application),
        "V4": None if purchases is None or margin >= 1 else purchases / (1 - margin),
    }
    return {name: value for name, value in values.items() if value is not None}


def dependable_sales(values: Mapping[str, Decimal], rules: PolicyFile) -> Decimal | None:
    """S*, None from fewer than two reconstructions or where it comes to nothing.

    The second smallest of four resists one answer dressed up, and mostly two; it costs the honest about 4 %.
    """
    ranked = sorted(values.values())
    if len(ranked) < 2:
        return None
    share = rules.core_only.sales_share if len(ranked) < ENOUGH else 1
    return ranked[1 if len(ranked) > ENOUGH else 0] * share or None


@dataclass(frozen=True)
class _Gaps:
    """Fills unanswered figures with cautious ones of the trade and remembers which."""

    application: Application
    trade: Trade
    sales: Decimal
    assumed: Assumed
    names: list[str]

    def given(self, name: str, otherwise: Decimal) -> Decimal:
        answer: int | None = getattr(self.application, name)
        if answer is None:
            self.names.append(name)
            return otherwise
        return Decimal(answer)

    def rent(self) -> Decimal:
        return self.given("rent", self.sales * self.trade.rent.cautious(self.assumed.caution, low=False))

    def payroll(self) -> Decimal:
        return self.given(
            "payroll", self.sales * self.trade.payroll.cautious(self.assumed.caution, low=False)
        )

    def other_costs(self) -> Decimal:
        """A share of sales, whatever rent and wages are: between a part of the trade's implied one and all.

        The implied one is what the trade's typical margin leaves after rent, wages and net margin. Wear, the
        owner's own hands and lost goods are in it, so what is paid in cash lies between `share` of it and
        the whole; it is taken `caution` of the way up.
        """
        least = self.assumed.other_costs_least.share
        part = least + self.assumed.caution * (1 - least)
        return self.given("other_costs", self.sales * self.trade.other_costs * part)


def rebuild(application: Application, trade: Trade, policy: Policy) -> Business | None:
    """The shop's month, None where fewer than two reconstructions of its sales exist."""
    rules = policy.rules
    margin = gross_margin(application, trade, rules.assumed.caution)
    values = reconstructions(application, margin)
    sales = dependable_sales(values, rules)
    if sales is None:
        return None
    gaps = _Gaps(application, trade, sales, rules.assumed, [])
    if stated_margin(application) is None:
        gaps.names.append("best_seller_price")
    rent, payroll = gaps.rent(), gaps.payroll()
    other_costs = gaps.other_costs()
    household = gaps.given("household_spend", Decimal(rules.assumed.household_spend.monthly))
    return Business(
        reconstructions=values,
        sales=sales,
        gross_margin=margin,
        rent=rent,
        payroll=payroll,
        other_costs=other_costs,
        household=household,
        other_income=gaps.given("other_income", Decimal(0)),
        assumed=tuple(gaps.names),
    )
