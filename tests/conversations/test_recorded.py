"""Which acts of colleagues go on record, and that an act and its record are one or nothing."""

from dataclasses import fields
from typing import get_args

import pytest

from conversations import recorded
from conversations.deeds import Deed
from conversations.events import (
    Event,
    HandedBack,
    Released,
    Said,
    Snoozed,
    StaffAnswered,
    StaffEdited,
    StaffSaid,
    TakenOver,
    TimeCame,
    Transferred,
)
from conversations.recorded import Done
from conversations.session import BOT
from conversations.store import Store, audit
from conversations.store.audit import Audit
from conversations.turns import Turns
from tests.conversations.talk import NOW, at, flow
from tests.conversations.toy import SHOP, ToyClock

MEI, LIN = "staff-1", "staff-2"
TAKEN = TakenOver(NOW, MEI, "梅")


def done(*said: Event) -> list[tuple[str, str, dict[str, object]]]:
    """What the last of these events puts on record, of a chat where the rent is asked for."""
    session = at("rent").session
    for event in said[:-1]:
        session = flow().advance(session, event).session
    found = recorded.deeds(session, said[-1], flow().advance(session, said[-1]))
    return [(one.who, one.what.value, dict(one.facts)) for one in found]


def test_every_event_of_a_colleague_has_a_deed() -> None:
    theirs = {event for event in get_args(Event) if "by" in {field.name for field in fields(event)}}

    assert theirs == set(recorded.TOLD)


def test_taking_the_word_is_told_once() -> None:
    assert done(TAKEN) == [(MEI, "taken_over", {"epoch": 1})]
    assert done(TAKEN, TAKEN) == []


def test_the_first_message_takes_the_word_and_its_words_stay_out() -> None:
    said = StaffSaid(NOW, MEI, "梅", "您好，13812345678")

    assert done(said) == [(MEI, "taken_over", {"epoch": 1}), (MEI, "wrote", {"characters": 14})]
    assert done(TAKEN, said) == [(MEI, "wrote", {"characters": 14})]


@pytest.mark.parametrize(
    ("event", "what", "facts"),
    [
        (StaffEdited(NOW, MEI, "梅", 7, "better"), "edited", {"n": 7}),
        (StaffAnswered(NOW, MEI, "梅", "rent", "15000"), "answered", {"step": "rent"}),
        (Transferred(NOW, MEI, LIN, "林"), "transferred", {"to": LIN}),
        (Released(NOW, MEI), "released", {}),
        (HandedBack(NOW, MEI), "handed_back", {}),
        (Snoozed(NOW, MEI, NOW), "snoozed", {"until": NOW.isoformat()}),
        (Snoozed(NOW, MEI, None), "snoozed", {"until": None}),
    ],
)
def test_each_act_is_told_in_codes_and_figures(event: Event, what: str, facts: dict[str, object]) -> None:
    assert done(TAKEN, event) == [(MEI, what, facts)]


@pytest.mark.parametrize(
    "event",
    [
        TakenOver(NOW, LIN, "林"),
        StaffSaid(NOW, LIN, "林", "hello"),
        HandedBack(NOW, LIN),
        Released(NOW, LIN),
        Transferred(NOW, LIN, MEI, "梅"),
        StaffAnswered(NOW, MEI, "梅", "rent", "nonsense"),
        Said(NOW, "hello"),
    ],
)
def test_what_was_refused_or_is_the_merchants_is_no_deed(event: Event) -> None:
    assert done(TAKEN, event) == []


def test_silence_is_times_deed_and_names_who_was_silent() -> None:
    talk = at("rent")
    talk.hears(TAKEN)
    talk.says("在吗")
    before = talk.waits(minutes=60).session
    talk.hears(TimeCame(talk.now, "silent"))

    assert recorded.deeds(before, TimeCame(talk.now, "silent"), talk.turn) == (
        Done("system", Deed.FELL_SILENT, {"staff": MEI}),
    )


class Full(Audit):
    """A record that takes nothing."""

    def add(self, *_: object) -> None:
        raise RuntimeError("no room")


def turns_on(store: Store, record: Audit) -> Turns:
    return Turns(store, flow(), lambda *_: "", ToyClock(), frozenset(), audit=record)


async def test_an_act_that_arrives_twice_is_one_deed(store: Store) -> None:
    turns = turns_on(store, Audit(b"a key of the tests", ToyClock()))
    chat = (await turns.handle(SHOP, "1", Said(NOW, "你好"))).session_id
    for _ in range(2):
        await turns.handle_session(chat, "desk", "taken", TAKEN)

    rows = await store.read(lambda connection: list(audit.chain(connection)))
    assert [(row.who, row.what, row.session_id) for row in rows] == [(MEI, "taken_over", chat)]


async def test_what_cannot_be_recorded_does_not_happen(store: Store) -> None:
    turns = turns_on(store, Full(b"", ToyClock()))
    chat = (await turns.handle(SHOP, "1", Said(NOW, "你好"))).session_id

    with pytest.raises(RuntimeError, match="no room"):
        await turns.handle_session(chat, "desk", "taken", TAKEN)

    kept = await turns.session(chat)
    assert kept is not None
    assert kept.holder == BOT
