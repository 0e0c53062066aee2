"""The rules in their order: what must be declined, what a person must see, and what limit the rest comes to.

Pure and total over a `Case`; finds, but words nothing and quotes no instalments.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring import business, checks, limits, turnover
from scoring.application import Application, changed
from scoring.business import Shop
from scoring.cases import Case, Verdict
from scoring.decision import Check, Outcome, Reason
from scoring.features import Measured
from scoring.limits import Limit, Standing
from scoring.money import round_fen
from scoring.policy import Policy
from scoring.rules import decline, doubts, forbidden, needs_person, refer
from scoring.scorecard import Scorecard, Scored
from scoring.turnover import Business
from scoring.verdicts import FAIL, WARN

Rules = tuple[Reason, ...]
Checks = tuple[Check, ...]


@dataclass(frozen=True)
class _Known:
    """What is found before a case is scored."""

    rules: Rules
    month: Business
    checks: Checks
    features: Measured


def operating_features(case: Case, found: Business, checked: Checks) -> Measured:
    """Figures of the shop for the points table, by their declared names."""
    return business.measure(_shop(case, found, checked))


def _shop(case: Case, found: Business, checked: Checks) -> Shop:
    values = {check.id: check.value for check in checked}
    return Shop(case.application, case.day, found, values, case.enterprise)


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
    checked = checks.run(checks.Case(case.application, trade, month, case.day, case.trail, case.conversation))
    features = {**operating_features(case, month, checked), **case.social, **case.supposed}
    return _weigh(case, _Known(rules, month, checked, features), model, policy)


def judge_again(case: Case, before: Case, verdict: Verdict, model: Scorecard, policy: Policy) -> Verdict:
    """What `judge` finds of a case like one already judged, without finding anew what cannot have changed.

    The cases may differ in answers, in which accounts there are, and in what is supposed; `before` supposes
    nothing.
    """
    differ = changed(before.application, case.application)
    month, trade = verdict.business, policy.trades.get(case.application.trade or "")
    if month is None or trade is None or not turnover.ANSWERS.isdisjoint(differ):
        return judge(case, model, policy)
    refused = tuple(forbidden(case, policy))
    if refused:
        return Verdict(Outcome.DECLINED, refused)
    looked = checks.Case(case.application, trade, month, case.day, case.trail, case.conversation)
    checked = checks.run_again(looked, differ, verdict.checks)
    anew = business.measure_again(_shop(case, month, checked), differ)
    features = {**verdict.features, **anew, **case.supposed}
    known = _Known(tuple(needs_person(case, policy)), month, checked, features)
    return _weigh(case, known, model, policy)


def _weigh(case: Case, known: _Known, model: Scorecard, policy: Policy) -> Verdict:
    """Score, grade, limits and outcome of a case whose month could be rebuilt."""
    scored = model.score(known.features)
    failed = any(check.verdict == FAIL for check in known.checks)
    grade = policy.rules.grade(scored.pd, policy.rules.failed_check_grade_steps if failed else 0)
    standing = Standing(
        application=case.application,
        business=known.month,
        grade=grade,
        pd=scored.pd,
        thin_file=not case.has_brand,
        brand_only=case.has_brand and not case.has_personal and policy.rules.brand_only_cap.enabled,
    )
    amounts = tuple(limits.per_product(standing, policy, case.day, case.months_open or 0))
    best = limits.largest(amounts)
    debts = _debt_service(case.application, known.month, best)
    checked = _in_order(known.checks, debts)
    # where nothing can be lent, debts that were named are a reason to decline, not a doubt about the answers
    doubtful = checked if best and best.principal else known.checks
    rules = (*known.rules, *doubts(doubtful, scored, best, policy))
    outcome, rules = _outcome(rules, scored, _room(best, known.month, debts), policy)
    return Verdict(outcome, rules, known.month, known.features, scored, grade, checked, amounts, best)


def _debt_service(application: Application, month: Business, best: Limit | None) -> Check:
    instalment = best.principal * best.terms.largest_instalment if best else Decimal(0)
    return checks.debt_service(application.debt_payment or 0, round_fen(instalment), month.disposable)


def _in_order(found: Checks, x8: Check) -> Checks:
    return (*found[: checks.BEFORE_X8], x8, *found[checks.BEFORE_X8 :])


def _outcome(
    rules: Rules, scored: Scored, room: tuple[Outcome, Rules], policy: Policy
) -> tuple[Outcome, Rules]:
    """To a person where anything asks for one, else declined for risk, else as the room for a loan says."""
    if rules:
        return Outcome.REFERRED, rules
    if scored.pd > policy.rules.grades[-2].pd_max:
        return Outcome.DECLINED, rules
    return room


#: Answers whose absence makes the rebuilt month poorer than the merchant may really be.
_HELPFUL = {"best_seller_price", "other_costs", "household_spend", "other_income", "rent", "payroll"}
_REFUSED: Mapping[str, str] = {"debt_room": "R03", "project": "R11"}


def _room(best: Limit | None, month: Business, debts: Check) -> tuple[Outcome, Rules]:
    """Approved where a product reaches its floor; else declined for what was answered, never for what was
    only assumed.
    """
    if best and best.principal:
        return Outcome.APPROVED, ()
    binding = best.binding if best else ""
    if binding == "afford" and _HELPFUL & set(month.assumed):
        return Outcome.REFERRED, (refer("R16", missing=month.assumed[0]),)
    if binding not in ("afford", *_REFUSED):
        return Outcome.REFERRED, (refer("R20", why="size" if best else "price"),)
    if binding != "afford":
        return Outcome.DECLINED, (decline(_REFUSED[binding]),)
    code, figure = ("R03", "repayments") if debts.verdict in (WARN, FAIL) else ("R01", "cash")
    return Outcome.DECLINED, (decline(code, figure=figure, disposable_fen=round_fen(month.disposable)),)
