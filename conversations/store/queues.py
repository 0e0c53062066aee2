"""How much waits in the tables, told by one statement that reads nothing but their indexes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, ScalarSelect, Table, func, select

from conversations.store import work
from conversations.store.handover import State
from conversations.tables import DEAD_LETTERS, JOBS, OUTBOX, TIMERS


@dataclass(frozen=True)
class Queues:
    """`…_due` is when the row that has waited longest could first have been taken; None when none waits."""

    outbox: int
    outbox_due: datetime | None
    jobs_queued: int
    jobs_running: int
    jobs_due: datetime | None
    dead_letters: int
    timers_due: datetime | None  #: when the next timer rings, or should have


def _count(table: Table, state: str) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(table.c.state == state).scalar_subquery()


def _oldest(table: Table, state: str) -> ScalarSelect[datetime]:
    return select(func.min(table.c.due)).where(table.c.state == state).scalar_subquery()


_QUEUES = select(
    _count(OUTBOX, State.QUEUED.value),
    _oldest(OUTBOX, State.QUEUED.value),
    _count(JOBS, work.State.QUEUED.value),
    _count(JOBS, work.State.RUNNING.value),
    _oldest(JOBS, work.State.QUEUED.value),
    select(func.count()).select_from(DEAD_LETTERS).scalar_subquery(),
    select(func.min(TIMERS.c.due)).scalar_subquery(),
)


def look(connection: Connection) -> Queues:
    return Queues(*connection.execute(_QUEUES).one())
