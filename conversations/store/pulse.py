"""When the product was last known to be within reach, and whose question may have lost its answer since."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from conversations.session import BOT
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


def with_open_question(
    connection: Connection, channel: str, after: datetime, *, buttons_only: bool
) -> list[str]:
    """Conversations the bot leads that may wait for an answer, the latest moved first.

    Only those that moved after this time, and whose contact can be written to; with `buttons_only` those
    whose newest message by the bot has buttons.
    """
    newest = (
        select(func.max(MESSAGES.c.n))
        .where(MESSAGES.c.session_id == SESSIONS.c.id, MESSAGES.c.sender != "merchant")
        .correlate(SESSIONS)
        .scalar_subquery()
    )
    found = (
        select(SESSIONS.c.id)
        .join(CONTACTS, CONTACTS.c.session_id == SESSIONS.c.id)
        .join(MESSAGES, (MESSAGES.c.session_id == SESSIONS.c.id) & (MESSAGES.c.n == newest))
        .where(CONTACTS.c.channel == channel, CONTACTS.c.alive)
        .where(SESSIONS.c.holder == BOT, SESSIONS.c.updated > after)
        .order_by(SESSIONS.c.updated.desc())
    )
    if buttons_only:
        found = found.where(MESSAGES.c.choices != [])
    return list(connection.execute(found).scalars())
