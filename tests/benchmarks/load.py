"""The load: chats that each wait for the bot's reply before they speak again, and what that measured."""

import asyncio
import itertools
import statistics
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter

from tests.benchmarks import telegram
from tests.benchmarks.chats import Script, Updates

PATIENCE = 15.0  #: seconds after which a chat without its reply counts as stuck
WARMING = 120.0  #: seconds that a slow program has until every chat is under way
FIRST_CHAT = 100_001


@dataclass
class Measured:
    """`times` are seconds from an update's post to the bot's first message; `seconds` what the run took."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    messages: int = 0
    stuck: int = 0  #: chats that did not get every reply
    surplus: int = 0  #: messages that nobody waited for
    refused: int = 0  #: posts answered with another status than 200

    @property
    def rate(self) -> float:
        """Turns a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, percent: int) -> float:
        """Milliseconds."""
        if len(self.times) < 2:
            return float("nan")
        return statistics.quantiles(self.times, n=100)[percent - 1] * 1000

    @property
    def wrong(self) -> int:
        return self.stuck + self.surplus + self.refused

    @property
    def summary(self) -> str:
        return f"{self.stuck} chats stuck, {self.surplus} messages too many, {self.refused} posts refused"


class Chat:
    """One merchant on one kept connection."""

    def __init__(self, number: int, script: Script, updates: Updates, port: int) -> None:
        self.number = number
        self.push = telegram.Push(port)
        self._updates, self._lines = updates, script.lines()
        self._left, self._first = 0, 0.0
        self._all: asyncio.Future[None] | None = None

    async def turn(self, measured: Measured, since: float | None = None) -> None:
        """Say the next line and wait for everything that answers it; `since` is when it should have begun."""
        line = next(self._lines)
        self._left, self._first = line.replies, 0.0
        self._all = asyncio.get_running_loop().create_future()
        update = self._updates.said(self.number, line.text)
        begun = perf_counter() if since is None else since
        status = await self.push.send(update)
        measured.refused += status != 200
        if status == 200:
            await self._all
            measured.times.append(self._first - begun)
            measured.messages += line.replies

    def hear(self) -> bool:
        """Whether a message was waited for."""
        if not self._left:
            return False
        self._first = self._first or perf_counter()
        self._left -= 1
        if not self._left and self._all is not None:
            self._all.set_result(None)
        return True


class Load:
    """Chats against one bot, whose Bot API is at `api`. Begin with `warm`."""

    def __init__(self, api: str, script: Script) -> None:
        self.api = api
        self.bodies: list[bytes] | None = None  #: every message as it came, when a list is given
        self._script, self._updates = script, Updates()
        self._chats: dict[int, Chat] = {}
        self._measured = Measured()

    def hear(self, chat: int, body: bytes) -> None:
        if self.bodies is not None:
            self.bodies.append(body)
        known = self._chats.get(chat)
        self._measured.surplus += known is None or not known.hear()

    async def warm(self, ports: Sequence[int], chats: int) -> Measured:
        """Open so many chats, spread over the ports, and bring each to a place of its own in the script."""
        for number, port in zip(range(chats), itertools.cycle(ports), strict=False):
            chat = FIRST_CHAT + number
            self._chats[chat] = Chat(chat, self._script, self._updates, port)
        settled = len(self._script.opening)

        async def warmed(place: int, chat: Chat) -> None:
            for _ in range(settled + place % len(self._script.cycle)):
                await chat.turn(self._measured)

        self._measured = Measured()
        work = (warmed(place, chat) for place, chat in enumerate(self._chats.values()))
        return await self._run(work, WARMING)

    async def say(self, lines: int) -> Measured:
        """Every chat says so many lines more."""
        self._measured = Measured()

        async def speaking(chat: Chat) -> None:
            for _ in range(lines):
                await chat.turn(self._measured)

        return await self._run((speaking(chat) for chat in self._chats.values()), WARMING)

    async def closed(self, seconds: float, chats: int | None = None) -> Measured:
        """Every chat (or the first few) speaks as soon as it was answered."""
        self._measured = Measured()
        end = perf_counter() + seconds

        async def speaking(chat: Chat) -> None:
            while perf_counter() < end:
                await chat.turn(self._measured)

        return await self._run(
            (speaking(chat) for chat in list(self._chats.values())[:chats]), seconds + PATIENCE
        )

    async def open(self, seconds: float, rate: float) -> Measured:
        """So many turns a second, whether or not earlier ones were answered; waiting for a chat counts."""
        self._measured = Measured()
        free: asyncio.Queue[Chat] = asyncio.Queue()
        for chat in self._chats.values():
            free.put_nowait(chat)

        async def once(since: float) -> None:
            await asyncio.sleep(since - perf_counter())
            chat = await free.get()
            await chat.turn(self._measured, since)
            free.put_nowait(chat)

        start = perf_counter() + 0.01
        work = (once(start + number / rate) for number in range(int(seconds * rate)))
        return await self._run(work, seconds + PATIENCE)

    async def _run(self, work: Iterable[Coroutine[None, None, None]], patience: float) -> Measured:
        begun = perf_counter()
        tasks = [asyncio.ensure_future(each) for each in work]
        done, late = await asyncio.wait(tasks, timeout=patience)
        self._measured.seconds = perf_counter() - begun
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for task in done:
            task.result()
        self._measured.stuck = len(late)
        return self._measured

    def close(self) -> None:
        for chat in self._chats.values():
            chat.push.close()


@asynccontextmanager
async def opened(script: Script) -> AsyncIterator[Load]:
    """A load whose Bot API listens; no chat has said anything yet."""
    hear: list[Callable[[int, bytes], None]] = []
    server = await telegram.serve(lambda chat, body: hear[0](chat, body))
    load = Load(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", script)
    hear.append(load.hear)
    try:
        yield load
    finally:
        load.close()
        server.close()
