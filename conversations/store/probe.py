"""Whether the database takes a change: a row of its own, written as durably as any."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, update

from conversations.tables import PULSES

_NAME = "probe"
_AGAIN = update(PULSES).where(PULSES.c.name == _NAME).values(at=bindparam("now"))


def touch(connection: Connection, now: datetime) -> None:
    """Write the time; a full or read-only disk shows.

    Raises:
        IntegrityError: another process wrote the first row at this moment, so the database does take changes.
    """
    if not connection.execute(_AGAIN, {"now": now}).rowcount:
        connection.execute(insert(PULSES), {"name": _NAME, "at": now})
