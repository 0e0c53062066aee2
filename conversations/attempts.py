"""One try of a piece of work, and the one place that decides what follows it, whoever took the work.

The handler runs in no transaction; its event and the end of the work are one transaction. What fails is tried
again, and given up in the end with an event that says so: no conversation waits in silence.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from conversations.crashpoints import crashpoint
from conversations.events import AssessmentFailed, Event, HandleChecked
from conversations.store import work
from conversations.store.database import AWAY
from conversations.store.work import Job, State
from conversations.turns import Turns
from conversations.watch import UNWATCHED, Watch, Worked, about

Handler = Callable[[Job], Awaitable[Event | None]]

ATTEMPTS = 3
#: interrupted tries after which the work itself is held to end the process; bad luck alone seldom comes here
DEATHS = 6
BACK_OFF = (1.0, work.LONGEST_BACK_OFF.total_seconds())  #: seconds before the second and the third try
LOOK_AGAIN = 1.0  #: seconds until a database that is away is asked again

log = logging.getLogger(__name__)


class Attempts:
    """Makes attempts with the handlers of each kind of work."""

    def __init__(self, turns: Turns, handlers: Mapping[str, Handler], watch: Watch = UNWATCHED) -> None:
        self.turns, self.store = turns, turns.store
        self._handlers, self._watch = handlers, watch

    async def make(self, job: Job) -> float | None:
        """Do the work and tell its conversation; the seconds until it is to be tried again, if it is."""
        began = time.perf_counter()
        with about(job.session_id):
            outcome, again = await self._tried(job)
        self._watch.job(job.kind, outcome, time.perf_counter() - began)
        return again

    async def _tried(self, job: Job) -> tuple[Worked, float | None]:
        crashpoint("job taken")
        try:
            if job.attempts > DEATHS:
                raise RuntimeError("the process ended every time")
            event = await self._handlers[job.kind](job)
            crashpoint("job done")
            told = await self._surely(lambda: self.turns.finish(job, event))
        except Exception as error:
            log.warning("job %d (%s) failed: %s", job.id, job.kind, type(error).__name__, exc_info=True)
            return await self._failed(job, type(error).__name__)
        crashpoint("job finished")
        return ("done" if told or event is None else "dropped"), None

    async def _failed(self, job: Job, why: str) -> tuple[Worked, float | None]:
        if job.attempts >= ATTEMPTS:
            await self._give_up(job, why)
            return "given up", None
        seconds = BACK_OFF[job.attempts - 1]
        until = self.turns.clock() + timedelta(seconds=seconds)
        wanted = await self._surely(
            lambda: self.store.write(lambda connection: work.postpone(connection, job, until, why))
        )
        return ("postponed", seconds) if wanted else ("dropped", None)

    async def _give_up(self, job: Job, why: str) -> None:
        event = given_up(job, why, self.turns.clock())
        try:
            await self._surely(lambda: self.turns.finish(job, event))
        except Exception as error:  # the flow itself may be what fails; the row then says so
            log.warning("job %d could not be given up: %s", job.id, type(error).__name__)
        await self._surely(
            lambda: self.store.write(lambda connection: work.finish(connection, job, State.FAILED, why))
        )

    async def _surely(self, step: Callable[[], Awaitable[bool]]) -> bool:
        """Take the step, waiting for a database that is away; what a stop leaves is taken up again."""
        while True:
            try:
                return await step()
            except AWAY as error:
                log.warning("the database is away: %s", type(error).__name__)
                await asyncio.sleep(LOOK_AGAIN)


def given_up(job: Job, why: str, at: datetime) -> Event | None:
    """What the conversation is told about work that failed every time."""
    if job.kind == "assess":
        return AssessmentFailed(at, why)
    if job.kind == "check_handle":
        asked = job.payload
        return HandleChecked(at, str(asked["account"]), str(asked["handle"]), fact="service_unavailable")
    return None
