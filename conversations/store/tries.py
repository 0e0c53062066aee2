"""When somebody tried to prove themselves, by key; a row is locked while it is counted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from conversations.store.statements import insert_once
from conversations.tables_access import SIGN_IN_TRIES


def read(connection: Connection, keys: Sequence[str], now: datetime) -> dict[str, list[datetime]]:
    """The times kept for each key; nobody else counts these keys until the transaction ends."""
    for key in sorted(keys):  # in one order, so that no two wait for each other
        insert_once(connection, SIGN_IN_TRIES, {"key": key, "times": [], "last": now})
    locked = (
        select(SIGN_IN_TRIES)
        .where(SIGN_IN_TRIES.c.key.in_(keys))
        .order_by(SIGN_IN_TRIES.c.key)
        .with_for_update()
    )
    return {
        row.key: [datetime.fromisoformat(time) for time in row.times] for row in connection.execute(locked)
    }


def write(connection: Connection, key: str, times: Sequence[datetime], now: datetime) -> None:
    told = [time.isoformat() for time in times]
    connection.execute(update(SIGN_IN_TRIES).where(SIGN_IN_TRIES.c.key == key).values(times=told, last=now))


def forget(connection: Connection, before: datetime, most: int) -> int:
    """Delete at most so many keys that nobody tried since this time; how many it were."""
    old = select(SIGN_IN_TRIES.c.key).where(SIGN_IN_TRIES.c.last < before).limit(most)
    return connection.execute(delete(SIGN_IN_TRIES).where(SIGN_IN_TRIES.c.key.in_(old))).rowcount
