"""A database as if time had passed: what is in it is older than it was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update

from conversations import session
from conversations.tables import INBOX, PULSES, SESSIONS, TIMERS
from tests.faults.evidence import connected


def minutes_ago(url: str, minutes: int) -> None:
    """Everybody was heard, and the product was last in reach, so much earlier."""
    earlier, engine = timedelta(minutes=minutes), connected(url)
    with engine.begin() as connection:
        for row in connection.execute(select(PULSES)).all():
            connection.execute(update(PULSES).where(PULSES.c.name == row.name).values(at=row.at - earlier))
        for row in connection.execute(select(SESSIONS.c.id, SESSIONS.c.state)).all():
            kept = session.load(row.state)
            before = replace(kept, seen=kept.seen - earlier if kept.seen else None)
            dumped = update(SESSIONS).where(SESSIONS.c.id == row.id).values(state=session.dump(before))
            connection.execute(dumped)
    engine.dispose()


def timers_due(url: str) -> None:
    """Every conversation has a timer of an earlier release, due long ago."""
    long_ago, engine = datetime.now(UTC) - timedelta(days=10), connected(url)
    with engine.begin() as connection:
        ids = connection.execute(select(SESSIONS.c.id)).scalars().all()
        rows = [{"session_id": id, "name": "of an earlier release", "due": long_ago} for id in ids]
        connection.execute(insert(TIMERS), rows)
    engine.dispose()


def old_arrivals(url: str, count: int) -> None:
    """So many arrivals that have served their time."""
    long_ago, engine = datetime.now(UTC) - timedelta(days=10), connected(url)
    rows = [{"channel": "old", "arrival": str(n), "at": long_ago} for n in range(count)]
    with engine.begin() as connection:
        connection.execute(insert(INBOX), rows)
    engine.dispose()
