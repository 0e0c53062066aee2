"""`bangbang serve` as processes that can be killed, started on the same data, and started side by side."""

import asyncio
import os
import signal
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

import aiohttp

from bot import database
from tests.commands import COMMAND, children, surroundings
from tests.faults.bot_api import TOKEN

SECRET = "a secret of the tests, long enough to be one"
LOOK_AGAIN = 0.2  #: seconds between two looks of a supervisor
_migrating: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

PATIENCE = 30.0  #: seconds after which a process that should have ended is ended


class Program:
    """One process at a time, on its own port; what it says is kept in `folder`."""

    def __init__(
        self, folder: Path, name: str, settings: Mapping[str, str], wrapped: Sequence[str] = ()
    ) -> None:
        self.kept = False  # whether one stays beside it that begins it again
        self.port = _free_port()
        own = {"port": str(self.port), "public_url": f"http://127.0.0.1:{self.port}"}
        self._settings = {**settings, **own}
        self._folder, self._log = folder, folder / f"{name}.log"
        self._wrapped = wrapped
        self._process: asyncio.subprocess.Process | None = None
        self.starts = 0

    @property
    def door(self) -> str:
        """The address of its web chat."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self, crash_at: str | None = None) -> None:
        """Begin a process; with `crash_at`, one that dies at that place."""
        given = self._settings | ({"crash_at": crash_at} if crash_at else {})
        self.starts += 1
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._wrapped, COMMAND, "serve", *(["--keep"] if self.kept else []),
                cwd=self._folder, env=surroundings(given),
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    async def stays(self) -> None:
        """Start it as a supervisor does: again whenever it ends by itself, until it answers."""
        await self.start()
        while not await self._answers():
            if await self.ended(LOOK_AGAIN) is not None:
                await self.start()

    async def _answers(self) -> bool:
        try:
            async with aiohttp.ClientSession() as asking, asking.get(f"{self.door}/readyz") as page:
                return page.status == 200
        except aiohttp.ClientError:
            return False

    async def kill(self) -> None:
        """As `kill -9` does, and whatever started it too."""
        if self._process and self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()

    async def kill_what_serves(self) -> None:
        """As `kill -9` does, and its keeper stays."""
        assert self._process is not None
        while not (serving := children(self._process.pid)):  # noqa: ASYNC110  # no bell rings at a birth
            await asyncio.sleep(0.001)
        os.kill(serving[0], signal.SIGKILL)

    async def ended(self, patience: float = PATIENCE) -> int | None:
        """How it ended by itself: minus the signal, or its exit code; None when it lives on."""
        assert self._process is not None
        try:
            return await asyncio.wait_for(self._process.wait(), patience)
        except TimeoutError:
            return None

    async def stop(self) -> int | None:
        """Ask it to end and wait."""
        assert self._process is not None
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGTERM)
        return await self.ended()

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""


def settings(database_url: str, telegram_url: str, weibo_url: str) -> dict[str, str]:
    """What every process of one bot is given, without the prefix."""
    return {
        "database_url": database_url,
        "secret_key": SECRET,
        "telegram_token": TOKEN,
        "telegram_api_url": telegram_url,
        "telegram_webhook_secret": "a_secret_of_the_tests",
        "weibo_api_url": weibo_url,
        "weibo_app_key": "1234567",
        "weibo_app_secret": "weibo-secret",
        "log_level": "WARNING",
    }


def sqlite_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'bangbang.db'}"


async def prepared(url: str) -> str:
    """A database with its schema; one at a time, for migrations have one context in a process."""
    async with _migrating.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        await database.upgrade(url)
    return url


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        return int(unused.getsockname()[1])
