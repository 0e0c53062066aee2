"""Work done outside a turn, whose outcome comes back as an event on the one road.

A job is a row before it is work. Its handler runs in no transaction; its event and its end are one
transaction. What fails is tried again, and given up in the end with an event that says so: no conversation
waits in silence.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from conversations.events import AssessmentFailed, Event, HandleChecked
from conversations.store import work
from conversations.store.bell import JOBS, rung
from conversations.store.database import AWAY
from conversations.store.work import Job, State
from conversations.turns import Turns

Handler = Callable[[Job], Awaitable[Event | None]]

ATTEMPTS = 3
BACK_OFF = (1.0, 4.0)  #: seconds before the second and the third try
IDLE = 60.0  #: seconds between looks at the table when nothing is due; the bell cuts them short
LOOK_AGAIN = 1.0  #: the same when other processes write to the table
SLOTS = 8  #: conversations worked for at the same time
PATIENCE = 10.0  #: seconds that running work has to end when the process stops

log = logging.getLogger(__name__)


class Runner:
    """Runs due jobs: conversations side by side, the jobs of one in order. A context; or await `run`."""

    def __init__(
        self, turns: Turns, handlers: Mapping[str, Handler], *, slots: int = SLOTS, patience: float = PATIENCE
    ) -> None:
        self._turns, self._store = turns, turns.store
        self._handlers = handlers
        self._slots, self._patience = slots, patience
        self._running: set[asyncio.Task[None]] = set()
        self._recovered = False
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def run(self) -> None:
        """Work until `stop`; what a crash left running is taken up first."""
        with self._store.bell.listen(JOBS) as bell:
            while not self._stopping.is_set():
                bell.clear()
                await rung(bell, await self._round())
        await self._drain()

    async def stop(self) -> None:
        """Take nothing new and let running work end; what does not is taken up by the next start."""
        self._stopping.set()
        self._store.bell.ring(JOBS)
        if self._task is not None:
            await self._task

    async def _round(self) -> float:
        """Start what is due; the seconds until the next look. A database that fails is asked again."""
        try:
            if not self._recovered:
                await self._store.write(work.recover)
                self._recovered = True
            await self._start_due()
            return await self._until_next()
        except Exception as error:
            log.warning("no work could be taken: %s", type(error).__name__)
            return LOOK_AGAIN

    async def _start_due(self) -> None:
        now, free = self._turns.clock(), self._slots - len(self._running)
        if free:
            for job in await self._store.write(lambda connection: work.take(connection, now, free)):
                task = asyncio.create_task(self._work(job))
                self._running.add(task)
                task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._store.bell.ring(JOBS)  # a slot is free, and the conversation's next job may start

    async def _until_next(self) -> float:
        due = await self._store.read(work.next_due)
        most = LOOK_AGAIN if self._store.shared else IDLE
        if due is None or len(self._running) == self._slots:
            return most
        return min(max((due - self._turns.clock()).total_seconds(), 0.0), most)

    async def _drain(self) -> None:
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=self._patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, job: Job) -> None:
        try:
            if job.attempts > ATTEMPTS:
                raise RuntimeError("the process ended every time")
            await self._turns.finish(job, await self._handlers[job.kind](job))
        except Exception as error:
            log.warning("job %d (%s) failed: %s", job.id, job.kind, type(error).__name__, exc_info=True)
            await self._failed(job, type(error).__name__)

    async def _failed(self, job: Job, why: str) -> None:
        now = self._turns.clock()
        if job.attempts < ATTEMPTS:
            until = now + timedelta(seconds=BACK_OFF[job.attempts - 1])
            await self._surely(
                lambda: self._store.write(lambda connection: work.postpone(connection, job, until, why))
            )
            return
        try:
            await self._surely(lambda: self._turns.finish(job, given_up(job, why, now)))
        except Exception as error:  # the flow itself may be what fails; the row then says so
            log.warning("job %d could not be given up: %s", job.id, type(error).__name__)
        await self._surely(
            lambda: self._store.write(lambda connection: work.finish(connection, job, State.FAILED, why))
        )

    async def _surely(self, step: Callable[[], Awaitable[object]]) -> None:
        """Take the step, waiting for a database that is away; the next start recovers what a stop leaves."""
        while True:
            try:
                await step()
            except AWAY as error:
                log.warning("the database is away: %s", type(error).__name__)
                await asyncio.sleep(LOOK_AGAIN)
            else:
                return


def given_up(job: Job, why: str, at: datetime) -> Event | None:
    """What the conversation is told about work that failed every time."""
    if job.kind == "assess":
        return AssessmentFailed(at, why)
    if job.kind == "check_handle":
        asked = job.payload
        return HandleChecked(at, str(asked["account"]), str(asked["handle"]), fact="service_unavailable")
    return None
