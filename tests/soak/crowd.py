"""So many merchants at once, half of them in Telegram: whoever comes to an end makes room for a new one."""

import asyncio
import itertools
import random
from collections.abc import Callable

import aiohttp

from tests.faults.bot_api import BotApi
from tests.faults.merchants import Merchant, Pace
from tests.soak.visitor import Thinking, Told, Visitor

QUIET = 60.0  #: seconds beyond the longest thought after which a chat without a word is stuck


class _Thought(Pace):
    """Every act is thought over first."""

    def __init__(self, thinking: Thinking) -> None:
        super().__init__()
        self.acts = 0
        self._thinking = thinking

    def when_allowed(self, act: Callable[[], None], dice: random.Random) -> None:
        self.acts += 1
        asyncio.get_running_loop().call_later(dice.uniform(*self._thinking), act)


class Crowd:
    """`chats` of them once `enter` returned. `leave` lets nobody say anything more."""

    def __init__(self, dice: random.Random, api: BotApi, thinking: Thinking) -> None:
        self.told = Told()
        self.telegram_finished = 0
        self._dice, self._api, self._thinking = dice, api, thinking
        self._pace = _Thought(thinking)
        self._numbers = itertools.count(10_000)
        self._chatting: dict[int, Merchant] = {}
        self._visitors: dict[asyncio.Task[None], Visitor] = {}
        self._leaving = False
        self._http: aiohttp.ClientSession | None = None

    async def enter(self, chats: int, url: str, seconds: float) -> None:
        """Spread over so many seconds."""
        connections = aiohttp.TCPConnector(limit=0)
        patience = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)
        self._http = aiohttp.ClientSession(
            connector=connections, timeout=patience, cookie_jar=aiohttp.DummyCookieJar()
        )
        for number in range(chats):
            self._begin_in_telegram() if number % 2 else self._begin_in_browser(url)
            await asyncio.sleep(seconds / chats)

    @property
    def acts(self) -> int:
        """How much was said so far."""
        return self._pace.acts + len(self.told.acknowledged)

    @property
    def stuck(self) -> list[str]:
        """Chats in a browser that have heard nothing for too long, and the Telegram chats likewise."""
        now, most = asyncio.get_running_loop().time(), self._thinking[1] + QUIET
        browsers = sum(bool(each.moved) and now - each.moved > most for each in self._visitors.values())
        return [f"{browsers} browsers heard nothing for {most:.0f} s"] if browsers else []

    async def leave(self) -> None:
        self._leaving = True
        for task in self._visitors:
            task.cancel()
        await asyncio.gather(*self._visitors, return_exceptions=True)
        if self._http:
            await self._http.close()

    def expect_the_end(self) -> None:
        """From now on a connection that breaks is no failure, and nobody new begins."""
        self._leaving = True

    def _begin_in_telegram(self) -> None:
        chat = next(self._numbers)
        merchant = Merchant(chat, self._api, self._pace, self._dice, lambda: self._ended(chat))
        self._chatting[chat] = merchant
        merchant.arrive()

    def _ended(self, chat: int) -> None:
        """What this chat showed is not needed any more."""
        self.telegram_finished += 1
        asyncio.get_running_loop().call_soon(self._forget, chat)
        if not self._leaving:
            self._begin_in_telegram()

    def _forget(self, chat: int) -> None:
        del self._chatting[chat], self._api.chats[chat], self._api.readers[chat]
        self._api.mailbox.sent.clear()

    def _begin_in_browser(self, url: str) -> None:
        assert self._http is not None
        visitor = Visitor(self._http, url, self._dice, self._thinking, self.told)
        task = asyncio.create_task(self._visit(visitor))
        self._visitors[task] = visitor
        task.add_done_callback(lambda ended: self._left(ended, url))

    async def _visit(self, visitor: Visitor) -> None:
        try:
            await visitor.talk()
        except (aiohttp.ClientError, TimeoutError) as error:
            if not self._leaving:
                self.told.failures.append(f"{type(error).__name__}: {error}")
                await asyncio.sleep(1)

    def _left(self, ended: asyncio.Task[None], url: str) -> None:
        del self._visitors[ended]
        if not ended.cancelled() and (error := ended.exception()):
            self.told.failures.append(f"a visitor failed: {error!r}")
        if not self._leaving:
            self._begin_in_browser(url)
