"""Figures of the shop itself, declared beside the function that measures each; none is about the person.

Shares are of S*, the dependable month's sales. A figure whose answer was only assumed is None: the trade's
typical value says nothing about this shop.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from scoring import turnover, worth
from scoring.application import MARGIN_MIDPOINTS, Application
from scoring.declared import Feature
from scoring.months import Month
from scoring.turnover import Business

PLACES = 6
LEASE_TERM_ASSUMED = 12  #: months, where no term was answered


@dataclass(frozen=True)
class Shop:
    """What a figure may be made of."""

    application: Application
    day: date
    business: Business
    checked: Mapping[str, float | None]  #: what checks found, by their ids
    enterprise: bool  #: the shop's account is verified as a business


Measure = Callable[[Shop], float | None]


@dataclass(frozen=True)
class Figure:
    """A declared feature with what measures it."""

    feature: Feature
    measure: Measure
    answers: frozenset[str]  #: looked at beside the rebuilt month


def _figure(  # noqa: PLR0913 -- a declaration names everything about its figure
    *,
    id: str,
    formula: str,
    unit: str,
    direction: int,
    answers: str = "",
    missing: str = "its answers were not given",
) -> Callable[[Measure], Figure]:
    """Declare the function below as the feature of its name."""

    def declare(measure: Measure) -> Figure:
        named = partial(Feature, name=measure.__name__, id=id, group="business")
        feature = named(formula=formula, unit=unit, direction=direction, missing=missing)
        return Figure(feature, measure, frozenset(answers.split()))

    return declare


@_figure(
    id="Q3", answers="opened", formula="whole months from opening to the day", unit="months", direction=+1
)
def months_open(shop: Shop) -> float | None:
    return turnover.months_open(shop.application, shop.day)


@_figure(id="D", formula="disposable cash before debt / S*", unit="share", direction=+1, missing="never")
def cushion(shop: Shop) -> float | None:
    return _share(shop.business.disposable, shop)


@_figure(
    id="X1b",
    formula="largest / smallest reconstruction of sales - 1",
    unit="share",
    direction=-1,
    missing="fewer than two reconstructions can be compared in the trade",
)
def spread(shop: Shop) -> float | None:
    return shop.checked.get("X1b")


@_figure(
    id="X1",
    formula="stated sales / median of the other reconstructions - 1",
    unit="share",
    direction=-1,
    missing="sales were not stated, or nothing stands beside them",
)
def headline(shop: Shop) -> float | None:
    return shop.checked.get("X1")


@_figure(
    id="X6",
    answers=" ".join(worth.ANSWERS),
    formula="what the shop is worth / what it should be worth by its history - 1",
    unit="share",
    direction=0,
    missing="the details of its history were not answered, or it should be worth nothing",
)
def equity(shop: Shop) -> float | None:
    return shop.checked.get("X6")


@_figure(
    id="Q18/X6",
    answers="opened invested fit_out_value",
    formula="max(0, fit-out and equipment now - what the money put in can still be worth of them) / S*; "
    "money put in wears off to a fifth in 60 months",
    unit="months of sales",
    direction=-1,
    missing="fit-out, money put in or opening was not answered",
)
def unexplained_fit_out(shop: Shop) -> float | None:
    """Money that came from nowhere named: a debt that is not told of most often stands in the shop."""
    left = worth.fit_out_left(shop.application, shop.day)
    shown = shop.application.fit_out_value
    return None if left is None or shown is None else _share(max(Decimal(0), shown - left), shop)


@_figure(id="Q15", answers="debt_payment", formula="present debt payments / S*", unit="share", direction=-1)
def debt_service(shop: Shop) -> float | None:
    return _share(shop.application.debt_payment, shop)


@_figure(
    id="Q15/12",
    answers="debt_balance",
    formula="debts / (12 x S*)",
    unit="share of a year's sales",
    direction=-1,
)
def debt_share(shop: Shop) -> float | None:
    owed = shop.application.debt_balance
    return None if owed is None else _rounded(owed / (12 * shop.business.sales))


@_figure(
    id="Q12",
    answers="pre_shock_sales sales_last_month",
    formula="last month's sales / sales of the month before a shock",
    unit="share",
    direction=+1,
)
def sales_kept(shop: Shop) -> float | None:
    before, last = shop.application.pre_shock_sales, shop.application.sales_last_month
    return None if not before or last is None else last / before


@_figure(
    id="Q4",
    answers="licence licence_number",
    formula="0 no licence, 1 licence stated, 2 its number checked or the account verified as a business",
    unit="level",
    direction=+1,
)
def qualification(shop: Shop) -> float | None:
    licence = shop.application.licence
    if licence is None:
        return None
    if licence == "none":
        return 0.0
    return 2.0 if shop.enterprise or shop.application.licence_number else 1.0


@_figure(
    id="Q13",
    answers="lease_end term",
    formula="months the lease lasts beyond the last instalment",
    unit="months",
    direction=+1,
)
def lease_left(shop: Shop) -> float | None:
    ends, term = shop.application.lease_end, shop.application.term or LEASE_TERM_ASSUMED
    return None if ends is None else float(Month.of(shop.day).plus(term).until(ends))


@_figure(id="X4", answers="rent", formula="rent / S*", unit="share", direction=-1)
def rent_share(shop: Shop) -> float | None:
    return _share(shop.application.rent, shop)


@_figure(id="X5", answers="payroll", formula="payroll / S*", unit="share", direction=-1)
def payroll_share(shop: Shop) -> float | None:
    return _share(shop.application.payroll, shop)


@_figure(id="Q17", answers="amount", formula="amount asked for / S*", unit="months of sales", direction=-1)
def asked_multiple(shop: Shop) -> float | None:
    return _share(shop.application.amount, shop)


@_figure(
    id="X10",
    answers="net_margin",
    formula="net margin named - net margin rebuilt",
    unit="share",
    direction=-1,
    missing="no margin was named, or costs it is held against were assumed",
)
def margin_gap(shop: Shop) -> float | None:
    named = shop.application.net_margin
    if named is None or not _COSTS.isdisjoint(shop.business.assumed):
        return None
    return _rounded(Decimal(MARGIN_MIDPOINTS[named]) - shop.business.profit / shop.business.sales)


_COSTS = frozenset({"rent", "payroll", "other_costs"})


@_figure(
    id="Q18",
    answers="cash",
    formula="cash / (rent + payroll + other costs + household)",
    unit="months",
    direction=+1,
    missing="cash was not answered, or the shop has no costs",
)
def cash_months(shop: Shop) -> float | None:
    month = shop.business
    costs, cash = month.rent + month.payroll + month.other_costs + month.household, shop.application.cash
    return None if cash is None or costs <= 0 else _rounded(cash / costs)


@_figure(
    id="X7",
    answers="stock_value",
    formula="stock / ((1 - gross margin) x S*) x 30",
    unit="days",
    direction=0,
    missing="stock was not answered, or goods cost nothing",
)
def stock_days(shop: Shop) -> float | None:
    cost, held = (1 - shop.business.gross_margin) * shop.business.sales, shop.application.stock_value
    return None if held is None or cost <= 0 else _rounded(held / cost * 30)


def _share(part: int | Decimal | None, shop: Shop) -> float | None:
    return None if part is None else _rounded(part / shop.business.sales)


def _rounded(value: Decimal) -> float:
    return round(float(value), PLACES)


TABLE = (
    *(months_open, cushion, spread, headline, debt_service, debt_share),
    *(sales_kept, qualification, lease_left, rent_share, payroll_share),
    *(asked_multiple, margin_gap, cash_months, stock_days, equity, unexplained_fit_out),
)
NAMES = frozenset(row.feature.name for row in TABLE)


def measure(shop: Shop) -> Mapping[str, float | None]:
    """Every declared figure of the shop, by name; None where it is missing."""
    return {row.feature.name: row.measure(shop) for row in TABLE}


def measure_again(shop: Shop, changed: frozenset[str]) -> Mapping[str, float | None]:
    """The figures that changed answers can move, where the month stayed as it was."""
    return {row.feature.name: row.measure(shop) for row in TABLE if not row.answers.isdisjoint(changed)}
