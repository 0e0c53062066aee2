"""Work done outside a turn, whose outcome comes back as an event on the one road.

A job is a row before it is work. With PostgreSQL any process takes it from Procrastinate's queue; with SQLite
this process takes it from the table. Either way the jobs of one conversation are done in order, those of
different ones side by side, and what a killed process had begun is taken up again.
"""

import asyncio
from datetime import timedelta

from conversations.attempts import Attempts, Handler
from conversations.queue_worker import QueueWorker
from conversations.rounds import Rounds
from conversations.store import work
from conversations.store.bell import JOBS
from conversations.store.work import Job

__all__ = ["Attempts", "Handler", "Job", "Runner", "worker"]

IDLE = 60.0  #: seconds between looks at the table when nothing is due; the bell cuts them short
SLOTS = 8  #: conversations worked for at the same time
PATIENCE = 10.0  #: seconds that running work has to end when the process stops


def worker(attempts: Attempts, url: str, *, slots: int = SLOTS, patience: float = PATIENCE) -> Rounds:
    """Whoever does the work on the database at this URL, which is the one of `attempts`; use it as a context.

    Args:
        slots: conversations worked for at the same time.
        patience: seconds that running work has to end when the context does.
    """
    if attempts.store.shared:
        return QueueWorker(attempts, url, slots=slots, patience=patience)
    return Runner(attempts, slots=slots, patience=patience)


class Runner(Rounds):
    """Takes due jobs from the table of a database that no other process works on."""

    def __init__(self, attempts: Attempts, *, slots: int = SLOTS, patience: float = PATIENCE) -> None:
        super().__init__(attempts.store, JOBS)
        self._attempts = attempts
        self._slots, self._patience = slots, patience
        self._running: set[asyncio.Task[float | None]] = set()
        self._recovered = False

    async def round(self) -> float:
        """Start what is due; what a crash left running is queued again first."""
        if not self._recovered:
            live = self._store.presence.live
            await self._store.write(lambda connection: work.recover(connection, live(connection)))
            self._recovered = True
        await self._start_due()
        return await self._until_next()

    async def end(self) -> None:
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=self._patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _start_due(self) -> None:
        now, free = self._attempts.turns.clock(), self._slots - len(self._running)
        worker = self._store.presence.worker
        if free:
            for job in await self._store.write(lambda connection: work.take(connection, now, free, worker)):
                self._start(job)

    def _start(self, job: Job) -> None:
        task = asyncio.create_task(self._attempts.make(job))
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[float | None]) -> None:
        self._running.discard(task)
        self.wake()  # a slot is free, and the conversation's next job may start

    async def _until_next(self) -> float:
        due = await self._store.read(work.next_due)
        if due is None or len(self._running) == self._slots:
            return IDLE
        wait = due - self._attempts.turns.clock()
        return min(max(wait, timedelta()), work.LONGEST_BACK_OFF).total_seconds()
