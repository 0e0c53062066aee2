"""Merchants in the web chat: they type until it is taken, and connect accounts in the same browser."""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.visitors import contact_of
from tests.faults.bot_api import Shown
from tests.faults.merchants import CONNECT, SAY, Act, Merchant
from tests.running import authorise

COOKIE = "bangbang"
AGAIN = 0.05  #: seconds between two looks at the chat, and between two tries
LATE = aiohttp.ClientTimeout(10)  #: after that a visitor tries again
AWAY = (aiohttp.ClientError, OSError, TimeoutError, AssertionError)  #: the last: a page that is none


@dataclass
class Visitor(Merchant):
    """One browser. `owner` is an account of the sandbox to connect for the shop."""

    door: str = ""
    owner: str | None = None
    starts: int = 0  #: each may have begun a conversation whose cookie never came
    address: str = ""  #: of the contact, once the cookie is here
    typed: set[str] = field(default_factory=set)  #: ids of messages that were taken
    _messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    _browser: aiohttp.ClientSession | None = None

    async def live(self) -> None:
        """Begin, read and answer to the end."""
        jar, mine = (
            aiohttp.CookieJar(unsafe=True),
            {"X-Forwarded-For": f"10.0.{self.chat // 250}.{self.chat % 250}"},
        )
        async with aiohttp.ClientSession(cookie_jar=jar, timeout=LATE, headers=mine) as self._browser:
            await self._until(self._start)
            while self.outcome is None:
                with suppress(*AWAY):
                    await self._read()
                await asyncio.sleep(AGAIN)

    async def _start(self) -> bool:
        assert self._browser is not None
        self.starts += 1
        async with self._browser.post(f"{self.door}/chat/sessions", json={}) as page:
            if page.status != 200:
                return False
            self.address = contact_of(page.cookies[COOKIE].value).address
            return True

    async def _read(self) -> None:
        """Everything new, once."""
        assert self._browser is not None
        after = max(self._messages, default=0)
        async with self._browser.get(f"{self.door}/chat/messages?after={after}") as page:
            page.raise_for_status()
            found = await page.json()
        for message in found:
            if message["id"] in self._messages:
                continue
            self._messages[message["id"]] = message
            if message["from"] == "bot":
                shown = Shown(self.chat, message["id"], message["text"], tuple(_ids(message)))
                self.api.chats[self.chat].append(shown)
                self.api.first_reply.set()
                self.hear(shown)

    def _question(self, shown: Shown) -> tuple[str | None, dict[str, str]]:
        message = self._messages[shown.number]
        choices = {choice["id"]: choice.get("url", choice["id"]) for choice in message["choices"]}
        return message["step"], choices

    def _act(self, step: str, choices: dict[str, str], shown: Shown) -> Act:
        if step == "brand_account" and self.owner and "connect" in choices:
            return CONNECT, self.owner
        return super()._act(step, choices, shown)

    def _do(self, act: Act, choices: dict[str, str]) -> None:
        self._task = asyncio.create_task(self._tell(act, choices))

    async def _tell(self, act: Act, choices: dict[str, str]) -> None:
        how, what = act
        if how == CONNECT:
            seen = len(self._messages)
            await self._until(lambda: self._connect(choices["connect"], what, seen))
            return
        id = str(uuid.uuid4())
        said = {"text": what} if how == SAY else {"choice": choices[what]}
        await self._until(lambda: self._post({"id": id, **said}))
        self.typed.add(id)

    async def _post(self, body: dict[str, str]) -> bool:
        assert self._browser is not None
        async with self._browser.post(f"{self.door}/chat/messages", json=body) as page:
            return page.status == 200

    async def _connect(self, link: str, owner: str, seen: int) -> bool:
        """Whether the chat went on, whatever the browser was told."""
        await self._read()
        if len(self._messages) == seen:
            await authorise(link, owner)
            await self._read()
        return len(self._messages) > seen

    async def _until(self, step: Callable[[], Any]) -> None:
        """Again until it is true, for a server that dies in between."""
        while True:
            with suppress(*AWAY):
                if await step():
                    return
            await asyncio.sleep(AGAIN)


def _ids(message: dict[str, Any]) -> list[str]:
    return [choice["id"] for choice in message["choices"]]
