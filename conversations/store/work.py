"""Work to be done outside a turn: rows with a due time, taken in order within a conversation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, or_, select, update

from conversations.crashpoints import crashpoint
from conversations.store import queue
from conversations.tables import JOBS


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


PENDING = (State.QUEUED.value, State.RUNNING.value)
ENDED = (State.DONE.value, State.FAILED.value)
#: the longest that work is put off; due later than that, it was put off by a clock that has since gone back
LONGEST_BACK_OFF = timedelta(seconds=4)

_EARLIER = JOBS.alias("earlier")
_FIRST = ~exists().where(
    _EARLIER.c.session_id == JOBS.c.session_id, _EARLIER.c.id < JOBS.c.id, _EARLIER.c.state.in_(PENDING)
)


@dataclass(frozen=True)
class Job:
    """One piece of work; `attempts` counts this one too."""

    id: int
    kind: str
    session_id: str
    payload: Mapping[str, Any]
    attempts: int


def add(
    connection: Connection, session_id: str, kind: str, payload: Mapping[str, Any], now: datetime
) -> None:
    """Keep the work, and let whoever works there know of it: with PostgreSQL its queue, else the table."""
    row = {
        "kind": kind,
        "session_id": session_id,
        "payload": dict(payload),
        "state": State.QUEUED.value,
        "due": now,
        "attempts": 0,
    }
    number = connection.execute(insert(JOBS).returning(JOBS.c.id), row).scalar_one()
    if connection.dialect.name == "postgresql":
        queue.defer(connection, number)
    crashpoint("work added")


def queued(connection: Connection, session_id: str, kind: str, after: int = 0) -> bool:
    """Whether such work waits for its turn, numbered above `after`."""
    return _any(
        connection,
        JOBS.c.session_id == session_id,
        JOBS.c.kind == kind,
        JOBS.c.state == State.QUEUED.value,
        JOBS.c.id > after,
    )


def pending(connection: Connection, session_id: str) -> bool:
    return _any(connection, JOBS.c.session_id == session_id, JOBS.c.state.in_(PENDING))


def take(connection: Connection, now: datetime, most: int, worker: str | None = None) -> list[Job]:
    """Mark as running, and return, the oldest due work of conversations that have none running."""
    due = or_(JOBS.c.due <= now, JOBS.c.due > now + LONGEST_BACK_OFF)
    rows = connection.execute(
        select(JOBS)
        .where(JOBS.c.state == State.QUEUED.value, due, _FIRST)
        .order_by(JOBS.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    if rows:
        connection.execute(update(JOBS).where(JOBS.c.id.in_([row.id for row in rows])).values(_begun(worker)))
        crashpoint("work begun")
    return [Job(row.id, row.kind, row.session_id, row.payload, row.attempts + 1) for row in rows]


def begin(connection: Connection, number: int, worker: str | None = None) -> Job | None:
    """Mark as running, and return, the work of this number; None when it was erased or has ended.

    Work that is running already was begun by a process that is gone: the caller has the queue's lock.
    """
    wanted = (JOBS.c.id == number, JOBS.c.state.in_(PENDING))
    row = connection.execute(update(JOBS).where(*wanted).values(_begun(worker)).returning(JOBS)).one_or_none()
    return None if row is None else Job(row.id, row.kind, row.session_id, row.payload, row.attempts)


def next_due(connection: Connection) -> datetime | None:
    """When the next work may be taken that waits for nothing but its time."""
    due: datetime | None = connection.execute(
        select(func.min(JOBS.c.due)).where(JOBS.c.state == State.QUEUED.value, _FIRST)
    ).scalar_one()
    return due


def finish(connection: Connection, job: Job, state: State, error: str | None = None) -> bool:
    """Whether this attempt was still wanted: not erased, not ended, and not taken up by another since."""
    return _change(connection, job, state=state.value, error=error)


def postpone(connection: Connection, job: Job, until: datetime, error: str) -> bool:
    return _change(connection, job, state=State.QUEUED.value, due=until, error=error)


def recover(connection: Connection, live: Collection[str] = ()) -> int:
    """Queue again what workers that are no longer alive left running; how much that was."""
    left = or_(JOBS.c.worker.is_(None), JOBS.c.worker.not_in(live))
    running = (JOBS.c.state == State.RUNNING.value, left)
    return connection.execute(update(JOBS).where(*running).values(state=State.QUEUED.value)).rowcount


def forget(connection: Connection, before: datetime, most: int) -> int:
    """Delete at most so much work that ended and was due before this time; how much that was."""
    old = select(JOBS.c.id).where(JOBS.c.state.in_(ENDED), JOBS.c.due < before).limit(most)
    return connection.execute(delete(JOBS).where(JOBS.c.id.in_(old))).rowcount


def _begun(worker: str | None) -> dict[str, Any]:
    return {"state": State.RUNNING.value, "attempts": JOBS.c.attempts + 1, "worker": worker}


def _change(connection: Connection, job: Job, **values: Any) -> bool:
    same = (JOBS.c.id == job.id, JOBS.c.state == State.RUNNING.value, JOBS.c.attempts == job.attempts)
    return connection.execute(update(JOBS).where(*same).values(**values)).rowcount == 1


def _any(connection: Connection, *conditions: ColumnElement[bool]) -> bool:
    return connection.execute(select(JOBS.c.id).where(*conditions).limit(1)).first() is not None
