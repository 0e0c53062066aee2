"""Fetches updates by long polling. An update is confirmed to Telegram only after its effect is committed.

Chats run side by side, each in its own order; updates that waited during an outage are never dropped.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from telegram import Bot
from telegram.error import Conflict

from bot.telegram import updates
from bot.telegram.intake import Intake
from bot.telegram.transport import Flooded
from conversations.crashpoints import crashpoint

LONGEST_PAUSE = 30.0  #: seconds between tries while Telegram or the store is away
SIDE_BY_SIDE = 32  #: chats

_log = logging.getLogger(__name__)


class Polling:
    """One poller; Telegram allows one for each bot."""

    def __init__(self, bot: Bot, intake: Intake, *, wait: int = 25, first_pause: float = 0.5) -> None:
        self._bot, self._intake, self._wait, self._first_pause = bot, intake, wait, first_pause
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)
        self._offset = 0
        self._failures = 0
        self._resting: asyncio.Task[Any] | None = None  # what may be broken off when it is time to stop
        self._stopping = False
        self.in_reach = asyncio.Event()  #: the newest poll was answered, and what it brought is taken

    async def run(self) -> None:
        """Fetch and take updates until `stop`."""
        self._stopping, self._offset = False, 0
        while not self._stopping:
            try:
                await self._interruptible(asyncio.sleep(await self._round()))
            except asyncio.CancelledError:
                if not self._stopping:
                    raise

    def stop(self) -> None:
        """Take no more; what is being taken is finished first."""
        self._stopping = True
        self.in_reach.clear()
        if self._resting:
            self._resting.cancel()

    async def _round(self) -> float:
        """Fetch and take once; the seconds to wait before the next time."""
        try:
            await self._take(await self._interruptible(self._fetch()))
        except Flooded as error:
            return error.seconds
        except Exception as error:  # whatever it is, a bot that polls no more helps nobody
            self._complain(error)
            self.in_reach.clear()
            self._failures += 1
            return min(LONGEST_PAUSE, self._first_pause * 2.0 ** min(self._failures, 10))
        self._failures = 0
        self.in_reach.set()
        return 0

    async def _fetch(self) -> Any:
        # Whether Telegram can be reached is to be known at once; only then is it worth waiting there.
        wait = self._wait if self.in_reach.is_set() else 0
        # Not `get_updates`: it raises for a whole batch, and logs it, when one update cannot be parsed.
        return await self._bot.do_api_request(
            "GetUpdates",
            api_kwargs={"offset": self._offset, "timeout": wait, "allowed_updates": updates.WANTED},
            read_timeout=self._wait + 10,
        )

    async def _take(self, batch: Sequence[Any]) -> None:
        crashpoint("updates fetched")
        chats: dict[str, list[Any]] = {}
        for update in batch:
            chats.setdefault(updates.chat_of(update), []).append(update)
        results = await asyncio.gather(*map(self._take_in_order, chats.values()), return_exceptions=True)
        for failure in filter(None, results):
            raise failure
        self._offset = _confirming(batch)

    async def _take_in_order(self, batch: Sequence[Any]) -> None:
        async with self._places:
            for update in batch:
                await self._intake.take(update)

    async def _interruptible(self, work: Coroutine[Any, Any, Any]) -> Any:
        self._resting = asyncio.create_task(work)
        try:
            return await self._resting
        finally:
            self._resting.cancel()
            self._resting = None

    def _complain(self, error: Exception) -> None:
        if isinstance(error, Conflict):
            _log.error(
                "another program polls this bot, or a webhook was set for it: stop that program,"
                " or get a new token from @BotFather if you do not know it"
            )
        else:
            _log.warning("polling Telegram goes on after %s", type(error).__name__)


def _confirming(batch: Sequence[Any]) -> int:
    """The offset that confirms this batch, and nothing else.

    It is used once. Telegram numbers anew, often lower, after a quiet week; to an offset that lies ahead of
    its numbers it answers from the beginning and confirms nothing, so an offset that only ever rose would
    be given the same updates for ever. Without a batch there is nothing to confirm.
    """
    return max((number + 1 for number in map(_number, batch)), default=0)


def _number(update: object) -> int:
    number = update.get("update_id") if isinstance(update, Mapping) else None
    return number if isinstance(number, int) else -1
