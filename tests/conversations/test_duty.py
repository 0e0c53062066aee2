"""Who asks for a person is told when somebody will answer, and may leave a message meanwhile."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from conversations.events import HandedBack, TakenOver, TimeCame
from conversations.hours import Hours
from conversations.replies import Clause
from conversations.session import BOT
from conversations.timers import Rhythm, timers
from conversations.wording import word
from scoring.calendar import CHINA
from tests.conversations.talk import Talk, at

WORKDAYS = Rhythm(hours=Hours.read("1-5 09:00-18:00"))


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def asking(moment: str, place: str = "rent") -> Talk:
    """A merchant who asks for a person at that moment."""
    talk = at(place)
    talk.flow, talk.now = replace(talk.flow, rhythm=WORKDAYS), china(moment)
    talk.says("/human")
    return talk


def due(talk: Talk) -> datetime | None:
    return timers(talk.session, talk.now, WORKDAYS).get("unheeded")


def unheeded(talk: Talk) -> list[str]:
    return talk.hears(TimeCame(talk.now, "unheeded"))


def test_while_the_desk_is_open_a_colleague_is_promised() -> None:
    assert [reply.key for reply in asking("2026-11-24T10:00").replies] == ["human.noted", "ask.rent"]


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-24T07:00", Clause("opens.today", {"clock": "09:00"})),
        ("2026-11-24T22:00", Clause("opens.tomorrow", {"clock": "09:00"})),
        (
            "2026-11-27T22:00",
            Clause("opens.day", {"day": china("2026-11-30T00:00").date(), "clock": "09:00"}),
        ),
    ],
)
def test_after_hours_it_is_said_when_somebody_will_answer_and_the_bot_goes_on(
    moment: str, opens: Clause
) -> None:
    talk = asking(moment)
    assert [reply.key for reply in talk.replies] == ["human.closed", "ask.rent"]
    assert talk.replies[0].values["opens"] == opens
    assert talk.says("15000") == ["ask.staff_count"]


def test_the_sentence_names_the_hour() -> None:
    closed = asking("2026-11-27T22:00").replies[0]
    assert "2026年11月30日 09:00" in word(closed, "zh-Hans").text
    assert "tomorrow from 09:00" in word(asking("2026-11-24T22:00").replies[0], "en").text


def test_nobody_is_offered_to_leave_what_would_not_be_kept() -> None:
    talk = asking("2026-11-24T22:00", "consent")
    assert not talk.replies[0].choices
    assert talk.taps("/message") == ["ask.consent"]


# --- nobody comes ------------------------------------------------------------------------------------------


def test_who_has_waited_for_longer_than_it_should_take_is_told_so_once() -> None:
    talk = asking("2026-11-24T10:00").waits(minutes=10)
    assert due(talk) == talk.now
    assert unheeded(talk) == ["human.unheeded"]
    assert (due(talk), talk.session.holder, talk.session.person) == (None, BOT, "asked")
    assert unheeded(talk.waits(hours=1)) == []


def test_the_time_begins_when_the_desk_opens() -> None:
    assert due(asking("2026-11-27T22:00")) == china("2026-11-30T09:10")


def test_what_would_fall_after_hours_waits_for_the_morning() -> None:
    assert due(asking("2026-11-24T17:55")) == china("2026-11-25T09:00")


def test_a_colleague_who_comes_ends_the_wait_and_the_next_wish_begins_another() -> None:
    talk = asking("2026-11-24T10:00")
    talk.hears(TakenOver(talk.now, "mei", "梅"))
    assert due(talk) is None
    talk.hears(HandedBack(talk.now, "mei"))
    talk.waits(minutes=30).says("/human")
    assert due(talk) == talk.now + timedelta(minutes=10)


# --- leaving a message -------------------------------------------------------------------------------------


def test_a_message_is_left_in_the_merchant_s_own_words_and_answers_no_question() -> None:
    talk = asking("2026-11-24T22:00")
    assert talk.taps("/message") == ["message.write"]
    assert talk.says("15000块是含物业费的吗") == ["message.kept", "ask.rent"]
    assert (talk.session.known("rent"), talk.session.person, talk.session.leaving) == (False, "asked", False)


def test_a_message_may_stand_behind_the_command() -> None:
    talk = at("rent")
    assert talk.says("/message 明天上午请打电话") == ["message.kept", "ask.rent"]
    assert talk.session.person == "asked"


@pytest.mark.parametrize("other", ["/status", "=skip"])
def test_who_does_something_else_instead_leaves_nothing(other: str) -> None:
    talk = at("rent")
    talk.taps("/message")
    talk.taps(other[1:]) if other.startswith("=") else talk.says(other)
    assert not talk.session.leaving


def test_a_wish_outlives_a_fresh_application() -> None:
    talk = asking("2026-11-24T10:00").waits(minutes=10)
    unheeded(talk)
    assert talk.session.emptied({}).unheeded == talk.session.unheeded
    assert replace(talk.session) == talk.session
