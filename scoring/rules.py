"""What no answer can outweigh, what a machine must not decide, and what leaves a doubt for a person."""

from collections.abc import Iterator

from scoring import limits
from scoring.cases import Case
from scoring.decision import Check, Reason
from scoring.limits import Limit
from scoring.months import Month
from scoring.policy import Policy
from scoring.scorecard import Scored
from scoring.verdicts import FAIL

CHECK_REASONS = {"X1": "R02", "X1b": "R02", "X8": "R03", "X11": "R11"}  #: others: a person looks, R20


def refer(code: str, **values: str | int | float) -> Reason:
    return Reason(code, "refers", 0, values)


def decline(code: str, **values: str | int | float) -> Reason:
    return Reason(code, "declines", 0, values)


def forbidden(case: Case, policy: Policy) -> Iterator[Reason]:
    """Rules that no answer can outweigh."""
    if case.application.consent == "under_18":
        yield decline("R22")
    for purpose in case.application.purpose or ():
        if purpose in policy.rules.purposes.black:
            yield decline("R18", purpose=purpose)
    months, least = case.months_open, policy.rules.decline_months_open_below
    if months is not None and months < least:
        yield decline("R04", months=months, until=_lapses(case, least))


def _lapses(case: Case, months: int) -> str:
    """The month in which the shop will have been open so long."""
    return str((case.application.opened or Month.of(case.day)).plus(months))


_NEEDED = ("role", "trade", "opened", "debt_balance", "debt_payment", "purpose")


def needs_person(case: Case, policy: Policy) -> Iterator[Reason]:
    """What a machine must not decide, whatever the figures."""
    application = case.application
    yield from (refer("R19", source=source) for source in case.unavailable)
    if application.consent != "agree":
        yield refer("R16", missing="consent")
    if application.role == "manager":
        yield refer("R17")
    if application.trade is not None and application.trade not in policy.trades:
        yield refer("R20", why="trade")
    if application.licence in (None, "none"):
        yield refer("R12")
    if not set(application.purpose or ()) <= policy.rules.purposes.white:
        yield refer("R20", why="purpose")
    if limits.highest_rate(policy.rules, case.day) is None:
        yield refer("R19", source="lpr")
    yield from (refer("R16", missing=name) for name in _NEEDED if getattr(application, name) is None)


def doubts(
    checked: tuple[Check, ...], scored: Scored, best: Limit | None, policy: Policy
) -> Iterator[Reason]:
    """What a person has to look at after all: answers at odds, a middling risk, a large limit."""
    yield from (_at_odds(check) for check in checked if check.verdict == FAIL)
    review = policy.rules.review
    if review.pd_above < scored.pd <= policy.rules.grades[-2].pd_max:
        yield refer("R20", why="risk")
    if best and best.principal > review.limit_above:
        yield refer("R20", why="size", limit_fen=best.principal)


def _at_odds(check: Check) -> Reason:
    shown = {} if check.value is None else {"value": check.value}
    code = CHECK_REASONS.get(check.id)
    if code:
        return refer(code, check=check.id, **shown)
    return refer("R20", why="check", check=check.id, **shown)
