"""A changed case is judged by what changed alone: to the last figure the verdict of a whole judgement."""

from collections.abc import Callable
from dataclasses import fields
from decimal import Context, localcontext
from typing import Any

import pytest
from hypothesis import given, settings

from scoring import business, checks, scorecard, turnover
from scoring.application import Application, read
from scoring.business import Shop
from scoring.cases import Case, Verdict
from scoring.judge import judge, judge_again
from scoring.levers import LEVERS, Ground
from tests.scoring import builders
from tests.scoring.test_improve import changes, core_or_full, known, situation

LENDER = builders.lender()
MODELS = (builders.model(), scorecard.load())
NAMES = {each.name for each in fields(Application)}


@given(core_or_full, changes, known)
@settings(deadline=None, max_examples=60)
def test_one_change_and_two_give_the_verdict_of_a_whole_judgement(
    core: bool, answers: dict[str, Any], accounts: dict[str, Any]
) -> None:
    case = situation(core, answers, accounts)
    with localcontext(Context(prec=28)):
        for model in MODELS:
            verdict = judge(case, model, LENDER)

            def whole(changed: Case, model: scorecard.Scorecard = model) -> Verdict:
                return judge(changed, model, LENDER)

            once = moved(Ground(case, verdict, model, LENDER, whole))
            twice = [
                again for first in once for again in moved(Ground(first, whole(first), model, LENDER, whole))
            ]
            for changed in (*once, *twice):
                assert judge_again(changed, case, verdict, model, LENDER) == whole(changed)


def moved(ground: Ground) -> list[Case]:
    return [move.case for lever in LEVERS for move in lever.moves(ground)]


class Watched(Application):
    """Answers that remember which of them were looked at."""

    def __getattribute__(self, name: str) -> Any:
        if name in NAMES:
            object.__getattribute__(self, "__dict__").setdefault("looked at", set()).add(name)
        return object.__getattribute__(self, name)


def watched(answers: dict[str, Any], look: Callable[[Watched], object]) -> set[str]:
    """Which answers are looked at beside those that the month is rebuilt from."""
    application = Watched(**vars(read(answers)))
    look(application)
    found: set[str] = vars(application).get("looked at", set())
    return found - turnover.ANSWERS


ANSWERED = [
    builders.answers(),
    builders.core_answers(),
    builders.answers(pre_shock_sales=9_000_000, pre_shock_month="2019-08", purpose=["rent", "payroll"]),
    builders.answers(trade="gym", prepaid_balance=2_000_000, debt_balance=5_000_000, debt_payment=300_000),
]


@pytest.mark.parametrize("rule", checks.CHECKS, ids=lambda rule: rule.id)
def test_a_check_looks_at_no_answer_that_it_does_not_declare(rule: checks.Rule) -> None:
    for answers in ANSWERED:
        assert watched(answers, lambda given: rule.run(looked_over(given))) <= rule.answers


def looked_over(given: Application) -> checks.Case:
    trade = LENDER.trades[given.trade or ""]
    month = turnover.rebuild(given, trade, LENDER)
    assert month
    vars(given).pop("looked at")
    return checks.Case(given, trade, month, builders.DAY, builders.measured().trail)


@pytest.mark.parametrize("row", business.TABLE, ids=lambda row: row.feature.name)
def test_a_figure_looks_at_no_answer_that_it_does_not_declare(row: business.Figure) -> None:
    for answers in ANSWERED:
        assert watched(answers, lambda given: row.measure(shop(given))) <= row.answers


def shop(given: Application) -> Shop:
    return Shop(given, builders.DAY, looked_over(given).business, {}, enterprise=False)


def test_a_month_is_rebuilt_from_no_other_answers() -> None:
    for answers in ANSWERED:
        assert watched(answers, rebuilt) == set()


def rebuilt(given: Application) -> object:
    return turnover.rebuild(given, LENDER.trades[given.trade or ""], LENDER)
