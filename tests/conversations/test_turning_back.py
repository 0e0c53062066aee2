"""Back to the question before, out of the application and into it again, and from the beginning."""

from dataclasses import fields, replace

import pytest

from conversations.requests import WithdrawConsent
from conversations.session import Answer, Session, Stage
from tests.conversations.talk import (
    NOW,
    PLACES,
    Talk,
    accepted,
    after,
    approved,
    assessing,
    at,
    declined,
    modest,
)


@pytest.mark.parametrize("words", ["上一步", "go back", "/back", "上一个答错了"])
def test_the_prompt_before_is_asked_again_with_what_it_has(words: str) -> None:
    talk = at("rent")
    assert talk.says(words) == ["back.now", "ask.orders_per_day"]
    assert talk.says("40单 110元") == ["changed", "changed", "ask.rent"]
    assert (talk.value("orders_per_day"), talk.value("average_ticket"), talk.value("days_open")) == (
        40,
        11_000,
        30,
    )


def test_back_and_back_again_and_then_on_without_a_change() -> None:
    talk = at("rent")
    talk.says("上一步")
    assert talk.says("上一步") == ["back.now", "ask.sales_last_month"]
    assert talk.says("不改了") == ["kept", "ask.rent"]


def test_there_is_nothing_before_the_first_question() -> None:
    assert at("role").says("上一步") == ["back.first", "ask.role"]


@pytest.mark.parametrize("step", ["licence_number", "acknowledge", "accept"])
def test_from_a_chosen_offer_back_is_to_the_offers(step: str) -> None:
    talk = at(step)
    assert talk.says("go back") == ["ask.offer"]
    assert talk.session.chosen is None


@pytest.mark.parametrize("place", ["offer", "declined", "assessing"])
def test_where_nothing_is_filled_in_back_offers_every_answer(place: str) -> None:
    assert PLACES[place]().says("上一步") == ["edit.which"]


def test_among_the_details_back_is_to_the_one_before() -> None:
    talk = after(modest())
    talk.says("16张")
    talk.is_decided(modest())
    assert talk.says("上一步") == ["back.now", "ask.capacity"]


@pytest.mark.parametrize("words", ["再说一遍", "can you repeat that?", "没看清"])
def test_the_question_is_repeated_with_its_buttons(words: str) -> None:
    talk = at("rent")
    assert talk.says(words) == ["ask.rent"]
    assert [choice.id for choice in talk.replies[0].choices] == ["none", "skip"]


# --- breaking off ------------------------------------------------------------------------------------------

EVERYWHERE = [place for place in PLACES if place not in ("new", "consent", "accepted")]


@pytest.mark.parametrize("place", EVERYWHERE)
def test_cancelling_ends_it_at_once_without_a_question(place: str) -> None:
    talk = PLACES[place]()
    heard = talk.says("取消")
    assert heard in (["cancelled"], ["offer.declined"])
    assert (talk.session.stage, talk.waiting, talk.session.doubt) == (Stage.CLOSED, None, None)
    assert talk.is_decided(approved()) == []


@pytest.mark.parametrize("place", ["rent", "check", "offer", "declined", "referred"])
def test_who_cancelled_may_go_on_where_it_was(place: str) -> None:
    talk = PLACES[place]()
    waiting = talk.waiting
    talk.says("取消")
    talk.says("接着来")
    assert talk.waiting == waiting


def test_offers_that_are_looked_at_again_want_no_person() -> None:
    talk = at("offer")
    talk.says("取消")
    talk.says("接着来")
    assert (talk.waiting, talk.session.person) == ("offer", None)


def test_cancelled_in_the_middle_of_a_correction_keeps_the_answers() -> None:
    talk = at("check")
    talk.says("改一下房租")
    talk.says("cancel")
    assert talk.says("go on") == ["resumed", "ask.check"]
    assert talk.value("rent") == 1_500_000


def test_while_details_are_asked_cancelling_and_going_on_asks_the_next_one() -> None:
    talk = after(modest())
    talk.says("取消")
    assert talk.says("接着来") == ["resumed", "ask.capacity"]


def test_what_was_scored_when_it_was_cancelled_decides_nothing_later() -> None:
    talk = assessing()
    first = talk.session.assessment
    talk.says("取消")
    assert talk.says("接着来") == ["resumed", "assessing"]
    assert talk.session.assessment > first


def test_an_accepted_offer_cannot_be_cancelled_here() -> None:
    assert accepted().says("取消") == ["cancel.accepted"]


def test_cancelling_before_agreeing_is_not_agreeing() -> None:
    talk = at("consent")
    assert talk.says("取消") == ["consent.refused", "ask.consent.again"]


@pytest.mark.parametrize("words", ["取消，重新申请", "cancel, start over", "取消这个，重新申请"])
def test_cancelled_and_begun_anew_in_one_message(words: str) -> None:
    talk = at("rent")
    assert talk.says(words) == ["cancelled", "restart.done", "ask.role"]
    assert list(talk.session.answers) == ["consent"]


@pytest.mark.parametrize("words", ["取消这个，重新借5万", "cancel this, I want to borrow 50,000"])
def test_what_is_told_beside_it_belongs_to_the_new_application(words: str) -> None:
    talk = at("rent")
    assert talk.says(words) == ["restart.done", "noted", "ask.role"]
    assert set(talk.session.answers) == {"consent", "amount"}
    assert WithdrawConsent("brand") in talk.turn.requests


def test_nothing_of_the_first_application_is_left_in_the_second() -> None:
    """Whatever a session may hold of an application, a fresh one holds none of it."""
    full = replace(
        after(declined()).session, doubt={"rent": 1}, misses=2, filled=("rent",), replaced={"rent": 1},
        again=("rent",), detailing=True, was={"rent": 1}, chosen="BBD6", acknowledged=True, person="referred",
        clarified=("X1",), clarifying="X1", untold=True, revised=True,
    )  # fmt: skip
    talk = Talk(full)
    talk.taps("/restart yes")
    fresh = Session(full.id, answers={"consent": full.answers["consent"]}, waiting="role")
    conversation = {"language", "seen", "told", "assessment", "version", "person_since", "reminders"}
    differing = {f.name for f in fields(Session) if getattr(talk.session, f.name) != getattr(fresh, f.name)}
    assert differing <= conversation


def test_a_second_application_asks_everything_again() -> None:
    talk = after(declined())
    talk.taps("/restart yes")
    asked = []
    while talk.waiting:
        asked.append(talk.waiting)
        talk.answers_golden(talk.waiting)
    assert len(asked) == 14
    assert isinstance(talk.session.answers["rent"], Answer)
    assert talk.session.answers["rent"].at == NOW


# --- never the same twice ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["为什么", "xyzzy", "-5", "利率多少？", "再说一遍", "/help"])
@pytest.mark.parametrize("step", ["rent", "trade", "city"])
def test_no_two_turns_in_a_row_say_the_same(step: str, words: str) -> None:
    talk = at(step)
    talk.says(words)
    for _ in range(4):
        before = talk.replies
        talk.says(words)
        assert talk.replies != before


@pytest.mark.parametrize("words", [("xyzzy", "xyzzy", "xyzzy"), ("-5", "-5", "-5"), ("-5", "xyzzy", "-7")])
def test_the_third_miss_in_a_row_calls_a_person(words: tuple[str, ...]) -> None:
    talk = at("rent")
    for said in words[:2]:
        assert "unclear.person" not in talk.says(said)
    assert "unclear.person" in talk.says(words[2])
    assert talk.session.person == "stuck"


def test_a_value_refused_twice_and_then_a_good_one_is_taken() -> None:
    talk = at("purpose")
    assert talk.says("炒股") == ["problem.purpose", "ask.purpose"]
    assert talk.says("买房") == ["problem.purpose", "ask.purpose"]
    assert talk.says("进货") == ["ask.check"]
    assert talk.session.misses == 0


@pytest.mark.parametrize("place", ["rent", "assessing"])
def test_more_is_asked_once_there_is_a_limit(place: str) -> None:
    talk = PLACES[place]()
    assert talk.says("能多借点吗")[0] == "details.later"
