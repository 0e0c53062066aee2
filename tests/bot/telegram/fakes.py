"""A wire that answers as told under a real PTB bot, and turns that remember what they were given."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from telegram import Bot
from telegram.request import BaseRequest, RequestData

from conversations.events import Event, MovedHere
from conversations.session import Session
from conversations.store import Contact
from conversations.turns import Handled

BOT = {"id": 42, "is_bot": True, "first_name": "b", "username": "test_bot"}
SENT = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}

Answer = Exception | tuple[int, Any] | Any


class Wire(BaseRequest):
    """Answers each method with what was queued for it, or with success."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, deque[Answer]] = defaultdict(deque)
        self.usual: dict[str, Any] = {"getMe": BOT, "sendMessage": SENT}

    read_timeout = 1.0

    async def initialize(self) -> None: ...
    async def shutdown(self) -> None: ...

    async def do_request(  # noqa: PLR0917  # the signature is python-telegram-bot's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        name = _usual(url.rpartition("/")[2])
        self.calls.append((name, dict(request_data.parameters) if request_data else {}))
        await asyncio.sleep(0)
        answer = self.answers[name].popleft() if self.answers[name] else self.usual.get(name, True)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer if isinstance(answer, tuple) else (200, {"ok": True, "result": answer})
        return status, json.dumps(body).encode()

    def made(self, name: str) -> list[dict[str, Any]]:
        return [given for called, given in self.calls if called == name]

    def bot(self) -> Bot:
        return Bot("42:SECRET", request=self, get_updates_request=self)


def _usual(method: str) -> str:
    """Telegram does not mind the case of a method's name; tests write it as the documentation does."""
    return method[:1].lower() + method[1:]


def refusal(status: int, description: str = "x", **parameters: int) -> tuple[int, dict[str, Any]]:
    body: dict[str, Any] = {"ok": False, "description": description}
    return status, body | ({"parameters": parameters} if parameters else {})


class Letters:
    """Keeps what is put aside; `trouble` is raised instead, once each."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str | None, str, bytes]] = []
        self.trouble: deque[Exception] = deque()

    async def keep(self, channel: str, arrival: str | None, why: str, raw: bytes) -> None:
        if self.trouble:
            raise self.trouble.popleft()
        self.kept.append((channel, arrival, why, raw))


@asynccontextmanager
async def alone(_matter: str) -> AsyncIterator[asyncio.Event]:
    """For a process that has no others beside it: it leads at once and for good."""
    yield asyncio.Event()


async def no_watch(in_reach: asyncio.Event) -> None:
    """Nobody looks for outages."""


class Turns:
    """Remembers every event; `trouble` is raised instead, once each."""

    def __init__(self) -> None:
        self.handled: list[tuple[Contact, str, Event, str | None]] = []
        self.reached: list[tuple[Contact, bool]] = []
        self.trouble: deque[Exception] = deque()
        self.broken: Exception | None = None  #: why a session cannot be read
        self.waiting: str | None = "rent"
        self.busy: deque[bool] = deque()
        self.session: Session | None = None
        self.asked = asyncio.Event()

    async def handle(
        self, contact: Contact, arrival: str, event: Event, *, language: str | None = None
    ) -> Handled:
        await asyncio.sleep(0)
        if self.trouble:
            raise self.trouble.popleft()
        fresh = arrival not in [seen for _, seen, _, _ in self.handled]
        self.handled.append((contact, arrival, event, language))
        self.asked.set()
        return Handled("s1", fresh, "zh-Hans", self.waiting)

    async def move(
        self, contact: Contact, channel: str, arrival: str, session_id: str, at: datetime
    ) -> Handled:
        return await self.handle(contact, arrival, MovedHere(at))

    async def session_of(self, contact: Contact) -> Session | None:
        if self.broken:
            raise self.broken
        return self.session

    async def quiet(self, session_id: str) -> bool:
        return not (self.busy.popleft() if self.busy else False)

    async def reachable(self, contact: Contact, alive: bool) -> None:
        if self.trouble:
            raise self.trouble.popleft()
        self.reached.append((contact, alive))

    async def blocked(self, contact: Contact, arrival: str) -> None:
        await self.reachable(contact, alive=False)
