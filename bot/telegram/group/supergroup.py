"""The staff's supergroup as Telegram has it: topics are made, written to, closed and deleted.

It is sent no more messages than Telegram takes, and what it refuses is told by what can be done about it.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from telegram import Bot, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.telegram.group.allowance import Allowance
from bot.telegram.transport import Flooded

T = TypeVar("T")

NAME = 128  #: characters of a topic's name
SPARED = 4  #: of a minute's messages, for answers to colleagues, who wait for them
SEEN = "👍"

_GONE = ("message thread not found", "topic_deleted", "topic_id_invalid")
_DENIED = ("chat not found", "not enough rights", "not a forum", "chat_admin_required", "need administrator")
_AS_IT_IS = "topic_not_modified"


class Gone(Exception):
    """Somebody has deleted the topic."""


class Denied(Exception):
    """The bot is not in the group, or may not do this there; only an operator can help."""


class Supergroup:
    """One group; `chat` is its id."""

    def __init__(self, bot: Bot, chat: int, allowance: Allowance | None = None) -> None:
        self._bot, self.chat = bot, chat
        self._allowance = allowance or Allowance()
        #: held until words written here are known to have been, so that they are not told here as news
        self.writing = asyncio.Lock()

    async def ready(self) -> None:
        """Returns once there is room for a message."""
        await self._allowance.ready(SPARED)

    async def tell(self, thread: int, html: str) -> None:
        """Post in a topic. Every method raises as this one.

        Raises:
            Gone: there is no such topic any more.
            Denied: the bot may not.
            Flooded: Telegram asks to wait.
            TelegramError: it cannot be reached, or refuses this very message.
        """
        await self._allowance.turn(SPARED)
        await self._asked(self._send(html, thread, None, ParseMode.HTML))

    async def answer(self, text: str, thread: int | None, message: int) -> None:
        """Plain words below a message, in its topic or in the one for everything; after a flood again."""
        try:
            await self._allowance.turn()
            await self._asked(self._send(text, thread, message, None))
        except Flooded:
            await self._allowance.turn()
            await self._asked(self._send(text, thread, message, None))

    async def open(self, name: str) -> int:
        """Make a topic; its number."""
        await self._allowance.turn(SPARED)
        made = await self._asked(self._bot.create_forum_topic(self.chat, name[:NAME]))
        return made.message_thread_id

    async def close(self, thread: int) -> None:
        await self._unless_so(self._bot.close_forum_topic(self.chat, thread))

    async def reopen(self, thread: int) -> None:
        await self._unless_so(self._bot.reopen_forum_topic(self.chat, thread))

    async def delete(self, thread: int) -> None:
        """The topic with all that was said in it."""
        await self._asked(self._bot.delete_forum_topic(self.chat, thread))

    async def seen(self, message: int) -> None:
        """A mark under what a colleague wrote: it is done."""
        await self._asked(self._bot.set_message_reaction(self.chat, message, SEEN))

    async def remove(self, message: int) -> None:
        await self._asked(self._bot.delete_message(self.chat, message))

    def _send(
        self, text: str, thread: int | None, message: int | None, mode: str | None
    ) -> Awaitable[object]:
        below = ReplyParameters(message, allow_sending_without_reply=True) if message else None
        return self._bot.send_message(
            self.chat,
            text,
            parse_mode=mode,
            message_thread_id=thread,
            reply_parameters=below,
            disable_web_page_preview=True,
        )

    async def _unless_so(self, call: Awaitable[object]) -> None:
        """Somebody may have closed or opened it by hand."""
        try:
            await self._asked(call)
        except BadRequest as error:
            if _AS_IT_IS not in error.message.casefold():
                raise

    async def _asked(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except Flooded as error:
            self._allowance.hold(error.seconds)
            raise
        except (Forbidden, ChatMigrated) as error:
            raise Denied(type(error).__name__) from error
        except BadRequest as error:
            said = error.message.casefold()
            if any(words in said for words in _GONE):
                raise Gone from error
            if any(words in said for words in _DENIED):
                raise Denied(error.message) from error
            raise
