"""A Bot API light enough for load: it keeps updates until they are confirmed, and every message it took.

It fails on demand, delivers again, late and out of order, and does not forget anything when the bot dies.
"""

import asyncio
import itertools
import json
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.faults.mailbox import Mailbox, Update
from tests.faults.pushing import Pusher

TOKEN = "42:TEST"
OFTEN = 0.3  #: how often a flooded chat is told to wait
BOT = {"id": 42, "is_bot": True, "first_name": "b", "username": "bangbang_test_bot"}


@dataclass(frozen=True)
class Shown:
    """A message as its chat shows it; `keyboard` holds what each button would send."""

    chat: int
    number: int
    text: str
    keyboard: tuple[str, ...]

    def repeats(self, other: "Shown") -> bool:
        return (self.text, self.keyboard) == (other.text, other.keyboard)


@dataclass
class Faults:
    """What Telegram does wrong; the rates are shares of sends."""

    floods: float = 0  #: answered 429
    retry_after: int = 1  #: seconds asked for with it
    errors: float = 0  #: answered 500
    cut_before: float = 0  #: the connection breaks, and nothing was sent
    cut_after: float = 0  #: the message arrives, and its answer is lost
    slow: float = 0  #: seconds before every answer
    blocked: set[int] = field(default_factory=set)  #: chats that answer 403
    knocks: Counter[int] = field(default_factory=Counter)  #: how often each of them was written to
    flooded: set[int] = field(default_factory=set)  #: chats that answer 429 that often
    quiet_until: float = 0  #: everything is answered 429 until then, in the loop's time
    cuts: int = 0  #: messages that arrived without the sender's knowing


class BotApi:
    """One bot's server. `readers` are told of each message in its chat."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.url = dice, ""
        self.mailbox = Mailbox(dice)
        self.pusher = Pusher(self.mailbox, dice)
        self.faults = Faults()
        self.chats: dict[int, list[Shown]] = defaultdict(list)
        self.readers: dict[int, Callable[[Shown], None]] = {}
        self.oddities: list[Mapping[str, Any]] = []  #: what the next greetings carry besides, one each
        self.first_reply: asyncio.Event = asyncio.Event()  #: set by every message; whoever waits clears it
        self._message, self._tap = itertools.count(1), itertools.count(1)
        self._fetching: asyncio.Task[Any] | None = None

    def says(self, chat: int, text: str) -> Update:
        message = {"message_id": next(self._message), "date": _now(), **_private(chat), "text": text}
        if self.oddities and text == "/start":
            message |= self.oddities.pop()
        return self._put(chat, "message", message)

    def taps(self, chat: int, data: str) -> Update:
        message = {"message_id": next(self._message), "date": _now(), **_private(chat)}
        query = {"id": str(next(self._tap)), "from": _private(chat)["from"], "chat_instance": "x"}
        return self._put(chat, "callback_query", {**query, "message": message, "data": data})

    def _put(self, chat: int, kind: str, body: dict[str, Any]) -> Update:
        update = self.mailbox.put(chat, kind, body)
        self.pusher.wake(chat)
        return update

    async def answer(self, request: web.Request) -> web.StreamResponse:
        given = await _given(request)
        match request.match_info["method"].lower():
            case "getupdates":
                return await self._updates(given)
            case "sendmessage":
                return await self._send(request, given)
            case "createforumtopic":
                return _result(
                    {"message_thread_id": next(self._message), "name": given["name"], "icon_color": 0}
                )
            case "getme":
                return _result(BOT)
            case "getwebhookinfo":
                return _result({"url": "", "pending_update_count": len(self.mailbox.waiting)})
            case "setwebhook":
                self.pusher.open(given["url"], given["secret_token"])
            case "deletewebhook":
                self.pusher.close()
        return _result(True)

    async def _updates(self, given: dict[str, Any]) -> web.StreamResponse:
        """One fetches at a time: whoever comes later ends the earlier one's wait, as Telegram does."""
        if self._fetching:
            self._fetching.cancel()
        wait = self.mailbox.fetch(int(given.get("offset", 0)), float(given.get("timeout", 0)))
        mine = self._fetching = asyncio.create_task(wait)
        try:
            return _result([update.body for update in await mine])
        except asyncio.CancelledError:
            if not mine.done() or self._fetching is mine:
                mine.cancel()
                raise
            return _refused(409, "Conflict: terminated by other getUpdates request")
        finally:
            if self._fetching is mine:
                self._fetching = None

    async def _send(self, request: web.Request, given: dict[str, Any]) -> web.StreamResponse:
        chat, faults = int(given["chat_id"]), self.faults
        if faults.slow:
            await asyncio.sleep(faults.slow)
        if refusal := self._refusal(chat):
            return refusal
        if self.dice.random() < faults.cut_before:
            return _cut(request)
        shown = self._show(chat, given)
        if self.dice.random() < faults.cut_after:
            faults.cuts += 1
            return _cut(request)
        return _result({"message_id": shown.number, "date": _now(), "chat": _private(chat)["chat"]})

    def _refusal(self, chat: int) -> web.Response | None:
        faults = self.faults
        if chat in faults.blocked:
            faults.knocks[chat] += 1
            return _refused(403, "Forbidden: bot was blocked by the user")
        storm = asyncio.get_running_loop().time() < faults.quiet_until
        if chat in faults.flooded and self.dice.random() < OFTEN:
            return _refused(429, "Too Many Requests", retry_after=self.dice.randint(1, 2))
        if storm or self.dice.random() < faults.floods:
            return _refused(429, "Too Many Requests", retry_after=faults.retry_after)
        if self.dice.random() < faults.errors:
            return _refused(500, "Internal Server Error")
        return None

    def _show(self, chat: int, given: dict[str, Any]) -> Shown:
        markup = given.get("reply_markup") or {}
        rows = (json.loads(markup) if isinstance(markup, str) else markup).get("inline_keyboard", [])
        data = tuple(button.get("callback_data", "") for row in rows for button in row)
        shown = Shown(chat, next(self._message), str(given["text"]), data)
        self.chats[chat].append(shown)
        self.first_reply.set()
        if reader := self.readers.get(chat):
            reader(shown)
        return shown


@asynccontextmanager
async def running(dice: random.Random) -> AsyncIterator[BotApi]:
    """A server on a port of its own."""
    api = BotApi(dice)
    app = web.Application()
    app.router.add_route("*", f"/bot{TOKEN}/{{method}}", api.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield api
    finally:
        await api.pusher.stop()
        await runner.cleanup()


def _now() -> int:
    return int(datetime.now(UTC).timestamp())


def _private(chat: int) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "x", "language_code": "zh-hans"}
    return {"chat": {"id": chat, "type": "private", "first_name": "x"}, "from": person}


async def _given(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    return json.loads(body) if body[:1] == b"{" else dict(request.query)


def _result(value: Any) -> web.Response:
    return web.json_response({"ok": True, "result": value})


def _refused(status: int, why: str, **parameters: int) -> web.Response:
    body = {"ok": False, "error_code": status, "description": why, "parameters": parameters}
    return web.json_response(body, status=status)


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()
