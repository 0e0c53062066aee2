"""Updates brought to a webhook: one at a time for each chat, again until it says 200, and late once more."""

import asyncio
import io
import json
import random

import aiohttp

from tests.faults.mailbox import Mailbox, Update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
CONNECTIONS = 40
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.5  #: seconds between tries; Telegram's own are longer
LATE = 5.0  #: seconds within which a copy comes


class Pusher:
    """`doors` are other addresses of the same bot, as a balancer knows them."""

    def __init__(self, mailbox: Mailbox, dice: random.Random) -> None:
        self._mailbox, self._dice = mailbox, dice
        self.doors: list[str] = []
        self.refused = 0  #: pushes that were not answered 200
        self.late = LATE
        self._secret: str | None = None
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._copies: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def open(self, url: str, secret: str) -> None:
        self._secret = secret
        if url not in self.doors:
            self.doors.append(url)
        for update in self._mailbox.waiting:
            self.wake(update.chat)

    def close(self) -> None:
        self._secret = None

    def wake(self, chat: int) -> None:
        """Something waits for this chat."""
        if self._secret is not None and chat not in self._tasks:
            task = self._tasks[chat] = asyncio.create_task(self._empty(chat))
            task.add_done_callback(lambda _: self._tasks.pop(chat))

    async def copied(self) -> None:
        """Returns once every late copy has come."""
        while self._copies:
            await asyncio.wait(self._copies)

    async def stop(self) -> None:
        self.close()  # whoever still says something wakes nothing
        for task in (tasks := [*self._tasks.values(), *self._copies]):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    async def _empty(self, chat: int) -> None:
        while update := next((one for one in self._mailbox.waiting if one.chat == chat), None):
            await self._bring(update)
            self._mailbox.confirm(update)
            self._later(update)

    def _later(self, update: Update) -> None:
        for _ in range(self._mailbox.again()):
            copy = asyncio.create_task(self._bring_late(update))
            self._copies.add(copy)
            copy.add_done_callback(self._copies.discard)

    async def _bring_late(self, update: Update) -> None:
        await asyncio.sleep(self._dice.uniform(0, self.late))
        await self._bring(update)

    async def _bring(self, update: Update) -> None:
        """Push until it is taken."""
        pause = FIRST_PAUSE
        while await self.push(json.dumps(update.body).encode()) != 200:
            self.refused += 1
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def push(self, body: bytes) -> int | None:
        """Bring any bytes once; how they are answered, or None when they are not."""
        door, headers = self._dice.choice(self.doors), {SECRET_HEADER: self._secret or ""}
        self._session = self._session or aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(30))
        try:
            async with (
                self._places,
                self._session.post(door, data=io.BytesIO(body), headers=headers) as answer,
            ):
                return answer.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return None
