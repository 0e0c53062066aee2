"""Reasons are true: setting what stands behind one to neutral moves the score the way the reason says."""

from dataclasses import replace
from decimal import Context, localcontext
from typing import Any

from hypothesis import given, settings

from scoring import registry
from scoring.cases import Case, Verdict
from scoring.decision import Reason
from scoring.judge import judge
from scoring.reasons import EACH_WAY, explain
from tests.scoring import builders
from tests.scoring.test_improve import changes, core_or_full, known, situation

MODEL, LENDER = builders.model(), builders.lender()
BUNDLED = registry.model()


def judged(case: Case) -> Verdict:
    with localcontext(Context(prec=28)):
        return judge(case, MODEL, LENDER)


def neutralised(case: Case, verdict: Verdict, reason: Reason) -> Case:
    """The case with every feature that gave points to the reason at its neutral value."""
    assert verdict.scored
    sign = 1 if reason.points > 0 else -1
    behind = {
        row.name: row.neutral
        for row in MODEL.table.features
        if verdict.scored.contributions[row.name] * sign > 0
        and (row.raises if sign > 0 else row.lowers) == reason.code
        and verdict.features.get(row.name) is not None
    }
    assert behind, reason
    return replace(case, supposed={**case.supposed, **behind})


@given(core_or_full, changes, known)
@settings(deadline=None)
def test_flipping_any_reason_to_neutral_moves_the_score_its_way(
    core: bool, answers: dict[str, Any], accounts: dict[str, Any]
) -> None:
    case = situation(core, answers, accounts)
    verdict = judged(case)
    for reason in explain(case, verdict, MODEL):
        if not reason.points:
            continue
        flipped = judged(neutralised(case, verdict, reason)).scored
        assert verdict.scored
        assert flipped
        assert (flipped.points > verdict.scored.points) == (reason.points < 0)
        assert abs(verdict.scored.points - flipped.points - reason.points) < 1.01


@given(core_or_full, changes, known)
@settings(deadline=None)
def test_there_are_four_each_way_at_most_and_each_is_said_once(
    core: bool, answers: dict[str, Any], accounts: dict[str, Any]
) -> None:
    case = situation(core, answers, accounts)
    found = explain(case, judged(case), MODEL)

    for effect in ("lowers", "raises"):
        codes = [reason.code for reason in found if reason.effect == effect]
        assert len(codes) == len(set(codes)) <= EACH_WAY


def said(**answers: Any) -> list[str]:
    """The codes that the bundled table gives a shop with these answers."""
    case = replace(situation(False, answers, {}), supposed={})
    verdict = judge(case, BUNDLED, LENDER)
    return [reason.code for reason in explain(case, verdict, BUNDLED)]


def test_nobody_hears_that_little_is_owed_beside_that_repayments_are_heavy() -> None:
    assert "P07" in said(debt_balance=3_000_000, debt_payment=50_000)
    assert "R03" in said(debt_balance=3_000_000, debt_payment=900_000)
    assert "P07" not in said(debt_balance=3_000_000, debt_payment=900_000)


@given(core_or_full, changes, known)
@settings(deadline=None)
def test_figures_that_differ_are_not_said_to_agree(
    core: bool, answers: dict[str, Any], accounts: dict[str, Any]
) -> None:
    case = situation(core, answers, accounts)
    verdict = judged(case)
    codes = {reason.code for reason in explain(case, verdict, MODEL)}
    differ = any(check.verdict in ("warn", "fail") for check in verdict.checks) or codes & {"R02", "R31"}

    assert not (differ and "P02" in codes)
