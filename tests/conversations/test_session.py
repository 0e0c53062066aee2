"""A session survives being stored, whatever it holds."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from conversations.formats import FORMAT
from conversations.replies import Kind, Reply
from conversations.requests import Assess
from conversations.session import Account, Answer, Session, Stage, Turn, dump, load
from tests.conversations.talk import NOW, PATH, accepted, after, approved, at, declined, referred

FULL = Session(
    "s",
    language="zh-Hant",
    stage=Stage.OFFERED,
    waiting="accept",
    answers={
        "purpose": Answer(["rent", "payroll"], "房租、工资", NOW),
        "staff_count": Answer(6.5, "6.5", NOW, "staff:mei"),
        "rent": Answer(None, "skip", NOW),
    },
    accounts={"brand": Account("小夏", "幫幫000001", "7", "小夏", proven=True, unavailable="down")},
    doubt={"rent": 1},
    misses=2,
    decision=approved(),
    chosen="BBD12",
    acknowledged=True,
    person="asked",
    reminders=False,
    seen=datetime(2020, 4, 15, 1, 2, 3, 456, tzinfo=UTC),
    holder="mei",
    epoch=3,
    version=9,
)


@pytest.mark.parametrize("step", PATH)
def test_a_session_at_any_step_is_read_back_as_it_was(step: str) -> None:
    session = at(step).session
    assert load(dump(session)) == session


@pytest.mark.parametrize(
    "session",
    [
        FULL,
        Session("s"),
        replace(FULL, seen=None),
        accepted().session,
        after(declined()).session,
        after(referred()).session,
    ],
    ids=["full", "new", "unseen", "accepted", "declined", "referred"],
)
def test_a_session_in_any_stage_is_read_back_as_it_was(session: Session) -> None:
    assert load(dump(session)) == session


def test_what_an_older_release_did_not_know_takes_its_usual_value() -> None:
    known = json.loads(dump(FULL))
    older = {name: known[name] for name in ("id", "stage", "answers")}
    assert load(json.dumps(older)).format == FORMAT
    assert load(json.dumps(older)).answers == FULL.answers


def test_known_tells_a_skipped_answer_from_none() -> None:
    assert FULL.known("rent")
    assert FULL.value("rent") is None
    assert not FULL.known("city")
    assert FULL.value("city") is None


def test_a_turn_takes_something_first_and_more_to_do() -> None:
    first, then = Reply(Kind.SAY, "first"), Reply(Kind.SAY, "then")
    turn = Turn(FULL, (then,)).preceded_by(first).requesting(Assess())
    assert turn == Turn(FULL, (first, then), (Assess(),))
