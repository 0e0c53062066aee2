"""Cross-checks: does one answer agree with the others? Each gives its figure and a verdict, none accuses.

After the credit officer's practice: rebuild a small firm's statements and check each figure by another.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring import manner, trail, turnover, worth
from scoring.application import MARGIN_MIDPOINTS, Application
from scoring.decision import Check
from scoring.manner import Conversation
from scoring.months import Month
from scoring.trades import Band, Trade
from scoring.trail import Trail
from scoring.turnover import Business
from scoring.verdicts import FAIL, PASS, SKIPPED, WARN, graded, mildest, worst

MOST_MONTHS = 6  #: of the purposes' own cost that may be asked for
LEAST_PAY, MOST_PAY = 150_000, 3_000_000  #: fen a head and month outside which a payroll cannot be right


@dataclass(frozen=True)
class Case:
    """What a check may look at."""

    application: Application
    trade: Trade
    business: Business
    day: date
    trail: Trail | None = None  #: of the shop's account, where it could be read
    conversation: Conversation = manner.UNKNOWN


def _within(value: Decimal, band: Band | None) -> str:
    return PASS if band is None or band.soft[0] <= value <= band.soft[1] else WARN


def _shown(name: str, value: Decimal | None, verdict: str) -> Check:
    return Check(name, None if value is None else round(float(value), 4), verdict)


def _skipped(name: str) -> Check:
    return Check(name, None, SKIPPED)


def headline(case: Case) -> Check:
    """X1: stated sales above the median of the other reconstructions; only too much counts."""
    others = [value for name, value in case.business.reconstructions.items() if name != "V2"]
    stated = case.business.reconstructions.get("V2")
    if stated is None or not others:
        return _skipped("X1")
    usual = statistics.median(others)
    if not usual:
        return Check("X1", None, FAIL)
    value = stated / usual - 1
    return _shown("X1", value, graded(value, "0.25", "0.50"))


def spread(case: Case) -> Check:
    """X1b: the largest reconstruction against the smallest, over those that are reliable in this trade."""
    values = [v for name, v in case.business.reconstructions.items() if name in case.trade.consistency]
    if len(values) < 2:
        return _skipped("X1b")
    if not min(values):
        return Check("X1b", None, FAIL)
    value = max(values) / min(values) - 1
    return _shown("X1b", value, graded(value, "0.60", "0.95"))


def margin(case: Case) -> Check:
    """X2: the best seller's margin against the trade's bands."""
    value, band = turnover.stated_margin(case.application), case.trade.gross_margin
    if value is None:
        return _skipped("X2")
    impossible = band.hard is not None and not band.hard[0] <= value <= band.hard[1]
    return _shown("X2", value, FAIL if impossible else _within(value, band))


def capacity(case: Case) -> Check:
    """X3: orders a day against what the tables, stations or rooms can take."""
    room, orders, size = case.trade.capacity, case.application.orders_per_day, case.application.capacity
    if room is None or orders is None or size is None:
        return _skipped("X3")
    value = Decimal(orders) / (size * room.most_orders_a_day)
    return _shown("X3", value, graded(value, "1.0", "1.3"))


def rent(case: Case) -> Check:
    """X4: rent as a share of dependable sales."""
    if case.application.rent is None:
        return _skipped("X4")
    value, (low, high) = case.business.rent / case.business.sales, case.trade.rent.soft
    absurd = value > 2 * high or value < low * Decimal("0.3")
    return _shown("X4", value, FAIL if absurd else _within(value, case.trade.rent))


def staff(case: Case) -> Check:
    """X5: payroll as a share of sales (the figure shown), sales a head, and pay a head."""
    people, payroll = case.application.staff_count, case.application.payroll
    if people is None or payroll is None:
        return _skipped("X5")
    share, sales_per_head = payroll / case.business.sales, case.business.sales / (people + 1) / 100
    verdict = worst(_within(share, case.trade.payroll), _within(sales_per_head, case.trade.sales_per_head))
    if people and not LEAST_PAY <= payroll / people <= MOST_PAY:
        verdict = FAIL
    return _shown("X5", share, verdict)


def equity(case: Case) -> Check:
    """X6: what should be there after all these months against what is there.

    Much less points to debts not named or losses, much more to money from outside.
    """
    due = worth.due(case.application, case.business, case.day)
    actual = worth.held(case.application, prepaid=case.trade.prepaid)
    if due is None or actual is None:
        return _skipped("X6")
    if due <= 0:
        return Check("X6", None, WARN)
    value = actual / due - 1
    if value < _GONE or value > 1:
        return _shown("X6", value, FAIL)
    return _shown("X6", value, PASS if abs(value) <= _NEAR else WARN)


_GONE, _NEAR = Decimal("-0.6"), Decimal("0.30")


def stock(case: Case) -> Check:
    """X7: days the stock lasts (the figure shown), and receivables against monthly sales."""
    given, sales = case.application, case.business.sales
    cost_a_month = (1 - case.business.gross_margin) * sales
    if given.stock_value is None or cost_a_month <= 0:
        return _skipped("X7")
    days, band = given.stock_value / cost_a_month * 30, case.trade.inventory_days
    verdict = worst(_within(days, band), graded((given.receivables or 0) / sales, "1", "2"))
    return _shown("X7", days, FAIL if band and days > 2 * band.soft[1] else verdict)


def season(case: Case) -> Check:
    """X9: last month against the month before a shock, or the same month a year ago, in season.

    A claimed shock (last month below what the season explains) is kept as a figure, judged by nobody.
    """
    stated, before = case.application.sales_last_month, case.application.pre_shock_sales
    if not stated or not before:
        return _skipped("X9")
    expected = before * _season_ratio(case.application, Month.of(case.day).plus(-1))
    if stated < expected:
        return _shown("X9", Decimal(stated) / before, SKIPPED)
    value = stated / expected - 1
    return _shown("X9", value, graded(value, "0.3", "0.6"))


def _season_ratio(given: Application, last: Month) -> Decimal:
    """What the season alone makes of sales between the month that was named and the last one."""
    if given.pre_shock_month is None or not given.low_season_share:
        return Decimal(1)
    return _season(given, last.month) / _season(given, given.pre_shock_month.month)


def _season(given: Application, month: int) -> Decimal:
    """1 in peak months, the low share in low ones, half way in all others."""
    low = given.low_season_share or Decimal(1)
    if month in (given.peak_months or ()):
        return Decimal(1)
    return low if month in (given.low_months or ()) else (1 + low) / 2


def net_margin(case: Case) -> Check:
    """X10: the net margin the merchant named against the one rebuilt, relative to the named one.

    A margin is a small rest of large figures: honest errors alone move it by some hundredths of sales, which
    is most of a small margin. So the gap must be wide as a share of sales as well.
    """
    if case.application.net_margin is None:
        return _skipped("X10")
    named = Decimal(MARGIN_MIDPOINTS[case.application.net_margin])
    gap = abs(named - case.business.profit / case.business.sales)
    value = gap / max(named, Decimal("0.05"))
    return _shown("X10", value, mildest(graded(value, "0.3", "0.6"), graded(gap, "0.10", "0.25")))


def monthly_cost(given: Application) -> int | None:
    """What the declared purposes cost in a month, None where one of them is not known by a monthly figure."""
    costs = {"stock_purchase": given.purchases, "rent": given.rent, "payroll": given.payroll}
    monthly = [costs.get(name) for name in given.purpose or ()]
    return None if None in monthly else sum(cost or 0 for cost in monthly)


def purpose(case: Case) -> Check:
    """X11: how many months of the declared purposes' own cost the amount asked for would pay."""
    asked, monthly = case.application.amount, monthly_cost(case.application)
    if asked is None or not monthly:
        return _skipped("X11")
    value = Decimal(asked) / monthly
    return _shown("X11", value, graded(value, "3", str(MOST_MONTHS)))


def origin(case: Case) -> Check:
    """X12: opening date, city and trade against the shop's account; the figure is the months between."""
    if case.trail is None:
        return _skipped("X12")
    gap, verdict = trail.agreement(case.trail, case.application)
    return Check("X12", None if gap is None else float(gap), verdict)


def given_how(case: Case) -> Check:
    """X13: how many signs that the answers were not looked up; at most a hint to a person, never more."""
    found = manner.signs(case.application, case.conversation)
    if found is None:
        return _skipped("X13")
    return Check("X13", float(len(found)), WARN if found else PASS)


def debt_service(payment: int, instalment: int, disposable: Decimal) -> Check:
    """X8: existing payments and the new instalment against the cash left before debt."""
    if disposable <= 0:
        return _skipped("X8")
    value = Decimal(payment + instalment) / disposable
    return _shown("X8", value, graded(value, "0.5", "0.7"))


@dataclass(frozen=True)
class Rule:
    """A check, the answers that it looks at beside the rebuilt month, and those that must not be assumed."""

    id: str
    judge: Callable[[Case], Check]
    answers: frozenset[str]
    needs: frozenset[str] = frozenset()

    def run(self, case: Case) -> Check:
        """A check whose only missing figure was assumed is skipped: a typical value agrees with itself."""
        assumed = case.business.assumed
        return _skipped(self.id) if assumed and not self.needs.isdisjoint(assumed) else self.judge(case)


def _rule(id: str, judge: Callable[[Case], Check], answers: str = "", needs: str = "") -> Rule:
    return Rule(id, judge, frozenset(answers.split()), frozenset(needs.split()))


#: Every check but X8, which needs the offer.
CHECKS = (
    _rule("X1", headline),
    _rule("X1b", spread),
    _rule("X2", margin, "best_seller_price best_seller_cost"),
    _rule("X3", capacity, "orders_per_day capacity"),
    _rule("X4", rent, "rent"),
    _rule("X5", staff, "staff_count payroll"),
    _rule(
        "X6",
        equity,
        " ".join(worth.ANSWERS),
        needs="other_costs household_spend other_income rent payroll",
    ),
    _rule("X7", stock, "stock_value receivables"),
    _rule(
        "X9",
        season,
        "sales_last_month pre_shock_sales pre_shock_month peak_months low_months low_season_share",
    ),
    _rule("X10", net_margin, "net_margin", needs="other_costs rent payroll"),
    _rule("X11", purpose, "amount purpose purchases rent payroll"),
    _rule("X12", origin, "opened city trade"),
    _rule("X13", given_how, " ".join(manner.ANSWERS)),
)
BEFORE_X8 = next(place for place, rule in enumerate(CHECKS) if rule.id == "X9")


def run(case: Case) -> tuple[Check, ...]:
    """Every check but X8."""
    return tuple([rule.run(case) for rule in CHECKS])


def run_again(case: Case, changed: frozenset[str], found: tuple[Check, ...]) -> tuple[Check, ...]:
    """The same for a case of the same month with some answers changed; `found` holds all checks before."""
    before = (*found[:BEFORE_X8], *found[BEFORE_X8 + 1 :])
    if not changed:
        return before
    pairs = zip(CHECKS, before, strict=True)
    return tuple([known if rule.answers.isdisjoint(changed) else rule.run(case) for rule, known in pairs])
