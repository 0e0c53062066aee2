"""What would raise the limit: each suggestion is scored again by the same rules, none is written by hand."""

from collections.abc import Iterator
from dataclasses import replace

from scoring import turnover
from scoring.application import Application
from scoring.decision import Improvement
from scoring.judge import Case, Verdict, judge
from scoring.policy import Policy
from scoring.scorecard import Scorecard

MOST = 3

Supposed = tuple[str, Case, dict[str, str | int | float]]


def suggestions(case: Case, verdict: Verdict, model: Scorecard, policy: Policy) -> tuple[Improvement, ...]:
    """Up to three changes that the applicant can make, best first, with the limit each alone would give."""
    found = []
    for code, supposed, values in _changes(case, verdict, policy):
        after = judge(supposed, model, policy).limit
        if after > verdict.limit:
            found.append(Improvement(code, after, values))
    return tuple(sorted(found, key=lambda better: (-better.limit_after, better.code))[:MOST])


def _changes(case: Case, verdict: Verdict, policy: Policy) -> Iterator[Supposed]:
    """Changes that could matter in this case; the code is that of the reason each would lift."""
    yield from _of_figures(case, verdict)
    yield from _of_time(case)
    yield from _of_accounts(case)
    if (case.social.get("brand_days_since_post") or 0) > 30:
        yield "R05", replace(case, supposed={"brand_days_since_post": 0.0}), {}
    features = verdict.features
    if features.get("qualification") == 1:
        yield "R12", replace(case, supposed={"qualification": 2.0}), {}
    if (features.get("lease_left") or 0) < 0:
        yield "R10", replace(case, supposed={"lease_left": 0.0}), {}
    if verdict.business and verdict.business.core_only:
        yield "R16", _with_details(case, verdict.business), {}


def _of_figures(case: Case, verdict: Verdict) -> Iterator[Supposed]:
    application = case.application
    if application.debt_balance or application.debt_payment:
        cleared = replace(application, debt_balance=0, debt_payment=0)
        yield "R03", replace(case, application=cleared), {"debt_fen": application.debt_balance or 0}


def _of_time(case: Case) -> Iterator[Supposed]:
    """The next birthday that counts: three, six or twelve months."""
    opened, months = case.application.opened, case.months_open
    target = next((mark for mark in (3, 6, 12) if months is not None and months < mark), None)
    if opened and target is not None and months is not None:
        older = replace(case.application, opened=opened.plus(months - target))
        yield "R04", replace(case, application=older), {"until": str(opened.plus(target))}


def _of_accounts(case: Case) -> Iterator[Supposed]:
    """An account that is there and says nothing yet: the least it would bring."""
    if not case.has_brand:
        yield "R06", replace(case, has_brand=True), {}
    elif not case.has_personal:
        yield "R13", replace(case, has_personal=True), {}


def _with_details(case: Case, business: turnover.Business) -> Case:
    """The details answered in line with the smallest figure given so far."""
    smallest = min(business.reconstructions.values())
    answered: Application = case.application
    if answered.purchases is None:
        answered = replace(answered, purchases=int(smallest * (1 - business.gross_margin)))
    return replace(case, application=answered)
