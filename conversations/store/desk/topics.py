"""Topics of the Telegram group: whose each is, how far it tells, and what is due in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from conversations.session import BOT
from conversations.store.desk import queue
from conversations.store.statements import insert_once
from conversations.tables import INBOX, MESSAGES, SESSIONS
from conversations.tables_desk import NOTES
from conversations.tables_group import TOPICS, WORDS

SAID, NOTE = "said", "note"

#: written out, as the indexes of the queue's views name them
_BOT: ColumnElement[str] = literal_column(f"'{BOT}'")


@dataclass(frozen=True)
class Due:
    """Something to be done in the group for a conversation, or for a topic whose conversation was erased."""

    session_id: str | None
    counter: int = 0
    wanted: bool = False  #: a person is, or has the word
    topic: int | None = None  #: None where there is none yet
    thread: int = 0
    told: int | None = None
    noted: int = 0
    closed: bool = False


def due(connection: Connection, now: datetime, most: int) -> list[Due]:
    """Topics to be told further, to be closed, to be made, to be deleted; at most so many of each."""
    s, done = SESSIONS.c, TOPICS.c.closed.is_(False)
    over = _of(TOPICS.join(SESSIONS)).where(done, s.answer_by.is_(None), s.holder == _BOT)
    found = {row.session: _due(row, wanted=False) for row in connection.execute(over.limit(most))}
    awake = or_(s.snoozed_until.is_(None), s.snoozed_until <= now, done)
    # each in the order of the index that holds these conversations only: others are not looked at
    waiting = _behind(s.answer_by.is_not(None), awake).order_by(s.answer_by)
    held = _behind(s.holder != _BOT).order_by(s.holder, s.updated)
    for those in (waiting, held):
        found |= {row.session: _due(row, wanted=True) for row in connection.execute(those.limit(most))}
    erased = select(TOPICS).where(TOPICS.c.session_id.is_(None)).limit(most)
    gone = [Due(None, topic=row.id, thread=row.thread) for row in connection.execute(erased)]
    return [*found.values(), *gone]


def _of(joined: FromClause) -> Select[Any]:
    return select(SESSIONS.c.id.label("session"), SESSIONS.c.counter, TOPICS).select_from(joined)


def _behind(*where: ColumnElement[bool]) -> Select[Any]:
    """Those of which there is no topic, or it is closed, or does not tell everything."""
    t, newest = TOPICS.c, select(func.max(NOTES.c.id)).where(NOTES.c.session_id == SESSIONS.c.id)
    unsaid = or_(t.told.is_(None), t.told < SESSIONS.c.counter, t.noted < newest.scalar_subquery())
    return _of(SESSIONS.outerjoin(TOPICS)).where(*where, or_(t.id.is_(None), t.closed, unsaid))


def _due(row: Any, *, wanted: bool) -> Due:
    if row.id is None:
        return Due(row.session, row.counter, wanted)
    return Due(row.session, row.counter, wanted, row.id, row.thread, row.told, row.noted, row.closed)


def made(connection: Connection, session_id: str, name: str, thread: int) -> int:
    """Keep a new topic. One whose conversation was erased while it was made belongs to nobody."""
    there = queue.named(connection, session_id) == name
    row = {"session_id": session_id if there else None, "thread": thread, "noted": 0, "closed": False}
    return int(connection.execute(insert(TOPICS).returning(TOPICS.c.id), row).scalar_one())


def change(connection: Connection, topic: int, **values: object) -> None:
    connection.execute(update(TOPICS).where(TOPICS.c.id == topic).values(**values))


def drop(connection: Connection, topic: int) -> None:
    """Forget a topic that is not there any more."""
    connection.execute(delete(TOPICS).where(TOPICS.c.id == topic))


def whose(connection: Connection, thread: int) -> str | None:
    """The conversation of a topic."""
    found = select(TOPICS.c.session_id).where(TOPICS.c.thread == thread)
    session_id: str | None = connection.execute(found).scalar_one_or_none()
    return session_id


def wrote(connection: Connection, session_id: str, by: str, message: int) -> None:
    """A colleague's newest words to the merchant were written in the topic, as this message."""
    mine = (MESSAGES.c.session_id == session_id, MESSAGES.c.sender == by)
    n = connection.execute(select(func.max(MESSAGES.c.n)).where(*mine)).scalar_one()
    keep(connection, session_id, (SAID, n), by, message)


def keep(connection: Connection, session_id: str, which: tuple[str, int], by: str, message: int) -> None:
    """The same for words, or a note, of this number."""
    row = {"session_id": session_id, "kind": which[0], "n": which[1], "by": by, "message": message}
    insert_once(connection, WORDS, row)


def written(connection: Connection, session_id: str, message: int) -> tuple[str, int, str] | None:
    """What a message of the topic became: its kind, its number, and whose it is; None where it is none."""
    found = select(WORDS).where(WORDS.c.session_id == session_id, WORDS.c.message == message)
    row = connection.execute(found.order_by(WORDS.c.n.desc()).limit(1)).one_or_none()
    return None if row is None else (row.kind, row.n, row.by)


def own(connection: Connection, session_id: str, kind: str, numbers: Collection[int]) -> set[int]:
    """Those of these numbers that were written in the topic itself."""
    theirs = (WORDS.c.session_id == session_id, WORDS.c.kind == kind, WORDS.c.n.in_(numbers))
    return set(connection.execute(select(WORDS.c.n).where(*theirs)).scalars()) if numbers else set()


def first(connection: Connection, channel: str, arrival: str, now: datetime) -> bool:
    """Whether this arrival is new; it is known from now on, as those are that turns have taken."""
    return insert_once(connection, INBOX, {"channel": channel, "arrival": arrival, "at": now})


def erase(connection: Connection, session_id: str) -> None:
    """The conversation is in no topic any more; what its topic says is deleted by whoever sees this."""
    connection.execute(delete(WORDS).where(WORDS.c.session_id == session_id))
    connection.execute(update(TOPICS).where(TOPICS.c.session_id == session_id).values(session_id=None))
