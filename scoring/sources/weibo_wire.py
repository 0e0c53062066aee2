"""Sends one request to Weibo within limits: address, size, time, number of calls, number of tries."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

import aiohttp

from scoring.sources import weibo_api
from scoring.sources.unavailable import Fact, SourceUnavailable, Unavailable
from scoring.sources.weibo_api import Json, Problem

DAILY_CALLS = 100  #: the most calls that one account may cost in a day
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class WeiboConfig:
    """Where Weibo is and who we are to it; sandbox and production differ in nothing else."""

    api_url: str
    app_key: str
    app_secret: str = field(repr=False)
    call_seconds: float = 2.0
    total_seconds: float = 20.0
    max_bytes: int = 1024 * 1024
    tries: int = 3
    first_pause: float = 0.25  #: doubles with each try
    at_once: int = 6  #: calls in flight while comments are read

    def __post_init__(self) -> None:
        address = urlsplit(self.api_url)
        if address.scheme != "https" and address.hostname not in LOOPBACK:
            raise ValueError("the Weibo address must be https, or this machine")


@dataclass(frozen=True)
class Clock:
    """Time and chance as the wire sees them."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    elapsed: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


class Spent(Exception):
    """The calls or the time allowed are used up."""


@dataclass
class Allowance:
    """Calls and time left for one piece of work; every try is a call."""

    calls: int
    until: float
    used: int = 0

    def take(self, now: float) -> float:
        """Count one call and say how many seconds are left for it."""
        if self.used >= self.calls or now >= self.until:
            raise Spent
        self.used += 1
        return self.until - now

    def end(self) -> None:
        """Nothing more is to be asked, because the answer would be the same."""
        self.calls = self.used


class Wire:
    """The only thing here that opens a socket, and only to the configured address."""

    def __init__(self, http: aiohttp.ClientSession, config: WeiboConfig, clock: Clock) -> None:
        self._http = http
        self._config = config
        self._clock = clock

    def allowance(self, calls: int) -> Allowance:
        return Allowance(min(calls, DAILY_CALLS), self._clock.elapsed() + self._config.total_seconds)

    def unavailable(self, fact: Fact, code: str | None = None) -> SourceUnavailable:
        return SourceUnavailable(Unavailable(fact, self._clock.now(), code))

    async def ask(self, request: weibo_api.Request, allowance: Allowance) -> Json:
        """The answer's data, after as many tries as help; `SourceUnavailable` or `Spent` otherwise."""
        tries = 1 if request.form is not None else self._config.tries
        attempt = 1
        while isinstance(answer := await self._send(request, allowance), Problem):
            if not answer.retry or attempt == tries:
                raise self.unavailable(answer.fact, answer.code)
            await self._pause(attempt, allowance)
            attempt += 1
        return answer

    async def _pause(self, attempt: int, allowance: Allowance) -> None:
        """Exponential, half of it by chance so that many clients do not return together."""
        pause = self._config.first_pause * 2 ** (attempt - 1) * (0.5 + self._clock.chance() / 2)
        if self._clock.elapsed() + pause >= allowance.until:
            raise Spent
        await self._clock.sleep(pause)

    async def _send(self, request: weibo_api.Request, allowance: Allowance) -> Json | Problem:
        left = allowance.take(self._clock.elapsed())
        limit = aiohttp.ClientTimeout(total=min(self._config.call_seconds, left))
        try:
            async with self._http.request(
                "GET" if request.form is None else "POST",
                self._config.api_url + request.path,
                params=request.query,
                data=request.form,
                headers=request.headers,
                timeout=limit,
                allow_redirects=False,
            ) as response:
                return weibo_api.read(response.status, await self._body(response))
        except TimeoutError:
            return weibo_api.TIMED_OUT
        except aiohttp.ClientError:
            return Problem(Fact.SERVICE_UNAVAILABLE, retry=True)

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        """The body, or nothing of it when it is larger than allowed; nothing reads as no data."""
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._config.max_bytes:
                response.close()
                return b""
        return bytes(body)
