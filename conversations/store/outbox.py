"""Messages to push, in order for each contact: a row first, sent after the commit, checked again then."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update

from conversations.session import BOT, Session
from conversations.store import journal
from conversations.store.message import Contact, Message
from conversations.store.sessions import reach
from conversations.tables import CONTACTS, MESSAGES, OUTBOX, SESSIONS


class State(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    PARKED = "parked"  #: refused for good; a person may look
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Queued:
    """The message that goes out next to a contact, and how often that was tried."""

    id: int
    contact: Contact
    message: Message
    language: str
    attempts: int
    due: datetime


_REACHABLE = select(CONTACTS.c.channel, CONTACTS.c.address).where(
    CONTACTS.c.session_id == bindparam("session_id"), CONTACTS.c.alive
)
_ADD = insert(OUTBOX)
_HEAD = (
    select(
        OUTBOX.c.id.label("row"),
        OUTBOX.c.attempts,
        OUTBOX.c.due,
        OUTBOX.c.sender.label("by"),
        (OUTBOX.c.epoch == SESSIONS.c.epoch).label("current"),
        MESSAGES,
    )
    .join(SESSIONS, SESSIONS.c.id == OUTBOX.c.session_id)
    .join(MESSAGES, (MESSAGES.c.session_id == OUTBOX.c.session_id) & (MESSAGES.c.n == OUTBOX.c.n))
    .where(
        OUTBOX.c.state == State.QUEUED.value,
        OUTBOX.c.channel == bindparam("channel"),
        OUTBOX.c.address == bindparam("address"),
    )
    .order_by(OUTBOX.c.id)
    .limit(1)
)
_SETTLE = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row"))
    .values(state=bindparam("new_state"), error=bindparam("why"), attempts=OUTBOX.c.attempts + 1)
)


def add(
    connection: Connection,
    session: Session,
    messages: Sequence[Message],
    channels: Collection[str],
    now: datetime,
) -> bool:
    """Queue what the merchant did not write for every push contact that can be reached; whether any was."""
    said = [message for message in messages if message.sender != "merchant"]
    if not said:
        return False
    contacts = connection.execute(_REACHABLE, {"session_id": session.id}).all()
    rows = [
        _columns(session, message, Contact(channel, address), now)
        for channel, address in contacts
        if channel in channels
        for message in said
    ]
    if rows:
        connection.execute(_ADD, rows)
    return bool(rows)


def waiting(connection: Connection) -> list[tuple[Contact, datetime]]:
    """Every contact with something queued, and when its first message may go."""
    heads = (
        select(func.min(OUTBOX.c.id)).where(_is(State.QUEUED)).group_by(OUTBOX.c.channel, OUTBOX.c.address)
    ).scalar_subquery()
    rows = connection.execute(
        select(OUTBOX.c.channel, OUTBOX.c.address, OUTBOX.c.due).where(OUTBOX.c.id.in_(heads))
    )
    return [(Contact(row.channel, row.address), row.due) for row in rows]


def head(connection: Connection, contact: Contact) -> Queued | None:
    """The contact's next message. What the bot queued before it lost the conversation is cancelled here."""
    while row := connection.execute(
        _HEAD, {"channel": contact.channel, "address": contact.address}
    ).one_or_none():
        if row.current or row.by != BOT:
            return Queued(row.row, contact, journal.from_row(row), row.language, row.attempts, row.due)
        settle(connection, row.row, State.CANCELLED, "someone else speaks now")
    return None


def settle(connection: Connection, row: int, state: State, why: str | None = None) -> None:
    connection.execute(_SETTLE, {"row": row, "new_state": state.value, "why": why})


def hold(connection: Connection, row: int, until: datetime, why: str) -> None:
    """Leave the row queued, not to be tried before `until`."""
    connection.execute(
        update(OUTBOX).where(OUTBOX.c.id == row).values(due=until, error=why, attempts=OUTBOX.c.attempts + 1)
    )


def unreachable(connection: Connection, contact: Contact, why: str) -> None:
    """Stop writing to this contact until it is heard from again."""
    reach(connection, contact, alive=False)
    connection.execute(
        update(OUTBOX)
        .where(_is(State.QUEUED), OUTBOX.c.channel == contact.channel, OUTBOX.c.address == contact.address)
        .values(state=State.CANCELLED.value, error=why)
    )


def _is(state: State) -> ColumnElement[bool]:
    return OUTBOX.c.state == state.value


def _columns(session: Session, message: Message, contact: Contact, now: datetime) -> dict[str, Any]:
    return {
        "session_id": session.id,
        "n": message.n,
        "channel": contact.channel,
        "address": contact.address,
        "sender": message.sender,
        "epoch": session.epoch,
        "state": State.QUEUED.value,
        "attempts": 0,
        "due": now,
    }
