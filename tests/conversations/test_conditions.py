"""Conditions: issued by a colleague, asked in the merchant's language, answered, and cleared or waived."""

from datetime import timedelta

import pytest

from conversations import conditions, urgency
from conversations.events import (
    ConditionIssued,
    ConditionSettled,
    HandedBack,
    Said,
    StaffAnswered,
    TakenOver,
    TimeCame,
)
from conversations.phrases import LANGUAGES, sentences
from conversations.replies import Kind, Label
from conversations.requests import Assess
from conversations.session import BOT, Stage
from conversations.wording import word
from tests.conversations.talk import NOW, Talk, after, at, declined, referred

MEI, LIN = "staff-1", "staff-2"


def issues(talk: Talk, code: str = "lease", text: str = "", by: str = MEI) -> list[str]:
    return talk.hears(ConditionIssued(talk.now, by, "梅", code, text))


def settles(talk: Talk, n: int = 1, *, waived: bool = False) -> list[str]:
    return talk.hears(ConditionSettled(talk.now, MEI, n, waived, "seen on paper"))


def waiting() -> Talk:
    """A talk that waits for a colleague's decision."""
    return after(referred())


def states(talk: Talk) -> list[str]:
    return [each.state for each in talk.session.conditions]


def test_a_condition_is_asked_at_once() -> None:
    talk = waiting()

    assert issues(talk) == ["ask.condition"]
    assert (talk.waiting, states(talk)) == ("condition", ["issued"])
    assert talk.replies[0].values["what"] == Label("condition.lease")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", conditions.CODES)
def test_every_condition_is_asked_in_every_language(code: str, language: str) -> None:
    talk = waiting()
    issues(talk, code)

    assert sentences(language)[f"condition.{code}"] in word(talk.replies[0], language).text


def test_a_colleague_may_ask_in_their_own_words() -> None:
    talk = waiting()
    issues(talk, "own", "谁是合伙人？{x}")

    assert "谁是合伙人？{x}" in word(talk.replies[0], "en").text


def test_the_answer_is_kept_word_for_word_and_a_person_looks_again() -> None:
    talk = waiting()
    issues(talk)
    talk.waits(hours=3)

    assert talk.says("到2028年5月，房东同意续租") == ["condition.noted"]
    [kept] = talk.session.conditions
    assert (kept.state, kept.answer) == ("answered", "到2028年5月，房东同意续租")
    assert (talk.session.person, talk.session.person_since) == ("condition", talk.now)
    assert "lease_end" not in talk.session.answers


def test_conditions_are_asked_one_after_the_other() -> None:
    talk = waiting()
    issues(talk)
    assert issues(talk, "debts") == []
    assert talk.says("到2028年5月") == ["condition.noted", "ask.condition"]
    assert talk.replies[-1].values["what"] == Label("condition.debts")
    assert talk.says("没有") == ["condition.noted"]
    assert states(talk) == ["answered", "answered"]


@pytest.mark.parametrize("text", ["不知道", "跳过", "没有", "15000", "13万", "yes", "我要投诉"])
def test_whatever_is_no_question_is_an_answer(text: str) -> None:
    talk = waiting()
    issues(talk)
    talk.says(text)

    assert [each.answer for each in talk.session.conditions] == [text]


@pytest.mark.parametrize("text", ["利率多少？", "为什么要问这个？", "转人工", "/help", "/why"])
def test_after_a_question_the_condition_is_asked_again(text: str) -> None:
    talk = waiting()
    issues(talk)

    assert talk.says(text)[-1] == "ask.condition"
    assert states(talk) == ["issued"]


def test_an_answer_of_the_application_can_still_be_changed_and_decides_anew() -> None:
    talk = waiting()
    issues(talk)
    talk.says("/edit rent")
    talk.says("16000")
    assert talk.turn.requests == (Assess(),)
    assert talk.is_decided(referred())[-1] == "ask.condition"
    assert states(talk) == ["issued"]


def test_what_a_colleague_fills_in_decides_anew_and_the_condition_stays_open() -> None:
    talk = waiting()
    issues(talk)
    talk.hears(StaffAnswered(talk.now, MEI, "梅", "rent", "16000"))

    assert (talk.session.stage, talk.turn.requests) == (Stage.ASSESSING, (Assess(),))
    assert states(talk) == ["issued"]


@pytest.mark.parametrize(("waived", "state"), [(False, "cleared"), (True, "waived")])
def test_a_condition_is_cleared_or_waived_with_the_reason(waived: bool, state: str) -> None:
    talk = waiting()
    issues(talk)
    talk.says("到2028年5月")
    assert settles(talk, waived=waived) == []

    [kept] = talk.session.conditions
    assert (kept.state, kept.reason, kept.settled_by) == (state, "seen on paper", MEI)
    settles(talk)
    assert talk.turn.refused is not None


def test_whoever_is_being_asked_learns_that_it_is_over() -> None:
    talk = waiting()
    issues(talk)
    issues(talk, "debts")

    assert settles(talk) == ["condition.over", "ask.condition"]
    assert settles(talk, 2) == ["condition.over"]
    assert talk.waiting is None


def test_nobody_is_late_while_the_merchant_is_asked() -> None:
    talk = waiting()
    assert urgency.answer_by(talk.session) is not None
    issues(talk)
    assert urgency.answer_by(talk.session) is None
    talk.says("到2028年5月")
    assert urgency.answer_by(talk.session) == NOW + timedelta(minutes=3)


def test_whoever_has_the_word_asks_in_their_own_name_and_the_bot_after_the_hand_back() -> None:
    talk = waiting()
    talk.hears(TakenOver(talk.now, MEI, "梅"))
    assert issues(talk) == ["colleague.condition"]
    assert (talk.replies[0].kind, talk.replies[0].by is not None) == (Kind.STAFF, True)
    talk.hears(Said(talk.now, "到2028年5月"))
    assert states(talk) == ["issued"]
    assert talk.hears(HandedBack(talk.now, MEI))[-1] == "ask.condition"
    assert talk.session.holder == BOT


@pytest.mark.parametrize(
    ("talk", "why"),
    [(at("rent"), "not_referred"), (after(declined()), "not_referred"), (waiting(), "held")],
)
def test_where_no_condition_can_be_issued_the_colleague_is_told(talk: Talk, why: str) -> None:
    if why == "held":
        talk.hears(TakenOver(talk.now, LIN, "林"))
    before = talk.session
    issues(talk)

    assert talk.turn.refused is not None
    assert talk.turn.refused.key == f"desk.refused.{why}"
    assert talk.session == before


def test_there_is_an_end_to_conditions() -> None:
    talk = waiting()
    for _ in range(conditions.MOST + 1):
        issues(talk)

    assert len(talk.session.conditions) == conditions.MOST


def test_a_long_answer_is_cut() -> None:
    talk = waiting()
    issues(talk)
    talk.says("长" * 4096)

    assert len(talk.session.conditions[0].answer) == conditions.LONGEST


def test_what_was_told_a_colleague_is_among_the_merchants_data() -> None:
    talk = waiting()
    issues(talk)
    talk.says("到2028年5月")
    talk.says("/mydata")

    assert "到2028年5月" in word(talk.replies[0], "en").text


def test_a_condition_left_open_is_brought_up_once_more_after_a_day() -> None:
    talk = waiting()
    issues(talk)
    talk.waits(days=1, hours=2)

    assert talk.hears(TimeCame(talk.now, "nudge")) == ["ask.condition"]


def test_a_fresh_application_has_no_conditions() -> None:
    talk = waiting()
    issues(talk)
    talk.taps("/restart yes")

    assert talk.session.conditions == ()
