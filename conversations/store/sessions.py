"""Arrivals, contacts and the session row: what a turn reads first and writes last."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from conversations import session
from conversations.session import Session
from conversations.store.database import Contended
from conversations.store.message import Contact
from conversations.store.statements import insert_once
from conversations.tables import CONTACTS, INBOX, SESSIONS

_FIND = select(CONTACTS.c.session_id, CONTACTS.c.alive).where(
    CONTACTS.c.channel == bindparam("channel"), CONTACTS.c.address == bindparam("address")
)
_READ = select(SESSIONS.c.state, SESSIONS.c.counter).where(SESSIONS.c.id == bindparam("id"))
_LOCK = _READ.with_for_update()
_SAVE = (
    update(SESSIONS)
    .where(SESSIONS.c.id == bindparam("key"), SESSIONS.c.version == bindparam("read_version"))
    .values(
        {column.name: bindparam(column.name) for column in SESSIONS.c if column.name not in {"id", "created"}}
    )
)
_ALIVE = (
    update(CONTACTS)
    .where(CONTACTS.c.channel == bindparam("key_channel"), CONTACTS.c.address == bindparam("key_address"))
    .values(alive=bindparam("alive"))
)


@dataclass(frozen=True)
class Stored:
    """A session as it was read, with the number of its newest message."""

    session: Session
    counter: int


def arrive(connection: Connection, channel: str, arrival: str, now: datetime) -> bool:
    """Whether this arrival is new; it is known from here on."""
    return insert_once(connection, INBOX, {"channel": channel, "arrival": arrival, "at": now})


def find(connection: Connection, contact: Contact) -> str | None:
    """The conversation of a contact."""
    row = connection.execute(_FIND, _key(contact)).one_or_none()
    return None if row is None else row.session_id


def heard_from(connection: Connection, contact: Contact) -> str | None:
    """The conversation of a contact that just wrote, and can therefore be reached."""
    row = connection.execute(_FIND, _key(contact)).one_or_none()
    if row is not None and not row.alive:
        reach(connection, contact, alive=True)
    return None if row is None else row.session_id


def reach(connection: Connection, contact: Contact, *, alive: bool) -> None:
    """Note whether the contact can be written to."""
    connection.execute(
        _ALIVE, {"key_channel": contact.channel, "key_address": contact.address, "alive": alive}
    )


def create(connection: Connection, fresh: Session, contact: Contact, now: datetime) -> None:
    """Begin a conversation.

    Raises:
        Contended: the contact has just got another one.
    """
    connection.execute(insert(SESSIONS), {"id": fresh.id, "created": now, **_columns(fresh, 0, now)})
    if not insert_once(connection, CONTACTS, {**_key(contact), "session_id": fresh.id, "alive": True}):
        raise Contended(contact.channel)


def read(connection: Connection, session_id: str) -> Session | None:
    row = connection.execute(_READ, {"id": session_id}).one_or_none()
    return None if row is None else session.load(row.state)


def lock(connection: Connection, session_id: str) -> Stored:
    """The session, which nobody else can change before this transaction ends.

    Raises:
        LookupError: there is no such conversation.
    """
    row = connection.execute(_LOCK, {"id": session_id}).one_or_none()
    if row is None:
        raise LookupError("no such conversation")
    return Stored(session.load(row.state), row.counter)


def save(connection: Connection, before: Stored, after: Session, counter: int, now: datetime) -> None:
    """Replace the session that was read.

    Raises:
        Contended: it is no longer the one that was read.
    """
    key = {"key": after.id, "read_version": before.session.version}
    if connection.execute(_SAVE, {**key, **_columns(after, counter, now)}).rowcount != 1:
        raise Contended(after.id)


def _key(contact: Contact) -> dict[str, str]:
    return {"channel": contact.channel, "address": contact.address}


def _columns(kept: Session, counter: int, now: datetime) -> dict[str, object]:
    return {
        "state": session.dump(kept),
        "stage": kept.stage.value,
        "language": kept.language,
        "holder": kept.holder,
        "epoch": kept.epoch,
        "person": kept.person,
        "version": kept.version,
        "counter": counter,
        "updated": now,
    }
