"""Notes to colleagues, and who was named in them; and how far each colleague has read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from conversations.store.statements import insert_once
from conversations.tables_desk import MENTIONS, NOTES, READS


@dataclass(frozen=True)
class Note:
    id: int
    by: str
    text: str
    at: datetime


@dataclass(frozen=True)
class New:
    """A note to be added; `to` are the colleagues named in it."""

    session_id: str
    by: str
    text: str
    at: datetime
    to: Collection[str] = ()


def of(connection: Connection, session_id: str) -> list[Note]:
    """The notes on a conversation, the oldest first."""
    rows = connection.execute(select(NOTES).where(NOTES.c.session_id == session_id).order_by(NOTES.c.id))
    return [Note(row.id, row.by, row.text, row.at) for row in rows]


def add(connection: Connection, new: New) -> int:
    row = {"session_id": new.session_id, "by": new.by, "text": new.text, "at": new.at}
    id = int(connection.execute(insert(NOTES).returning(NOTES.c.id), row).scalar_one())
    named = [{"note": id, "staff": staff, "session_id": new.session_id} for staff in sorted(set(new.to))]
    if named:
        connection.execute(insert(MENTIONS), named)
    return id


def read(connection: Connection, session_id: str, staff: str, n: int) -> bool:
    """Somebody has seen a conversation up to this message, and the notes beside it; whether that is news."""
    theirs = (READS.c.session_id == session_id, READS.c.staff == staff)
    mentioned = delete(MENTIONS).where(MENTIONS.c.session_id == session_id, MENTIONS.c.staff == staff)
    news = connection.execute(mentioned).rowcount > 0
    if insert_once(connection, READS, {"session_id": session_id, "staff": staff, "n": n}):
        return True
    further = update(READS).where(*theirs, READS.c.n < n).values(n=n)
    return connection.execute(further).rowcount == 1 or news
