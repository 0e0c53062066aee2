"""Work to be done outside a turn: rows with a due time, taken in order within a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, insert, select, update

from conversations.tables import JOBS


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


PENDING = (State.QUEUED.value, State.RUNNING.value)


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
    connection.execute(
        insert(JOBS),
        {
            "kind": kind,
            "session_id": session_id,
            "payload": dict(payload),
            "state": State.QUEUED.value,
            "due": now,
            "attempts": 0,
        },
    )


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


def take(connection: Connection, now: datetime, most: int) -> list[Job]:
    """Mark as running, and return, the oldest due work of conversations that have none running."""
    earlier = JOBS.alias("earlier")
    first = ~exists().where(
        earlier.c.session_id == JOBS.c.session_id, earlier.c.id < JOBS.c.id, earlier.c.state.in_(PENDING)
    )
    rows = connection.execute(
        select(JOBS)
        .where(JOBS.c.state == State.QUEUED.value, JOBS.c.due <= now, first)
        .order_by(JOBS.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    if rows:
        connection.execute(
            update(JOBS)
            .where(JOBS.c.id.in_([row.id for row in rows]))
            .values(state=State.RUNNING.value, attempts=JOBS.c.attempts + 1)
        )
    return [Job(row.id, row.kind, row.session_id, row.payload, row.attempts + 1) for row in rows]


def next_due(connection: Connection) -> datetime | None:
    """When the next waiting work may be taken."""
    due: datetime | None = connection.execute(
        select(func.min(JOBS.c.due)).where(JOBS.c.state == State.QUEUED.value)
    ).scalar_one()
    return due


def finish(connection: Connection, job: Job, state: State, error: str | None = None) -> bool:
    """Whether the work was still wanted; erased work is not."""
    return _change(connection, job, state=state.value, error=error)


def postpone(connection: Connection, job: Job, until: datetime, error: str) -> bool:
    return _change(connection, job, state=State.QUEUED.value, due=until, error=error)


def recover(connection: Connection) -> int:
    """Queue again what a crash left running; how many that were."""
    running = JOBS.c.state == State.RUNNING.value
    return connection.execute(update(JOBS).where(running).values(state=State.QUEUED.value)).rowcount


def _change(connection: Connection, job: Job, **values: Any) -> bool:
    still = (JOBS.c.id == job.id, JOBS.c.state == State.RUNNING.value)
    return connection.execute(update(JOBS).where(*still).values(**values)).rowcount == 1


def _any(connection: Connection, *conditions: ColumnElement[bool]) -> bool:
    return connection.execute(select(JOBS.c.id).where(*conditions).limit(1)).first() is not None
