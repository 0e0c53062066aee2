"""Letters that could not be acted on: kept sealed as they came, for an operator, until their time is up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select

from conversations.tables import DEAD_LETTERS


@dataclass(frozen=True)
class DeadLetter:
    """What arrived, why nothing could be done about it, and the bytes, which only the shell can open."""

    channel: str
    arrival: str | None
    why: str
    sealed: str
    at: datetime
    id: int | None = None  #: given by the database


def add(connection: Connection, letter: DeadLetter) -> bool:
    """Whether the letter is new; one that is delivered again is kept once."""
    if letter.arrival is not None and _known(connection, letter):
        return False
    connection.execute(insert(DEAD_LETTERS), _columns(letter))
    return True


def newest(connection: Connection, most: int = 50) -> list[DeadLetter]:
    """The newest letters, the newest first."""
    rows = connection.execute(select(DEAD_LETTERS).order_by(DEAD_LETTERS.c.id.desc()).limit(most))
    return [_letter(row) for row in rows]


def find(connection: Connection, id: int) -> DeadLetter | None:
    row = connection.execute(select(DEAD_LETTERS).where(DEAD_LETTERS.c.id == id)).one_or_none()
    return None if row is None else _letter(row)


def prune(connection: Connection, before: datetime, most: int) -> int:
    """Delete at most so many letters from before this time; how many it were."""
    old = select(DEAD_LETTERS.c.id).where(DEAD_LETTERS.c.at < before).limit(most)
    return connection.execute(delete(DEAD_LETTERS).where(DEAD_LETTERS.c.id.in_(old))).rowcount


def _known(connection: Connection, letter: DeadLetter) -> bool:
    same: tuple[ColumnElement[bool], ...] = (
        DEAD_LETTERS.c.channel == letter.channel,
        DEAD_LETTERS.c.arrival == letter.arrival,
    )
    return connection.execute(select(DEAD_LETTERS.c.id).where(*same).limit(1)).first() is not None


def _columns(letter: DeadLetter) -> dict[str, object]:
    return {
        "channel": letter.channel,
        "arrival": letter.arrival,
        "why": letter.why,
        "sealed": letter.sealed,
        "at": letter.at,
    }


def _letter(row: Row[tuple[object, ...]]) -> DeadLetter:
    return DeadLetter(row.channel, row.arrival, row.why, row.sealed, row.at, row.id)
