"""The conversation as server-sent events: every message once, in order, from where the browser stopped."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp_sse import EventSourceResponse

from conversations.turns import Turns

PATIENCE = 60.0  #: seconds of quiet after which the table is looked at anyway


class Streams:
    """The open streams of this process, so that a shutdown can end them at once."""

    heartbeat = 15.0  #: seconds between signs of life, by which a browser that left is noticed

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._open: set[EventSourceResponse] = set()

    def __len__(self) -> int:
        return len(self._open)

    async def follow(self, request: web.Request, session_id: str, after: int) -> web.StreamResponse:
        """Send what is new until the browser or this process goes away."""
        async with self._opened(request) as response, asyncio.TaskGroup() as work:
            feeding = work.create_task(self._feed(response, session_id, after))
            await response.wait()
            feeding.cancel()
        return response

    async def close(self, _app: web.Application) -> None:
        for response in self._open:
            response.stop_streaming()

    @asynccontextmanager
    async def _opened(self, request: web.Request) -> AsyncIterator[EventSourceResponse]:
        response = EventSourceResponse(ping_interval=self.heartbeat)
        await response.prepare(request)
        self._open.add(response)
        try:
            async with response:
                yield response
        finally:
            self._open.discard(response)

    async def _feed(self, response: EventSourceResponse, session_id: str, after: int) -> None:
        try:
            while True:
                for message in await self._turns.news(session_id, after, PATIENCE):
                    after = message.n
                    data = json.dumps(message.to_json(), ensure_ascii=False)
                    await response.send(data, id=str(after))
        except ConnectionResetError:
            response.stop_streaming()
