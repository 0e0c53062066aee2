"""Work taken from Procrastinate's queue, so that any process may do it and outlive any other.

Procrastinate gives a conversation's work to one worker at a time and in order; what a silent worker holds is
given to another. It is imported only here, and only when work begins.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from conversations.attempts import Attempts
from conversations.rounds import Rounds
from conversations.store import queue, work

if TYPE_CHECKING:
    import procrastinate
    import procrastinate.worker

RESCUE = 2.0  #: seconds between looks for work whose worker is silent
HEARTBEAT = 2.0  #: seconds between two signs of life of a worker
SILENT = 6.0  #: seconds without one after which its work is given to others
LOOK_AGAIN = 0.25  #: seconds between looks for work that no notification tells of: retries, a lock set free
CONNECTIONS = 4
PATIENCE = 5.0  #: seconds to wait for one of them

log = logging.getLogger(__name__)


class Again(Exception):
    """The work is to be tried again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds} s")
        self.seconds = seconds


class QueueWorker(Rounds):
    """One Procrastinate worker in this process, begun anew when its database was away."""

    def __init__(self, attempts: Attempts, url: str, *, slots: int, patience: float) -> None:
        super().__init__(attempts.store, queue.QUEUE)
        self._attempts, self._url = attempts, url
        self._slots, self._patience = slots, patience
        self._worker: procrastinate.worker.Worker | None = None
        self._working: asyncio.Task[None] | None = None
        self._held: set[int] = set()  #: the jobs that this process is at
        self._missed: set[int] = set()  #: entries that looked mislaid at the last round

    async def round(self) -> float:
        """Free what silent workers hold and what was mislaid, and see that the own worker works."""
        await self._store.write(partial(queue.tidy, silent=SILENT))
        await self._find_again()
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return RESCUE

    async def end(self) -> None:
        """Let running work end within its time; what does not is free for others at once."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.wait([self._working])

    async def _find_again(self) -> None:
        """Twice in a row, since between the end of work and the queue's word of it an entry looks mislaid."""
        worker = self._worker.worker_id if self._worker is not None else None
        if worker is None:
            return
        missed = await self._store.read(partial(queue.mislaid, worker=worker, held=self._held))
        if again := missed & self._missed:
            await self._store.write(partial(queue.free, worker=worker, entries=again))
        self._missed = missed - again

    async def _work(self) -> None:
        from procrastinate.worker import Worker

        app = self._app()
        self._worker = Worker(
            app,
            queues=[queue.QUEUE],
            concurrency=self._slots,
            delete_jobs="successful",
            fetch_job_polling_interval=LOOK_AGAIN,
            install_signal_handlers=False,  # the process has its own
            shutdown_graceful_timeout=self._patience,
            stalled_worker_timeout=SILENT,
            update_heartbeat_interval=HEARTBEAT,
        )
        try:
            await app.open_async()
            await self._worker.run()  # type: ignore[no-untyped-call]  # it carries no annotation
        except Exception as error:  # the next round begins again
            log.warning("the queue could not be worked: %s", type(error).__name__)
        finally:
            await app.close_async()

    def _app(self) -> "procrastinate.App":
        import procrastinate
        from procrastinate.jobs import Job
        from procrastinate.retry import BaseRetryStrategy

        class AsDecided(BaseRetryStrategy):
            """What `Attempts` said; at once for work that was cut off by a stop or an unforeseen error."""

            def get_retry_decision(
                self, *, exception: BaseException, job: Job
            ) -> procrastinate.RetryDecision:
                seconds = exception.seconds if isinstance(exception, Again) else 0.0
                return procrastinate.RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=seconds))

        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # `Attempts` has said what failed
        named = {"application_name": "bangbang queue", "options": f"-c search_path={queue.SCHEMA}"}
        connection = {**queue.reached(self._url), **named}
        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                kwargs=connection, min_size=1, max_size=CONNECTIONS, timeout=PATIENCE
            )
        )
        app.task(name=queue.TASK, queue=queue.QUEUE, retry=AsDecided())(self._do)
        return app

    async def _do(self, job: int) -> None:
        self._held.add(job)
        try:
            again = await self._tried(job)
        finally:
            self._held.discard(job)
        if again is not None:
            raise Again(again)

    async def _tried(self, job: int) -> float | None:
        worker = self._store.presence.worker
        taken = await self._store.write(partial(work.begin, number=job, worker=worker))
        return None if taken is None else await self._attempts.make(taken)
