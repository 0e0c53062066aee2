"""One conversation with all that stands beside it, as a colleague needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from conversations import session
from conversations.session import Session
from conversations.store import journal
from conversations.store.desk import labels, notes
from conversations.store.desk.notes import Note
from conversations.store.message import Message
from conversations.tables import ANSWERS, CONTACTS, MESSAGES, OUTBOX, SESSIONS, SNAPSHOTS
from conversations.tables_desk import OUTCOMES

NEWEST = 200  #: messages shown at once; earlier ones on request


@dataclass(frozen=True)
class Delivery:
    """How far a message has come on a channel that it is pushed to."""

    channel: str
    state: str
    why: str | None


@dataclass(frozen=True)
class Reach:
    """Where the merchant can be met, and whether they let us."""

    channel: str
    alive: bool


@dataclass(frozen=True)
class Given:
    """One version of an answer."""

    step: str
    version: int
    value: Any
    said: str
    source: str
    by: str | None
    at: datetime


@dataclass(frozen=True)
class Made:
    """A decision among those of a conversation."""

    at: datetime
    outcome: str
    grade: str | None
    amount: int
    by: str | None


@dataclass(frozen=True)
class Chat:
    session: Session
    counter: int
    created: datetime
    messages: Sequence[Message]
    earlier: bool  #: whether there are messages before these
    deliveries: Mapping[int, Sequence[Delivery]]
    reach: Sequence[Reach]
    given: Mapping[str, Sequence[Given]]  #: every version of each answer, the oldest first
    made: Sequence[Made]
    notes: Sequence[Note]
    labels: Sequence[str]


def read(connection: Connection, session_id: str, *, whole: bool = False) -> Chat | None:
    """The conversation; `whole` with its earliest messages too."""
    kept = (SESSIONS.c.state, SESSIONS.c.counter, SESSIONS.c.created)
    row = connection.execute(select(*kept).where(SESSIONS.c.id == session_id)).one_or_none()
    if row is None:
        return None
    after = 0 if whole else max(0, row.counter - NEWEST)
    return Chat(
        session=session.load(row.state),
        counter=row.counter,
        created=row.created,
        messages=journal.since(connection, session_id, after),
        earlier=after > 0 and _begins_before(connection, session_id, after),
        deliveries=_deliveries(connection, session_id, after),
        reach=_reach(connection, session_id),
        given=_given(connection, session_id),
        made=_made(connection, session_id),
        notes=notes.of(connection, session_id),
        labels=labels.of(connection, [session_id]).get(session_id, ()),
    )


def newest(connection: Connection, session_id: str) -> int | None:
    """The number of the newest message; None where there is no such conversation."""
    query = select(SESSIONS.c.counter).where(SESSIONS.c.id == session_id)
    found: int | None = connection.execute(query).scalar_one_or_none()
    return found


def snapshots(connection: Connection, session_id: str) -> dict[str, Mapping[str, Any]]:
    """What was last read of each account."""
    latest = (
        select(func.max(SNAPSHOTS.c.id))
        .where(SNAPSHOTS.c.session_id == session_id)
        .group_by(SNAPSHOTS.c.account)
    )
    kept = select(SNAPSHOTS.c.account, SNAPSHOTS.c.data).where(SNAPSHOTS.c.id.in_(latest))
    return {row.account: row.data for row in connection.execute(kept)}


def _begins_before(connection: Connection, session_id: str, n: int) -> bool:
    query = select(MESSAGES.c.n).where(MESSAGES.c.session_id == session_id, MESSAGES.c.n <= n).limit(1)
    return connection.execute(query).first() is not None


def _deliveries(connection: Connection, session_id: str, after: int) -> dict[int, list[Delivery]]:
    query = (
        select(OUTBOX.c.n, OUTBOX.c.channel, OUTBOX.c.state, OUTBOX.c.error)
        .where(OUTBOX.c.session_id == session_id, OUTBOX.c.n > after)
        .order_by(OUTBOX.c.id)
    )
    found: dict[int, list[Delivery]] = {}
    for row in connection.execute(query):
        found.setdefault(row.n, []).append(Delivery(row.channel, row.state, row.error))
    return found


def _reach(connection: Connection, session_id: str) -> list[Reach]:
    query = select(CONTACTS.c.channel, CONTACTS.c.alive).where(CONTACTS.c.session_id == session_id)
    return [Reach(row.channel, row.alive) for row in connection.execute(query.order_by(CONTACTS.c.channel))]


def _given(connection: Connection, session_id: str) -> dict[str, list[Given]]:
    query = select(ANSWERS).where(ANSWERS.c.session_id == session_id)
    found: dict[str, list[Given]] = {}
    for row in connection.execute(query.order_by(ANSWERS.c.step, ANSWERS.c.version)):
        one = Given(row.step, row.version, row.value, row.said, row.source, row.by, row.at)
        found.setdefault(row.step, []).append(one)
    return found


def _made(connection: Connection, session_id: str) -> list[Made]:
    query = select(OUTCOMES).where(OUTCOMES.c.session_id == session_id).order_by(OUTCOMES.c.decision)
    return [Made(row.at, row.outcome, row.grade, row.amount, row.by) for row in connection.execute(query)]
