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
        self._worker: asyncio.Task[None] | None = None

    async def round(self) -> float:
        """Free what silent workers hold, and see that the own one works."""
        await self._store.write(partial(queue.tidy, silent=SILENT))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return RESCUE

    async def end(self) -> None:
        """Let running work end within its time; what does not is free for others at once."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.wait([self._worker])

    async def _work(self) -> None:
        app = self._app()
        try:
            await app.open_async()
            await app.run_worker_async(
                queues=[queue.QUEUE],
                concurrency=self._slots,
                delete_jobs="successful",
                fetch_job_polling_interval=LOOK_AGAIN,
                install_signal_handlers=False,  # the process has its own
                shutdown_graceful_timeout=self._patience,
                stalled_worker_timeout=SILENT,
                update_heartbeat_interval=HEARTBEAT,
            )
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
        worker = self._store.presence.worker
        taken = await self._store.write(partial(work.begin, number=job, worker=worker))
        again = None if taken is None else await self._attempts.make(taken)
        if again is not None:
            raise Again(again)
