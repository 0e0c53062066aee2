"""When the time of a conversation comes: derived from its state, never at night, never twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conversations import silence
from conversations.events import Arrived, Said, TimeCame
from conversations.session import Session
from conversations.timers import _TIMERS, FARTHEST, RHYTHM, changed, timers
from scoring.calendar import CHINA
from tests.conversations.talk import NOW, PLACES, Talk, at

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def nudge(talk: Talk) -> datetime | None:
    return timers(talk.session, talk.now).get("nudge")


def rings(talk: Talk, name: str = "nudge") -> list[str]:
    return talk.hears(TimeCame(talk.now, name))


def test_a_question_left_open_is_put_again_a_day_later_at_the_full_hour() -> None:
    talk = at("rent").waits(minutes=20)
    talk.says("为什么")
    assert nudge(talk) == NOW + DAY + HOUR


def test_a_chat_under_way_sets_no_timer_anew_within_the_hour() -> None:
    talk = at("sales_last_month").waits(minutes=1)
    talk.answers_golden("sales_last_month")
    first = talk.turn.timers
    for minutes in (5, 30):
        talk.waits(minutes=minutes)
        talk.answers_golden(str(talk.waiting))
        assert not talk.turn.timers
    assert first["nudge"] == NOW + DAY + HOUR
    talk.waits(hours=1)
    talk.answers_golden(str(talk.waiting))
    assert talk.turn.timers["nudge"] == NOW + DAY + 2 * HOUR


@pytest.mark.parametrize(
    ("moment", "then"),
    [
        ("2026-11-24T08:59", "2026-11-24T09:00"),
        ("2026-11-24T09:00", "2026-11-24T09:00"),
        ("2026-11-24T20:59", "2026-11-24T20:59"),
        ("2026-11-24T21:00", "2026-11-25T09:00"),
        ("2026-11-24T23:59", "2026-11-25T09:00"),
        ("2026-12-31T22:00", "2027-01-01T09:00"),
        ("2026-11-24T00:00", "2026-11-24T09:00"),
    ],
)
def test_nobody_is_written_to_at_night_in_china(moment: str, then: str) -> None:
    assert RHYTHM.in_daytime(china(moment).astimezone(UTC)) == china(then)


def test_a_reminder_that_comes_late_into_the_night_waits_for_the_morning() -> None:
    talk = at("rent")
    talk.now = china("2020-04-20T02:00")
    assert rings(talk) == []
    assert talk.turn.timers["nudge"] == china("2020-04-20T09:00")


def test_the_reminder_holds_the_question_and_the_word_that_stops_it() -> None:
    talk = at("rent").waits(days=1, hours=1)
    assert rings(talk) == ["ask.rent"]
    assert talk.replies[0].opening == "nudge.open"
    assert talk.waiting == "rent"


def test_one_silence_is_broken_once_and_the_next_one_again() -> None:
    talk = at("rent").waits(days=1, hours=1)
    rings(talk)
    assert talk.turn.timers == {"nudge": None}
    assert rings(talk.waits(days=2)) == []
    talk.says("一万五")
    assert rings(talk.waits(days=1, hours=1)) == ["ask.staff_count"]


def test_an_offer_is_recalled_in_its_own_words() -> None:
    talk = at("offer").waits(days=1, hours=1)
    assert rings(talk) == ["ask.offer"]
    assert talk.replies[0].opening == "nudge.offered"


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("the merchant said stop", {"reminders": False}),
        ("a person has the word", {"holder": "mei", "epoch": 1}),
        ("nothing is asked", {"waiting": None}),
        ("nothing was agreed to", {"answers": {}}),
    ],
)
def test_there_is_no_reminder_where(why: str, changes: dict[str, object]) -> None:
    talk = at("rent").waits(days=1, hours=1)
    talk.session = replace(talk.session, **changes)  # type: ignore[arg-type]  # the table names fields
    assert nudge(talk) is None, why
    assert rings(talk) == []


def test_stop_ends_the_timer_in_the_same_turn() -> None:
    talk = at("rent")
    talk.says("/stop")
    assert talk.turn.timers == {"nudge": None}


def test_a_question_left_for_more_than_a_week_is_let_be() -> None:
    talk = at("rent").waits(days=8)
    assert rings(talk) == []
    assert nudge(talk) is None


def test_a_timer_that_rings_early_is_set_anew_and_says_nothing() -> None:
    talk = at("rent").waits(hours=3)
    assert rings(talk) == []
    assert talk.turn.timers == {"nudge": NOW + DAY}


def test_a_timer_of_another_release_is_dropped_and_the_others_are_set() -> None:
    talk = at("rent").waits(hours=3)
    assert rings(talk, "no such timer") == []
    assert talk.turn.timers == {"no such timer": None, "nudge": NOW + DAY}


def test_words_heard_by_a_clock_that_was_ahead_are_taken_for_heard_now() -> None:
    talk = at("rent")
    talk.session = replace(talk.session, seen=NOW + 400 * DAY)
    assert nudge(talk) == NOW + DAY


def test_no_timer_is_set_farther_ahead_than_is_taken_for_right() -> None:
    slow = replace(RHYTHM, nudge_after=timedelta(days=400))
    assert timers(at("rent").session, NOW, slow) == {"nudge": NOW + FARTHEST}


def test_an_event_that_changes_nothing_about_time_writes_nothing() -> None:
    session = at("rent").session
    assert changed(session, session, Said(NOW, "x")) == {}
    assert changed(Session("s"), Session("s"), Arrived(NOW)) == {}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", _TIMERS)
def test_a_timer_that_was_acted_on_is_over(place: str, name: str) -> None:
    talk = PLACES[place]()
    due = timers(talk.session, talk.now).get(name)
    if due is None:
        return
    talk.now = due
    rings(talk, name)
    again = timers(talk.session, talk.now).get(name)
    assert again is None or again > talk.now


def test_every_timer_is_acted_on() -> None:
    assert set(_TIMERS) == set(silence._CAME)
