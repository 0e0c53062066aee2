"""The conversation as server-sent events: every message once, in order, from where the browser stopped."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp_sse import EventSourceResponse

from bot.refusals import Refusal
from conversations.gathering import Busy
from conversations.turns import Turns

log = logging.getLogger(__name__)

TABS = 8  #: streams of one conversation at a time
MOST = 5000  #: streams of one process; each holds a connection and some memory
PATIENCE = 60.0  #: seconds of quiet after which the table is looked at anyway


class Streams:
    """The open streams of this process, so that a shutdown can end them at once."""

    most = MOST
    heartbeat = 15.0  #: seconds between signs of life, by which a browser that left is noticed

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._open: dict[EventSourceResponse, str] = {}

    def __len__(self) -> int:
        return len(self._open)

    async def follow(self, request: web.Request, session_id: str, after: int) -> web.StreamResponse:
        """Send what is new until the browser or this process goes away.

        Raises:
            Busy: this process follows as many as it can.
            Refusal: this conversation is followed by more tabs than a person has.
        """
        if len(self._open) >= self.most:
            raise Busy
        if list(self._open.values()).count(session_id) >= TABS:
            raise Refusal(429, "too_many", retry_after=10)
        async with self._opened(request, session_id) as response, asyncio.TaskGroup() as work:
            feeding = work.create_task(self._feed(response, session_id, after))
            await response.wait()
            feeding.cancel()
        return response

    async def close(self, _app: web.Application) -> None:
        for response in self._open:
            response.stop_streaming()

    @asynccontextmanager
    async def _opened(self, request: web.Request, session_id: str) -> AsyncIterator[EventSourceResponse]:
        response = EventSourceResponse(ping_interval=self.heartbeat)
        await response.prepare(request)
        self._open[response] = session_id
        try:
            async with response:
                yield response
        finally:
            self._open.pop(response, None)

    async def _feed(self, response: EventSourceResponse, session_id: str, after: int) -> None:
        try:
            while True:
                for message in await self._turns.news(session_id, after, PATIENCE):
                    after = message.n
                    data = json.dumps(message.to_json(), ensure_ascii=False)
                    await response.send(data, id=str(after))
        except ConnectionResetError:
            response.stop_streaming()
        except Exception:  # an answer has begun: it can only end, and the browser asks again
            log.exception("a stream failed")
            response.stop_streaming()
