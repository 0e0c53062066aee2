"""The HTTP side: every method of the Bot API, long polling, the webhook's pushes, and faults on demand."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from tests.telegram_peer.bridge import Bridge, Refusal, parameters
from tests.telegram_peer.chats import Chats
from tests.telegram_peer.forum import GROUP, Forum
from tests.telegram_peer.mailbox import Mailbox, Waiting
from tests.telegram_peer.person import Person

TOKEN = "42:TEST"
USERNAME = "test_bot"


@dataclass
class Faults:
    """What goes wrong next; each but `blocked` is used up by the call it strikes."""

    blocked: set[int] = field(default_factory=set)  #: chats
    flood: dict[int, int] = field(default_factory=dict)  #: chat: seconds to wait
    fail: dict[str, int] = field(default_factory=dict)  #: method: HTTP status
    cut_before: set[str] = field(default_factory=set)  #: methods
    cut_after: set[str] = field(default_factory=set)

    def strike(self, method: str, given: Mapping[str, Any]) -> None:
        chat = int(given["chat_id"]) if str(given.get("chat_id", "")).lstrip("-").isdecimal() else 0
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat in self.flood and method == "sendmessage":
            seconds = self.flood.pop(chat)
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        if method in self.fail:
            raise Refusal(self.fail.pop(method), "Internal Server Error")


class Peer:
    """One bot's Telegram. `ahead` moves its clock."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.faults = Faults()
        self.mailbox, self.chats = Mailbox(self.now), Chats(self.now)
        self.forum = Forum(self.now)
        self.webhook: dict[str, Any] = {}
        self.commands: dict[str | None, list[dict[str, str]]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.pushes: list[int] = []  #: HTTP statuses that the webhook gave
        self.retry_seconds = 0.01  #: real seconds for each second of Telegram's retry schedule
        self.failed_at = 0  #: when a push was not taken last, in seconds as Telegram tells them
        self.failures: Counter[int] = Counter()  #: pushes that were not taken, by update
        self.bridge = Bridge()
        self.people = itertools.count(1001)
        self.url = ""
        self._pollers = 0
        self._tasks: list[asyncio.Task[None]] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def person(self, language: str | None = "zh-hans") -> Person:
        return Person(self, next(self.people), language)

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0][:2])
        self._tasks.append(asyncio.create_task(self._push()))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        given = {name: value for name, value in (await parameters(request)).items() if value is not None}
        try:
            if request.match_info["token"] != TOKEN:
                raise Refusal(401, "Unauthorized")
            return await self._answer(request, method, given)
        except Refusal as refusal:
            return refusal.answer()

    async def _answer(self, request: web.Request, method: str, given: dict[str, Any]) -> web.StreamResponse:
        if method != "getupdates":
            self.calls.append((method, given))
        self.faults.strike(method, given)
        if self._cut(method, self.faults.cut_before, request):
            raise ConnectionResetError
        result = await self._result(method, given)
        if self._cut(method, self.faults.cut_after, request):
            raise ConnectionResetError
        return web.json_response({"ok": True, "result": result})

    async def _result(self, method: str, given: dict[str, Any]) -> Any:
        own = getattr(self, f"_do_{method}", None)
        if own is not None:
            return await own(given)
        _judge_links(given)
        if str(given.get("chat_id")) == str(GROUP):
            return await self._result_in_group(method, given)
        self.chats.judge(method, given)
        result = await self.bridge.call(method, given)
        self.chats.keep(method, given, result)
        return result

    async def _result_in_group(self, method: str, given: dict[str, Any]) -> Any:
        self.forum.judge(method, given)
        if method == "createforumtopic":
            made = self.bridge.judged(method, given)
            return self.forum.begin(made.name, self.bridge.next_message_id(GROUP))
        result = await self.bridge.call(method, given)
        self.chats.keep(method, given, result)
        self.forum.keep(method, given, self.chats.messages.get(GROUP, []))
        return result

    async def _do_getupdates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        self._pollers += 1
        mine = self._pollers
        self.mailbox.arrived.set()  # wakes an older poller, which finds that it is the older one
        self.mailbox.confirm_below(int(given.get("offset", 0)))
        end = asyncio.get_running_loop().time() + float(given.get("timeout", 0))
        while not (head := self.mailbox.head(int(given.get("limit", 100)))):
            self.mailbox.arrived.clear()
            try:
                async with asyncio.timeout_at(end):
                    await self.mailbox.arrived.wait()
            except TimeoutError:
                return []
            if mine != self._pollers:
                raise Refusal(409, "Conflict: terminated by other getUpdates request")
        return [each.update for each in head]

    async def _do_setwebhook(self, given: dict[str, Any]) -> bool:
        await self.bridge.call("setwebhook", given)
        self.webhook = given
        self.mailbox.arrived.set()
        return True

    async def _do_deletewebhook(self, given: dict[str, Any]) -> bool:
        await self.bridge.call("deletewebhook", given)
        self.webhook = {}
        if given.get("drop_pending_updates"):
            self.mailbox.clear()
        return True

    async def _do_getwebhookinfo(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": self.webhook.get("url", ""), "has_custom_certificate": False,
            "pending_update_count": len(self.mailbox),
            **({"last_error_date": self.failed_at} if self.failed_at else {}),
        }  # fmt: skip

    async def _do_setmycommands(self, given: dict[str, Any]) -> bool:
        await self.bridge.call("setmycommands", given)
        self.commands[given.get("language_code")] = given["commands"]
        return True

    async def _do_getmycommands(self, given: dict[str, Any]) -> list[dict[str, str]]:
        return self.commands.get(given.get("language_code"), [])

    async def _push(self) -> None:
        """Pushes the head of each queue until it is taken; queues do not wait for one another."""
        busy: dict[str, asyncio.Task[None]] = {}
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
            while True:
                heads = self.mailbox.heads() if self.webhook else {}
                for queue, waiting in heads.items():
                    if queue not in busy or busy[queue].done():
                        busy[queue] = group.create_task(self._push_one(session, waiting))
                await asyncio.sleep(0.005)

    async def _push_one(self, session: aiohttp.ClientSession, waiting: Waiting) -> None:
        asked = 0.0
        secret = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        try:
            async with session.post(self.webhook["url"], json=waiting.update, headers=secret) as response:
                self.pushes.append(response.status)
                asked = float(response.headers.get("Retry-After", 0))
                if response.ok:
                    self.mailbox.confirm(waiting)
                    return
        except (aiohttp.ClientError, KeyError):
            self.pushes.append(0)
        self.failures[waiting.number] += 1
        self.failed_at = int(self.now().timestamp())
        await asyncio.sleep(self.retry_seconds * max(asked, self.retry_after(waiting.number)))

    def retry_after(self, number: int) -> int:
        """Telegram's schedule in seconds: at once, then 2, 4, 8 ... to a minute."""
        failures = self.failures[number]
        return 0 if failures <= 1 else min(60, 2 ** (failures - 1))

    def _cut(self, method: str, struck: set[str], request: web.Request) -> bool:
        if method not in struck:
            return False
        struck.discard(method)
        if request.transport:
            request.transport.abort()
        return True


def _judge_links(given: dict[str, Any]) -> None:
    for row in (given.get("reply_markup") or {}).get("inline_keyboard", []):
        for button in row:
            host = urlsplit(button.get("url", "https://t.me")).hostname or ""
            if "." not in host or host.startswith("127."):
                raise Refusal(400, "Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL")
