"""What a shop should be worth to its owner after all these months, and what it is. Amounts in fen."""

from datetime import date
from decimal import Decimal

from scoring import turnover
from scoring.application import Application
from scoring.turnover import Business

PAST_PROFIT_KEPT = Decimal("0.7")  #: share of rebuilt past profit taken as truly earned
STARTED_IN_FIT_OUT = Decimal("0.8")  #: share of the start money that wears off
WEARS_OFF_IN = 60  #: months
ANSWERS = (
    *("opened", "invested", "invested_borrowed", "taken_out", "stock_value", "cash", "receivables"),
    *("fit_out_value", "prepaid_balance", "debt_balance"),
)


def fit_out_left(given: Application, day: date) -> Decimal | None:
    """The most that fit-out and equipment bought with the start money, borrowed or not, can still be worth.

    200,000 put in are worth at most 120,000 after 30 months; None where the money or the opening is unknown.
    """
    open_for = turnover.months_open(given, day)
    if given.invested is None or open_for is None:
        return None
    return given.invested * (1 - _worn(open_for))


def _worn(open_for: int) -> Decimal:
    """The share of the start money that has worn off after so many months."""
    return STARTED_IN_FIT_OUT * max(0, min(open_for, WEARS_OFF_IN)) / WEARS_OFF_IN


def due(given: Application, month: Business, day: date) -> Decimal | None:
    """Money put in and earned, less what was lived on, taken out and worn off; None where that is unknown."""
    open_for = turnover.months_open(given, day)
    if given.invested is None or given.taken_out is None or open_for is None:
        return None
    months = max(0, min(open_for, WEARS_OFF_IN))
    own = Decimal(given.invested - (given.invested_borrowed or 0))
    lived_on = max(Decimal(0), month.household - month.other_income) * months
    earned = PAST_PROFIT_KEPT * month.profit * months
    return own + earned - lived_on - given.taken_out - own * _worn(open_for)


def held(given: Application, *, prepaid: bool) -> Decimal | None:
    """What is owned less what is owed, unspent cards included; None where an answer is missing."""
    owned = (given.stock_value, given.cash, given.receivables, given.fit_out_value)
    cards = given.prepaid_balance if prepaid else given.prepaid_balance or 0
    if None in owned or cards is None or given.debt_balance is None:
        return None
    return Decimal(sum(value or 0 for value in owned) - given.debt_balance - cards)
