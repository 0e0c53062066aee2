"""Timers that fall due; they are set and ended with the turn that changed them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update

from conversations.tables import TIMERS
from conversations.timers import FARTHEST

_DUE = (
    select(TIMERS)
    .where(or_(TIMERS.c.due <= bindparam("now"), TIMERS.c.due > bindparam("farthest")))
    .order_by(TIMERS.c.due)
    .limit(bindparam("most"))
)
_PUT_OFF = (
    update(TIMERS)
    .where(
        TIMERS.c.session_id == bindparam("key_session"),
        TIMERS.c.name == bindparam("key_name"),
        TIMERS.c.due == bindparam("was", type_=TIMERS.c.due.type),
    )
    .values(due=bindparam("until", type_=TIMERS.c.due.type))
)


@dataclass(frozen=True)
class Timer:
    """One timer of one conversation."""

    session_id: str
    name: str
    due: datetime

    @property
    def arrival(self) -> str:
        """What makes it one arrival, however often it is found."""
        return f"{self.session_id}:{self.name}:{self.due.isoformat()}"


def due(connection: Connection, now: datetime, most: int) -> list[Timer]:
    """What is due, the longest first; and what a clock that has since gone back has set."""
    asked = {"now": now, "farthest": now + 2 * FARTHEST, "most": most}
    return [Timer(row.session_id, row.name, row.due) for row in connection.execute(_DUE, asked)]


def put_off(connection: Connection, timer: Timer, until: datetime) -> None:
    """Let one that could not be acted on wait, so that it stands in nobody's way."""
    asked = {"key_session": timer.session_id, "key_name": timer.name, "was": timer.due, "until": until}
    connection.execute(_PUT_OFF, asked)
