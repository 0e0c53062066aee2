"""A merchant at each channel, with the same verbs, so that one journey runs through every adapter."""

import asyncio
import html
import json
import re
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

import aiohttp

from bot import terminal
from bot.visitors import contact_of
from conversations.store import Contact, Message
from tests.running import Product
from tests.telegram_peer.peer import Peer
from tests.telegram_peer.person import Person


class Merchant(Protocol):
    """What a journey needs of a channel; each verb returns before the reply is there."""

    contact: Contact

    @property
    def brought(self) -> int | None:
        """How many texts the channel has brought; None where the merchant fetches them."""
        ...

    async def arrive(self) -> None: ...
    async def say(self, text: str) -> None: ...
    async def tap(self, choice: str, label: str) -> None: ...

    async def delivered(self) -> list[str]:
        """Every text that reached the merchant, in order."""
        ...

    async def link(self, journal: Sequence[Message], to: str) -> str:
        """The link by which the merchant goes on at another channel, as this one shows it."""
        ...

    async def follow(self, link: str) -> None:
        """Open such a link here."""
        ...

    async def leave(self) -> None:
        """The product is about to stop."""
        ...

    async def move(self, product: Product) -> None:
        """It has been started anew."""
        ...


class WebVisitor:
    """A browser without its page: the routes that the page calls."""

    def __init__(self, browser: aiohttp.ClientSession, url: str, language: str) -> None:
        self._browser, self._url, self._language = browser, url, language
        self.contact = Contact("web", "")
        self.brought = None

    async def arrive(self) -> None:
        headers = {"Accept-Language": self._language}
        async with self._browser.post(f"{self._url}/chat/sessions", headers=headers) as answer:
            assert answer.status == 200, await answer.text()
        self.contact = contact_of(next(iter(self._browser.cookie_jar)).value)

    async def say(self, text: str) -> None:
        await self._send(text=text)

    async def tap(self, choice: str, label: str) -> None:
        await self._send(choice=choice)

    async def delivered(self) -> list[str]:
        async with self._browser.get(f"{self._url}/chat/messages", params={"after": 0}) as answer:
            return [message["text"] for message in await answer.json() if message["from"] != "merchant"]

    async def link(self, journal: Sequence[Message], to: str) -> str:
        async with self._browser.get(_button(journal)) as page:
            shown = await page.text()
            assert page.status == 200, shown
        pattern = r'href="(https://t\.me/[^"]+)"' if to == "telegram" else r'class="address" href="([^"]+)"'
        found = re.search(pattern, shown)
        assert found, shown
        return html.unescape(found[1])

    async def follow(self, link: str) -> None:
        async with self._browser.get(link) as page:
            assert page.status == 200, await page.text()
        async with self._browser.post(link) as page:
            assert page.status == 200, await page.text()
        self.contact = contact_of(next(iter(self._browser.cookie_jar)).value)

    async def leave(self) -> None:
        """A page stays where it is."""

    async def move(self, product: Product) -> None:
        self._url = product.url

    async def _send(self, **fields: str) -> None:
        body = {"id": str(uuid.uuid4())} | fields
        async with self._browser.post(f"{self._url}/chat/messages", json=body) as answer:
            assert answer.status == 200, await answer.text()


class TelegramUser:
    """A person in Telegram's stand-in, and a bot that polls it."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.contact = person.contact

    @property
    def brought(self) -> int:
        return len(self._person.received)

    async def arrive(self) -> None:
        self._person.says("/start")

    async def say(self, text: str) -> None:
        self._person.says(text)

    async def tap(self, choice: str, label: str) -> None:
        self._person.taps(label)

    async def share(self, what: str) -> None:
        self._person.sends(what)

    async def edit(self, text: str) -> None:
        self._person.edits(text)

    async def delivered(self) -> list[str]:
        return self._person.replies

    async def link(self, journal: Sequence[Message], to: str) -> str:
        """Telegram shows no button to a host that the public cannot reach, but the address."""
        found = re.findall(r"http\S+/device/[\w-]+", "\n".join(self._person.replies))
        return str(found[-1])

    async def follow(self, link: str) -> None:
        self._person.says(f"/start {link.partition('?start=')[2]}")

    async def leave(self) -> None:
        """Telegram stays where it is."""

    async def move(self, product: Product) -> None:
        """The same."""


class TerminalUser:
    """Lines into `bangbang chat --json`, objects out of it."""

    def __init__(self, product: Product, language: str) -> None:
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._shown: list[str] = []
        self._screen, self._language = terminal.JsonScreen(self._shown.append), language
        self.contact = Contact("terminal", uuid.uuid4().hex)  # one product may serve many of them
        self._terminal = self._at(product)
        self._running: asyncio.Task[None] | None = None

    @property
    def brought(self) -> int:
        return sum('"text"' in line for line in self._shown)

    async def arrive(self) -> None:
        """Start the command; a second time after leaving the first."""
        await self.leave()
        self._running = asyncio.create_task(self._terminal.run(self._typed()))

    async def say(self, text: str) -> None:
        await self._lines.put(json.dumps({"text": text}))

    async def tap(self, choice: str, label: str) -> None:
        await self._lines.put(json.dumps({"choice": choice}))

    async def delivered(self) -> list[str]:
        shown = [json.loads(line) for line in self._shown]
        return [message["text"] for message in shown if "text" in message]

    async def link(self, journal: Sequence[Message], to: str) -> str:
        raise NotImplementedError("a terminal shows links, and follows none")

    async def follow(self, link: str) -> None:
        raise NotImplementedError("a terminal shows links, and follows none")

    async def leave(self) -> None:
        """The command ends with the product."""
        if self._running:
            await self._lines.put(None)
            await self._running
        self._running = None

    async def move(self, product: Product) -> None:
        self._terminal = self._at(product)

    def _at(self, product: Product) -> terminal.Terminal:
        turns, clock = product.parts.turns, product.clock
        return terminal.Terminal(turns, self._screen, clock, self._language, whose=self.contact)

    async def _typed(self) -> AsyncIterator[str]:
        while (line := await self._lines.get()) is not None:
            yield line


def _from_home() -> dict[str, str]:
    """What a proxy says of where they are: at home each, so that no limit takes many of them for one."""
    return {"X-Forwarded-For": f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1"}


def _button(journal: Sequence[Message]) -> str:
    """Where the newest button to the page of links leads."""
    buttons = [choice for message in journal for choice in message.choices]
    return next(choice["url"] for choice in reversed(buttons) if choice["id"] == "device")


CHANNELS = ("web", "telegram", "terminal")


@asynccontextmanager
async def merchant(
    channel: str, product: Product, language: str, peer: Peer | None
) -> AsyncIterator[Merchant]:
    """Somebody at this channel of a running product."""
    if channel == "web":
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar, headers=_from_home()) as browser:
            yield WebVisitor(browser, product.url, language)
    elif peer is not None:
        yield TelegramUser(peer.person(language))
    else:
        user = TerminalUser(product, language)
        try:
            yield user
        finally:
            await user.leave()
