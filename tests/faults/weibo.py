"""A Weibo that knows every account it is asked about, and lies in whatever way it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from aiohttp import web

from bot.sandbox.people import Person, shown

SLOW = 30.0  #: seconds
_FIRST = 9_000_000_000


class Lie(StrEnum):
    """What the source does wrong."""

    NONE = "none"
    SLOW = "slow"
    GARBAGE = "garbage"
    ERROR = "error"
    HALF = "half"
    OTHER = "other"


class LyingWeibo:
    """Accounts are called 店 and a number; `prove` puts a phrase into a profile."""

    def __init__(self) -> None:
        self.url = ""
        self.lie = Lie.NONE
        self.calls = 0
        self._profiles: dict[str, str] = {}

    def prove(self, name: str, phrase: str) -> None:
        self._profiles[name] = phrase

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        match self.lie:
            case Lie.SLOW:
                await asyncio.sleep(SLOW)
            case Lie.GARBAGE:
                return web.Response(body=b"\xff<html>{", content_type="application/json")
            case Lie.ERROR:
                return web.Response(status=500)
            case Lie.HALF:
                return await _half(request)
        return web.json_response(self._data(request))

    def _data(self, request: web.Request) -> dict[str, Any]:
        if request.path.endswith("users/show.json"):
            name = request.query.get("screen_name") or f"店{int(request.query['uid']) - _FIRST}"
            return self._user("店999999" if self.lie is Lie.OTHER else name)
        kind = "comments" if "comments" in request.path else "statuses"
        return {kind: [], "previous_cursor": 0, "next_cursor": 0, "total_number": 0}

    def _user(self, name: str) -> dict[str, Any]:
        opened = datetime.now(UTC) - timedelta(days=900)
        number = _FIRST + int(name.removeprefix("店"))
        described = self._profiles.get(name, "")
        return shown(Person(number, name, opened, 800, 90, 60, 300, description=described))


@asynccontextmanager
async def running() -> AsyncIterator[LyingWeibo]:
    """A server on a port of its own."""
    weibo = LyingWeibo()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", weibo.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        weibo.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield weibo
    finally:
        await runner.cleanup()


async def _half(request: web.Request) -> web.StreamResponse:
    """Says how long the body is, and breaks off in the middle of it."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "4096"})
    await response.prepare(request)
    await response.write(b'{"id": 9000000001, "screen_')
    if request.transport:
        request.transport.abort()
    return response
