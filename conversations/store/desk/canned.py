"""Replies that colleagues keep at hand for everybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from conversations.tables_desk import CANNED


@dataclass(frozen=True)
class Canned:
    """A reply by its short name, in one language."""

    short: str
    language: str
    text: str
    by: str
    at: datetime


def every(connection: Connection) -> list[Canned]:
    rows = connection.execute(select(CANNED).order_by(CANNED.c.short, CANNED.c.language))
    return [Canned(row.short, row.language, row.text, row.by, row.at) for row in rows]


def put(connection: Connection, new: Canned) -> None:
    """In place of the one of this name and language, if there is one."""
    drop(connection, new.short, new.language)
    connection.execute(insert(CANNED), vars(new))


def drop(connection: Connection, short: str, language: str) -> bool:
    """Whether there was one."""
    named = delete(CANNED).where(CANNED.c.short == short, CANNED.c.language == language)
    return connection.execute(named).rowcount == 1
