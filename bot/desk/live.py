"""The desk as it changes: panes sent to every open page within moments, by server-sent events."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp_sse import EventSourceResponse

from bot.desk import looking
from bot.desk.board import WITH_CHAT, Board, Told, partials
from bot.desk.gate import VISIT, Gate, Visit
from bot.desk.looking import Looking
from bot.desk.panes import LIST
from bot.refusals import Refusal
from conversations.store.bell import CHATS, DESK, rung
from conversations.store.desk.queue import View

log = logging.getLogger(__name__)

TABS = 12  #: streams of one colleague at a time
PAUSE, LONGEST_PAUSE = 0.2, 0.6  #: seconds between two looks, however much happens
SHARE = 0.05  #: of the time that the looks of one page take, as far as the longest pause allows
PATIENCE = 20.0  #: seconds after which waiting times are told anew
HEARTBEAT = 15.0
BUSY = frozenset({View.ALL, View.UNASSIGNED})  #: views that any conversation's turn may change


@dataclass(frozen=True)
class Live:
    board: Board
    gate: Gate
    open: dict[EventSourceResponse, str] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/desk/live", self.follow)]

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """Send panes that changed, until the browser leaves or the colleague's session ends.

        Raises:
            Refusal: this is no stream's request, or one colleague has more pages open than anybody needs.
        """
        if "text/event-stream" not in request.headers.get("Accept", ""):
            raise Refusal(406, "bad_request")
        visit, where = request[VISIT], looking.read(request)
        if list(self.open.values()).count(visit.staff.id) >= TABS:
            raise Refusal(429, "too_many", retry_after=10)
        async with self._opened(request, visit.staff.id) as response, asyncio.TaskGroup() as work:
            running = [
                work.create_task(self._feed(request, response, where)),
                work.create_task(self._until_over(visit, response)),
            ]
            await response.wait()
            for task in running:
                task.cancel()
        return response

    async def close(self, _app: web.Application) -> None:
        for response in self.open:
            response.stop_streaming()

    @asynccontextmanager
    async def _opened(self, request: web.Request, staff: str) -> AsyncIterator[EventSourceResponse]:
        response = EventSourceResponse(ping_interval=HEARTBEAT)
        await response.prepare(request)
        self.open[response] = staff
        try:
            async with response:
                yield response
        finally:
            self.open.pop(response, None)

    async def _until_over(self, visit: Visit, response: EventSourceResponse) -> None:
        await self.gate.over(visit)
        response.stop_streaming()

    async def _feed(self, request: web.Request, response: EventSourceResponse, where: Looking) -> None:
        try:
            await self._follow(request, response, where)
        except ConnectionResetError:
            response.stop_streaming()
        except Exception:  # an answer has begun: it can only end, and the browser asks again
            log.exception("a stream of the desk failed")
            response.stop_streaming()

    async def _follow(self, request: web.Request, response: EventSourceResponse, where: Looking) -> None:
        loop, before = asyncio.get_running_loop(), dict[str, bytes]()
        with self.board.turns.store.bell.listen(*_topics(where)) as bell:
            while True:
                bell.clear()
                began = loop.time()
                panes = await self._panes(request, where)
                now = {name: hashlib.blake2b(text.encode()).digest() for name, text in panes.items()}
                if news := {name: panes[name] for name in panes if before.get(name) != now[name]}:
                    await response.send(partials(news))
                before = now
                await asyncio.sleep(min(LONGEST_PAUSE, max(PAUSE, (loop.time() - began) / SHARE)))
                await rung(bell, PATIENCE)

    async def _panes(self, request: web.Request, where: Looking) -> dict[str, str]:
        values = await self.board.values(request, where, Told())
        return self.board.rendered(request, values, WITH_CHAT if where.chat else LIST)


def _topics(where: Looking) -> list[str]:
    """The bells by which what is looked at may change."""
    busy = [CHATS] if where.asked.view in BUSY else []
    return [DESK, *busy, *([where.chat] if where.chat else [])]
