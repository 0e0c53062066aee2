"""Liveness and readiness, for whatever watches the process.

Not ready (503) is what another process may do better: no database, one that takes no change, a schema that is
missing or older. Degraded (200) is what no balancer can mend: messages that wait for a channel, a newer
schema while a release is rolled out.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from aiohttp import web
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot import database
from conversations.store import probe, queues

FRESH = 5.0  #: seconds that an answer serves, so that probes cost one durable write in this time
PATIENCE = 1.8  #: seconds that the database has to answer
LATE = 300.0  #: seconds that the oldest due message may wait before the state is called degraded

Answer = tuple[int, dict[str, Any]]
T = TypeVar("T")


class Kept(Protocol):
    """What is needed of `conversations.store.Store`."""

    async def read(self, body: Callable[[Connection], T]) -> T: ...
    async def write(self, body: Callable[[Connection], T]) -> T: ...


class Health:
    """`GET /healthz` and `GET /readyz`."""

    def __init__(self, store: Kept, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._answer: Answer | None = None
        self._until = 0.0
        self._one = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self.alive), web.get("/readyz", self.ready)]

    async def alive(self, _request: web.Request) -> web.Response:
        """The process answers."""
        return web.json_response({"status": "alive"})

    async def ready(self, _request: web.Request) -> web.Response:
        """The database takes changes, its schema serves, and how late messages are."""
        async with self._one:  # however many probe, one of them looks
            if self._answer is None or time.monotonic() >= self._until:
                self._answer = await self._look()
                self._until = time.monotonic() + FRESH
            status, body = self._answer
        return web.json_response(body, status=status)

    async def _look(self) -> Answer:
        try:
            async with asyncio.timeout(PATIENCE):
                schema, waiting = await self._asked()
        except Exception as error:  # whatever the driver raises, the answer is the same
            return 503, {"status": "database unavailable", "error": type(error).__name__}
        if not database.serves(schema):
            return 503, {"status": "schema too old", "schema": schema}
        due = waiting.outbox_due
        late = max(0.0, (self._clock() - due).total_seconds()) if due else 0.0
        well = late <= LATE and database.difference(schema) is None
        return 200, {
            "status": "ready" if well else "degraded",
            "schema": schema,
            "oldest_message_seconds": round(late),
        }

    async def _asked(self) -> tuple[str | None, queues.Queues]:
        """Write and read; whichever fails, the other is waited for, so it leaves no connection behind."""
        wrote, state = await asyncio.gather(self._write(), self._store.read(_state), return_exceptions=True)
        if isinstance(wrote, BaseException):
            raise wrote
        if isinstance(state, BaseException):
            raise state
        return state

    async def _write(self) -> None:
        with suppress(IntegrityError):
            await self._store.write(partial(probe.touch, now=self._clock()))


def _state(connection: Connection) -> tuple[str | None, queues.Queues]:
    """The schema, and what waits."""
    return database.revision(connection), queues.look(connection)
