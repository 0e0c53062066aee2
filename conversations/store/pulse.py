"""When the product was last known to be within reach, and whose question may have lost its answer since."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from conversations import session
from conversations.session import BOT, Session
from conversations.tables import CONTACTS, MESSAGES, PULSES, SESSIONS


def last(connection: Connection, name: str) -> datetime | None:
    """The newest beat; None before the first one."""
    at: datetime | None = connection.execute(
        select(PULSES.c.at).where(PULSES.c.name == name)
    ).scalar_one_or_none()
    return at


def beat(connection: Connection, name: str, at: datetime) -> None:
    if not connection.execute(update(PULSES).where(PULSES.c.name == name).values(at=at)).rowcount:
        connection.execute(insert(PULSES), {"name": name, "at": at})


def with_open_keyboard(connection: Connection, channel: str, after: datetime) -> list[str]:
    """Conversations the bot leads whose newest message by it has buttons, the latest moved first.

    Only those that moved after this time, and whose contact can be written to.
    """
    newest = (
        select(func.max(MESSAGES.c.n))
        .where(MESSAGES.c.session_id == SESSIONS.c.id, MESSAGES.c.sender != "merchant")
        .correlate(SESSIONS)
        .scalar_subquery()
    )
    found = connection.execute(
        select(SESSIONS.c.id)
        .join(CONTACTS, CONTACTS.c.session_id == SESSIONS.c.id)
        .join(MESSAGES, (MESSAGES.c.session_id == SESSIONS.c.id) & (MESSAGES.c.n == newest))
        .where(CONTACTS.c.channel == channel, CONTACTS.c.alive)
        .where(SESSIONS.c.holder == BOT, SESSIONS.c.updated > after, MESSAGES.c.choices != [])
        .order_by(SESSIONS.c.updated.desc())
    )
    return list(found.scalars())


def sessions_of(connection: Connection, ids: Collection[str]) -> list[Session]:
    """The conversations with these ids, in no order."""
    rows = connection.execute(select(SESSIONS.c.state).where(SESSIONS.c.id.in_(ids)))
    return [session.load(row.state) for row in rows]
