"""Small courtesies beside the conversation: answering a tap, showing that work goes on, a word in a group.

They run beside the turn that caused them, and none of them can fail it.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, TypeAlias

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import ChatMigrated, TelegramError

from bot.telegram.pace import Pace
from bot.telegram.transport import Flooded
from conversations import wording

Clock: TypeAlias = Callable[[], datetime]

TYPING_SECONDS = 4.0  #: Telegram shows it for five
LONGEST_HOLD = 30.0  #: seconds that a courtesy waits for a chat Telegram asked to leave alone
MOST = 1_000  #: courtesies on their way; beyond, there is none
LONGEST_TYPING = 15  #: times; an assessment that takes longer is no longer "typing"

_log = logging.getLogger(__name__)


class Once:
    """Remembers the newest `limit` keys, to do something once for each."""

    def __init__(self, limit: int) -> None:
        self._limit, self._seen = limit, OrderedDict[str, None]()

    def first(self, key: str) -> bool:
        """Whether the key is new; from now on it is not."""
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > self._limit:
            self._seen.popitem(last=False)
        return True


class Courtesy:
    """`quiet` tells whether the bot is about to say nothing in a conversation."""

    def __init__(
        self, bot: Bot, quiet: Callable[[str], Awaitable[bool]], clock: Clock, pace: Pace | None = None
    ) -> None:
        self._bot, self._quiet, self._clock, self._pace = bot, quiet, clock, pace or Pace()
        self._answered, self._pointed = Once(10_000), Once(1_000)
        self._typing: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, chat: str, query: str, text: str | None = None) -> None:
        """Stops the spinner on the tapped button; a tap that came twice is answered once."""
        if self._answered.first(query):
            self.beside(chat, self._answer(query, text))

    def type_until_done(self, session: str, chat: str) -> None:
        """Shows "typing" while something is being worked on for this conversation."""
        if session not in self._typing and len(self._tasks) < MOST:
            self._typing.add(session)
            self.beside(chat, self._type(session, chat))

    def point_out(self, chat: str, language: str) -> None:
        """In a group or channel, once a day: where the bot can be talked to."""
        if self._pointed.first(f"{self._clock():%Y-%m-%d} {chat}"):
            self.beside(chat, self._point_out(chat, language))

    def apologise(self, chat: str, language: str) -> None:
        """Nothing became of what the merchant did, through our fault; they learn what they can do."""
        self.beside(chat, self._say(int(chat), wording.phrase("telegram.trouble", language)))

    async def close(self) -> None:
        """Lets what is on its way arrive, for a moment, then stops it."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=0.5)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _answer(self, query: str, text: str | None) -> None:
        given = {"callback_query_id": query} | ({"text": text} if text else {})
        # The capital keeps PTB from recommending its own method, which costs three times as much.
        await self._bot.do_api_request("AnswerCallbackQuery", api_kwargs=given)

    async def _say(self, chat: int, text: str) -> None:
        try:
            await self._bot.send_message(chat, text)
        except ChatMigrated as moved:  # a group became a supergroup, with another number
            await self._bot.send_message(moved.new_chat_id, text)

    async def _type(self, session: str, chat: str) -> None:
        try:
            for _ in range(LONGEST_TYPING):
                if await self._quiet(session) or self._pace.wait(chat):
                    break
                await self._bot.send_chat_action(int(chat), ChatAction.TYPING)
                await asyncio.sleep(TYPING_SECONDS)
        finally:
            self._typing.discard(session)

    async def _point_out(self, chat: str, language: str) -> None:
        if not self._bot_known():
            await self._bot.get_me()
        link = f"https://t.me/{self._bot.username}"
        await self._say(int(chat), wording.phrase("telegram.elsewhere", language, link=link))

    def _bot_known(self) -> bool:
        try:
            return bool(self._bot.bot)
        except RuntimeError:  # PTB's way of saying that getMe has not been asked yet
            return False

    def beside(self, chat: str, work: Coroutine[Any, Any, Any]) -> None:
        """Do this as a courtesy to a chat: when it may be written to, and nobody minds if it fails."""
        if len(self._tasks) >= MOST:  # a flood, or Telegram is slow: what is stored does not depend on them
            work.close()
            return
        task = asyncio.create_task(self._harmless(chat, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _harmless(self, chat: str, work: Coroutine[Any, Any, Any]) -> None:
        try:
            if seconds := self._pace.wait(chat):
                await asyncio.sleep(min(seconds, LONGEST_HOLD))
            await work
        except Flooded as error:
            self._pace.flooded(chat, error.seconds)
        except TelegramError as error:  # too old, blocked, busy: the effect is already stored
            _log.debug("a courtesy failed: %s", type(error).__name__)
        except Exception as error:
            _log.warning("a courtesy failed: %s", type(error).__name__)
        finally:
            work.close()  # it may not have begun
