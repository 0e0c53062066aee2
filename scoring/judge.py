"""The rules in their order: what must be declined, what a person must see, and what limit the rest comes to.

Pure and total over a `Case`; finds, but words nothing and quotes no instalments.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from scoring import business, checks, limits, turnover
from scoring.application import Application
from scoring.business import Shop
from scoring.decision import Check, Outcome, Reason
from scoring.features import Measured
from scoring.limits import Limit, Standing
from scoring.manner import UNKNOWN, Conversation
from scoring.money import round_fen
from scoring.months import Month
from scoring.policy import Grade, Policy
from scoring.scorecard import Scorecard, Scored
from scoring.trail import Trail
from scoring.turnover import Business
from scoring.verdicts import FAIL

CHECK_REASONS = {"X1": "R02", "X1b": "R02", "X8": "R03", "X11": "R11"}  #: others: a person looks, R20


@dataclass(frozen=True)
class Case:
    """Everything known about one applicant on one day."""

    application: Application
    day: date
    social: Measured
    enterprise: bool  #: the shop's account is verified as a business
    has_brand: bool
    has_personal: bool
    unavailable: tuple[str, ...] = ()  #: accounts whose source failed or gave a part, "brand" or "personal"
    shown: Mapping[str, Any] = field(default_factory=dict)  #: of the accounts: `scoring.social.summary`
    supposed: Measured = field(default_factory=dict)  #: features set to a value, to see what would change
    trail: Trail | None = None  #: what the shop's own posts tell, where its account could be read
    conversation: Conversation = UNKNOWN  #: how the answers were given
    sources: Mapping[str, str] = field(default_factory=dict)  #: when each was read

    @cached_property
    def months_open(self) -> int | None:
        return turnover.months_open(self.application, self.day)


@dataclass(frozen=True)
class Verdict:
    """What the rules found; fields are None or empty where the case did not come so far."""

    outcome: Outcome
    rules: tuple[Reason, ...]
    business: Business | None = None
    features: Measured = field(default_factory=dict)
    scored: Scored | None = None
    grade: Grade | None = None
    checks: tuple[Check, ...] = ()
    limits: tuple[Limit, ...] = ()

    @cached_property
    def largest(self) -> Limit | None:
        return limits.largest(self.limits)

    @property
    def limit(self) -> int:
        """The limit in fen, provisional while a person has not decided."""
        return self.largest.principal if self.largest and self.outcome is not Outcome.DECLINED else 0


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


def operating_features(case: Case, found: Business, checked: tuple[Check, ...]) -> Measured:
    """Figures of the shop for the points table, by their declared names."""
    by_id = {check.id: check.value for check in checked}
    return business.measure(
        Shop(case.application, case.day, found, by_id.get("X1b"), by_id.get("X1"), case.enterprise)
    )


def judge(case: Case, model: Scorecard, policy: Policy) -> Verdict:
    """Apply the rules: forbidden things first, then what a person must see, then score, grade and limit."""
    refused = tuple(forbidden(case, policy))
    if refused:
        return Verdict(Outcome.DECLINED, refused)
    rules = tuple(needs_person(case, policy))
    trade = policy.trades.get(case.application.trade or "")
    month = turnover.rebuild(case.application, trade, policy) if trade else None
    if trade is None or month is None:
        return Verdict(Outcome.REFERRED, rules or (refer("R16", missing="sales_last_month"),))
    found = checks.run(checks.Case(case.application, trade, month, case.day, case.trail, case.conversation))
    return _weigh(case, model, policy, Verdict(Outcome.APPROVED, rules, month, checks=found))


def _weigh(case: Case, model: Scorecard, policy: Policy, so_far: Verdict) -> Verdict:
    """Score, grade and limits of a case whose month could be rebuilt."""
    month, found = so_far.business, so_far.checks
    assert month is not None  # noqa: S101 -- the only caller has rebuilt it
    features = {**operating_features(case, month, found), **case.social, **case.supposed}
    scored = model.score(features)
    failed = any(check.verdict == FAIL for check in found)
    grade = policy.rules.grade(scored.pd, policy.rules.failed_check_grade_steps if failed else 0)
    standing = Standing(
        application=case.application,
        business=month,
        grade=grade,
        pd=scored.pd,
        thin_file=not case.has_brand,
        brand_only=case.has_brand and not case.has_personal and policy.rules.brand_only_cap.enabled,
    )
    amounts = tuple(limits.per_product(standing, policy, case.day, case.months_open or 0))
    x8 = _debt_service(case.application, month, limits.largest(amounts))
    weighed = Verdict(
        so_far.outcome, so_far.rules, month, features, scored, grade, _in_order(found, x8), amounts
    )
    return _concluded(weighed, policy)


def _debt_service(application: Application, business: Business, best: Limit | None) -> Check:
    instalment = best.principal * best.terms.largest_instalment() if best else Decimal(0)
    return checks.debt_service(application.debt_payment or 0, round_fen(instalment), business.disposable)


def _in_order(found: tuple[Check, ...], x8: Check) -> tuple[Check, ...]:
    place = next(place for place, check in enumerate(found) if check.id == "X9")
    return (*found[:place], x8, *found[place:])


def _concluded(weighed: Verdict, policy: Policy) -> Verdict:
    """The outcome: to a person where anything asks for one, else declined for risk or room, else approved."""
    rules = (*weighed.rules, *_doubts(weighed, policy))
    assert weighed.scored is not None  # noqa: S101 -- only a scored verdict is concluded
    if rules:
        outcome = Outcome.REFERRED
    elif weighed.scored.pd > policy.rules.grades[-2].pd_max:
        outcome = Outcome.DECLINED
    elif not limits.offered(weighed.limits):
        outcome, rules = _no_room(weighed)
    else:
        outcome = Outcome.APPROVED
    return replace(weighed, outcome=outcome, rules=rules)


def _doubts(weighed: Verdict, policy: Policy) -> Iterator[Reason]:
    review, scored, best = policy.rules.review, weighed.scored, weighed.largest
    for check in weighed.checks:
        if check.verdict == FAIL:
            shown = {} if check.value is None else {"value": check.value}
            code = CHECK_REASONS.get(check.id)
            yield (
                refer(code, check=check.id, **shown)
                if code
                else refer("R20", why="check", check=check.id, **shown)
            )
    if scored and review.pd_above < scored.pd <= policy.rules.grades[-2].pd_max:
        yield refer("R20", why="risk")
    if best and best.principal > review.limit_above:
        yield refer("R20", why="size", limit_fen=best.principal)


#: Answers whose absence makes the rebuilt month poorer than the merchant may really be.
_HELPFUL = {"best_seller_price", "other_costs", "household_spend", "other_income", "rent", "payroll"}


def _no_room(weighed: Verdict) -> tuple[Outcome, tuple[Reason, ...]]:
    """No product reaches its floor: declined for what was answered, never for what was only assumed."""
    best, month = weighed.largest, weighed.business
    binding = best.binding if best else ""
    if month and binding == "afford" and _HELPFUL & set(month.assumed):
        return Outcome.REFERRED, (refer("R16", missing=month.assumed[0]),)
    codes: Mapping[str, str] = {"afford": "R01", "debt_room": "R03", "project": "R11"}
    if binding in codes and month:
        return Outcome.DECLINED, (decline(codes[binding], disposable_fen=round_fen(month.disposable)),)
    return Outcome.REFERRED, (refer("R20", why="size" if best else "price"),)
