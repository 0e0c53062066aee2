"""How often somebody may try: five times in five minutes, for an account and for an address."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from conversations.store import tries

TRIES = 5
WINDOW = timedelta(minutes=5)


def recent(times: Sequence[datetime], now: datetime) -> list[datetime]:
    """Those that still count; what a clock put into the future counts too."""
    return [time for time in times if now - time < WINDOW]


def begin(connection: Connection, keys: Sequence[str], now: datetime) -> bool:
    """Count a try before it is made, so that many at once count as many do; False when locked."""
    kept = {key: recent(times, now) for key, times in tries.read(connection, keys, now).items()}
    if any(len(times) >= TRIES for times in kept.values()):
        return False
    for key, times in kept.items():
        tries.write(connection, key, [*times, now], now)
    return True


def locks(connection: Connection, keys: Sequence[str], now: datetime) -> bool:
    """Whether the next try would be refused."""
    return any(len(recent(t, now)) >= TRIES for t in tries.read(connection, keys, now).values())


def succeeded(connection: Connection, account: str, address: str, began: datetime, now: datetime) -> None:
    """The account begins anew; at the address, where others may be trying, only this try is forgotten."""
    kept = tries.read(connection, (account, address), now)
    tries.write(connection, account, (), now)
    left = recent(kept[address], now)
    if began in left:
        left.remove(began)
    tries.write(connection, address, left, now)
