"""The whole product as the demonstration runs it, on its own database, with a clock that tests can move."""

import asyncio
import html
import re
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp

from bot import app, database, settings, timekeeping
from bot.sandbox import server as weibo_sandbox
from bot.sandbox.memory import SandboxConfig
from bot.timekeeping import Timekeeping
from conversations.session import Session
from conversations.store import pulse, timers
from conversations.store.bell import rung
from tests import databases

CALLS = 100_000  #: a day; the same few accounts serve every merchant of a run
SECRET = "only for tests, but long enough to pass for one"


@dataclass
class MovingClock:
    """The real time, moved ahead by what a test has let pass."""

    ahead: timedelta = field(default_factory=timedelta)

    @classmethod
    def at(cls, moment: datetime) -> "MovingClock":
        """A clock that goes on from that moment."""
        return cls(moment - datetime.now(UTC))

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Product:
    """A running product with its Weibo sandbox."""

    parts: app.Parts
    url: str
    sandbox_url: str
    clock: MovingClock

    async def settled(self, session_id: str, patience: float = 20) -> None:
        """Wait until no work of this conversation is left."""
        async with asyncio.timeout(patience):
            with self.parts.turns.store.bell.listen(session_id) as bell:
                while not await self.parts.turns.idle(session_id):
                    await rung(bell, 0.05)
                    bell.clear()

    async def time_passes(self, span: timedelta) -> None:
        """So much time, with the product up all the while: what falls due meanwhile happens when it does."""
        until = self.clock() + span
        while due := await self.parts.store.read(lambda connection: timers.due(connection, until, 1)):
            await self._comes(due[0].due)
        await self._comes(until)

    async def _comes(self, moment: datetime) -> None:
        await self._as_if_at_work(moment)  # before the clock says so, too: nobody shall see it leap
        self.clock.ahead += max(moment - self.clock(), timedelta())
        await self._as_if_at_work(self.clock())
        await Timekeeping(self.parts.turns, self.parts.leading).round()

    async def _as_if_at_work(self, moment: datetime) -> None:
        """What those leave behind who were at work all the while."""
        for matter in (timekeeping.MATTER, app.TELEGRAM):
            await self.parts.store.write(partial(pulse.beat, name=matter, at=moment))

    async def session(self, session_id: str) -> Session:
        found = await self.parts.turns.session(session_id)
        assert found is not None
        return found


@asynccontextmanager
async def running(
    folder: Path, clock: MovingClock | None = None, given: Mapping[str, object] | None = None
) -> AsyncIterator[Product]:
    """Started from nothing, or from what an earlier run left in the folder."""
    clock = clock or MovingClock()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = SandboxConfig(
            redirect_uris=frozenset({f"{url}/weibo/callback"}), daily_calls=CALLS, now=clock
        )
        sandbox, sandbox_url = await weibo_sandbox.start("127.0.0.1", 0, config)
        own = {
            "_env_file": None,
            "database_url": await databases.migrated(folder / "bangbang.db"),
            "secret_key": SECRET,
            "public_url": url,
            "weibo_api_url": sandbox_url,
            "weibo_app_key": config.app_key,
            "weibo_app_secret": config.app_secret,
        }
        chosen = settings.read(**{**own, **(given or {})})
        await database.upgrade(chosen.database_url)
        try:
            async with app.assembled(chosen, clock) as parts, app.serving(parts, listening, sandbox=True):
                yield Product(parts, url, sandbox_url, clock)
        finally:
            await sandbox.cleanup()


async def authorise(link: str, merchant: str, *, agree: bool = True) -> int:
    """What an owner does in the browser: our consent page, Weibo's page, and back; the last page's status."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(link) as page:
            assert page.status == 200, await page.text()
        async with browser.post(link) as page:
            leave = _attribute(await page.text(), r'class="button" href="([^"]+)"')
        async with browser.get(leave) as page:
            form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', await page.text()))
        fields = {name: html.unescape(value) for name, value in form.items()}
        answer = {"account": merchant, "answer": "approve" if agree else "refuse"}
        async with browser.post(leave.partition("?")[0], data=fields | answer) as page:
            return page.status


async def describe(sandbox_url: str, screen_name: str, description: str) -> None:
    """Edit an account's profile on the sandbox."""
    async with aiohttp.ClientSession() as browser:
        address = f"{sandbox_url}/profile/{screen_name}"
        async with browser.post(address, data={"description": description}) as page:
            assert page.status == 200


def _attribute(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    assert found, page
    return html.unescape(found[1])
