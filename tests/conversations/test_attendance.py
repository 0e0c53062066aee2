"""When a person was wanted, came, answered and left, as each turn tells it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from conversations import attendance
from conversations.attendance import Came, Ended, Spoke, Wanted
from conversations.events import (
    Event,
    HandedBack,
    Released,
    Said,
    StaffSaid,
    TakenOver,
    TimeCame,
    Transferred,
)
from conversations.replies import Colleague, Kind, Reply
from conversations.session import BOT, Session, Turn
from conversations.store import Store, attendances
from conversations.tables_desk import ATTENDANCES
from tests.conversations.toy import START

MEI = Colleague("mei", "Mei")
HELD, FREE, ASKED = Session("s", holder="mei"), Session("s"), Session("s", person="asked")
WORDS = (Reply(Kind.STAFF, attendance.SAID, by=MEI),)


def told(before: Session, after: Session, event: Event, *said: Reply) -> list[attendance.Change]:
    return list(attendance.changes(before, Turn(after, said), event))


def said(text: str = "") -> Said:
    return Said(START, text)


@pytest.mark.parametrize(
    ("before", "after", "event", "changes"),
    [
        (FREE, FREE, said(), []),
        (ASKED, Session("s", person="stuck"), said(), []),
        (FREE, ASKED, said(), [Wanted("asked")]),
        (ASKED, FREE, said(), [Ended("unneeded")]),
        (ASKED, HELD, TakenOver(START, "mei", "Mei"), [Came("mei", "asked")]),
        (FREE, HELD, TakenOver(START, "mei", "Mei"), [Came("mei", None)]),
        (HELD, FREE, HandedBack(START, "mei"), [Ended("handed_back")]),
        (HELD, ASKED, Released(START, "mei"), [Ended("released"), Wanted("asked")]),
        (HELD, ASKED, TimeCame(START, "silent"), [Ended("silent"), Wanted("asked")]),
        (HELD, FREE, said("/delete yes"), [Ended("left")]),
        (
            HELD,
            Session("s", holder="ann"),
            Transferred(START, "mei", "ann", "Ann"),
            [Ended("transferred"), Came("ann", None)],
        ),
    ],
)
def test_a_change_of_who_is_there_is_told(
    before: Session, after: Session, event: Event, changes: list[attendance.Change]
) -> None:
    assert told(before, after, event) == changes


def test_a_colleague_s_words_are_told_and_what_the_product_says_of_them_is_not() -> None:
    joined = Reply(Kind.STAFF, "colleague.joined", by=MEI)

    assert told(ASKED, HELD, StaffSaid(START, "mei", "Mei", "hi"), joined, *WORDS) == [
        Came("mei", "asked"),
        Spoke(),
    ]
    assert told(HELD, HELD, said(), joined) == []


class Kept:
    """Changes kept one after the other, a minute apart."""

    def __init__(self, store: Store) -> None:
        self.store, self.minute = store, 0

    async def keep(self, *changes: attendance.Change) -> None:
        at = START + timedelta(minutes=self.minute)
        self.minute += 1
        await self.store.write(lambda c: attendances.keep(c, "s", changes, at))

    async def rows(self, *columns: str) -> list[tuple[Any, ...]]:
        query = select(ATTENDANCES).order_by(ATTENDANCES.c.id)
        rows = await self.store.read(lambda c: c.execute(query).all())
        return [tuple(_minutes(getattr(row, name)) for name in columns) for row in rows]


def _minutes(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else (value - START).total_seconds() / 60


async def test_one_row_tells_of_one_attendance(store: Store) -> None:
    kept = Kept(store)
    for changes in ([Wanted("stuck")], [Came("mei", "stuck")], [Spoke()], [Spoke()], [Ended("handed_back")]):
        await kept.keep(*changes)

    assert await kept.rows("why", "wanted", "taken", "by", "replied", "ended", "how") == [
        ("stuck", 0, 1, "mei", 2, 4, "handed_back")
    ]


async def test_whoever_comes_unasked_or_after_another_has_a_row_of_their_own(store: Store) -> None:
    kept = Kept(store)
    await kept.keep(Came("mei", None))
    await kept.keep(Ended("transferred"), Came("ann", "asked"))
    await kept.keep(Ended("released"), Wanted("asked"))

    assert await kept.rows("why", "wanted", "taken", "by", "ended", "how") == [
        (None, None, 0, "mei", 1, "transferred"),
        ("asked", None, 1, "ann", 2, "released"),
        ("asked", 2, None, None, None, None),
    ]


def test_the_bot_is_nobody_who_comes() -> None:
    assert FREE.holder == BOT
