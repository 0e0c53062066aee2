"""Who is answered first: what presses most and has waited longest, in an order that needs no clock."""

from dataclasses import replace
from datetime import timedelta

import pytest

from conversations import urgency
from conversations.session import Session
from scoring.decision import Decision, Reason
from tests.conversations.talk import NOW, approved, given


def wanted(person: str | None, *, waited: float = 0, amount: int = 5_000_000, holder: str = "bot") -> Session:
    since = NOW - timedelta(minutes=waited)
    return Session("s", person=person, person_since=since, answers=given(amount=amount), holder=holder)


def test_frustration_comes_before_a_wish_and_a_wish_before_a_decision() -> None:
    assert [urgency.level(wanted(why)) for why in ("frustrated", "asked", "stuck", "referred")] == [
        2,
        1,
        1,
        0,
    ]


def test_a_large_amount_is_one_level_more_pressing_and_nothing_is_beyond_urgent() -> None:
    assert urgency.level(wanted("referred", amount=urgency.LARGE)) == 1
    assert urgency.level(wanted("frustrated", amount=urgency.LARGE)) == 2


def test_waiting_overtakes_what_is_more_pressing() -> None:
    new, old = urgency.answer_by(wanted("frustrated")), urgency.answer_by(wanted("referred", waited=28))
    assert new is not None
    assert old is not None
    assert old < new


def test_nobody_is_late_who_is_not_waited_for() -> None:
    assert urgency.answer_by(wanted(None)) is None
    assert urgency.answer_by(wanted("asked", holder="staff-1")) is None


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        ([Reason("R20", "refers", 0, {"why": "check", "check": "X3"})], "check"),
        ([Reason("R02", "refers", 0, {"check": "X1"}), Reason("R19", "refers", 0, {})], "check"),
        ([Reason("R19", "refers", 0, {"source": "brand"})], "source"),
        ([Reason("R20", "refers", 0, {"why": "size"}), Reason("R19", "lowers", 0, {})], "referred"),
    ],
)
def test_a_referral_says_why_a_person_looks(reasons: list[Reason], why: str) -> None:
    made: Decision = replace(approved(), reasons=tuple(reasons))
    assert urgency.of_decision(made) == why


def test_every_reason_has_its_level() -> None:
    wished = {"asked", "stuck", "referred", "assessment_failed", "check", "source", "frustrated"}
    wished |= {"reconsider", "proposal", "condition"}
    assert set(urgency.REASONS) == wished
