"""Servers and a clock for the client's tests: real sockets, invented time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.memory import SandboxConfig
from bot.sandbox.server import application
from scoring.sources.consent import Consent
from scoring.sources.handles import Handle
from scoring.sources.weibo import Clock, WeiboClient, WeiboConfig

START = datetime(2026, 11, 23, tzinfo=UTC)
SHOP = Handle(screen_name="小夏雲味小館")
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Time:
    """Stands still except while somebody sleeps."""

    def __init__(self) -> None:
        self.now = START
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def clock(self) -> Clock:
        return Clock(
            now=lambda: self.now,
            elapsed=lambda: (self.now - START).total_seconds(),
            sleep=self.sleep,
            chance=lambda: 1.0,
        )


class Peer:
    """A client and the server it talks to; `hits` are the paths that really arrived."""

    def __init__(self, client: WeiboClient, hits: list[str], time: Time, base: str) -> None:
        self.client = client
        self.hits = hits
        self.time = time
        self.base = base


def consent(account: Handle = SHOP) -> Consent:
    return Consent("brand", account, START - timedelta(minutes=1))


@asynccontextmanager
async def scripted(answer: Answer, **limits: float) -> AsyncIterator[Peer]:
    """One handler that answers every call."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with _talking(app, Time(), limits) as peer:
        yield peer


@asynccontextmanager
async def sandbox(config: SandboxConfig | None = None, **limits: float) -> AsyncIterator[Peer]:
    """The sandbox, on the same clock as the client."""
    time = Time()
    settings = config or SandboxConfig(now=lambda: time.now)
    async with _talking(application(settings), time, limits) as peer:
        yield peer


@asynccontextmanager
async def _talking(app: web.Application, time: Time, limits: dict[str, float]) -> AsyncIterator[Peer]:
    hits: list[str] = []

    async def note(request: web.Request, _: web.StreamResponse) -> None:
        hits.append(request.path)

    app.on_response_prepare.append(note)
    async with TestServer(app, shutdown_timeout=0.1) as server, aiohttp.ClientSession() as http:
        base = str(server.make_url("")).rstrip("/")
        config = WeiboConfig(base, "sandbox", "sandbox-secret", **limits)  # type: ignore[arg-type]  # whole or not
        yield Peer(WeiboClient(http, config, time.clock()), hits, time, base)
