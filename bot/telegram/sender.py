"""Sends journal rows to a chat, and says of each failure whether a later try can help."""

import random
from collections.abc import Callable

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.delivery import Refused, Silenced, StillDue, TryLater, Unreachable
from bot.signing import Signer
from bot.telegram import messages
from bot.telegram.messages import Part
from bot.telegram.pace import Pace
from bot.telegram.transport import Flooded, ready
from conversations.store import Contact, Message

LONGEST_WAIT = 60.0  #: seconds between tries while Telegram cannot be reached

Ready = Callable[[Message], Message]  #: puts in what a message must not hold while it is stored

_ALWAYS = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


class TelegramSender:
    """The `Sender` of this channel. What the merchant said is never sent back to them."""

    def __init__(
        self,
        bot: Bot,
        signer: Signer,
        pace: Pace | None = None,
        ready_to_show: Ready = lambda message: message,
    ) -> None:
        self._bot, self._signer, self._pace, self._ready = bot, signer, pace or Pace(), ready_to_show
        self._failed: dict[str, int] = {}  # tries in a row without an answer, by chat
        self._begun: dict[tuple[str, int], int] = {}  # parts that arrived, by chat and message

    async def send(
        self, contact: Contact, message: Message, language: str, still_due: StillDue
    ) -> str | None:
        """One message, in as many parts as it needs; what edits another changes that one.

        Raises:
            TryLater: Telegram is busy, or out of reach.
            Unreachable: the merchant blocked the bot or is gone.
            Refused: Telegram will never take it.
            Silenced: a person has taken the word.
        """
        if message.sender == "merchant":
            return None
        chat = contact.address
        if (seconds := self._pace.wait(chat)) > 0:
            raise TryLater(seconds)
        try:
            number = await self._send(chat, message, still_due)
        except Silenced:
            self._begun.pop((chat, message.n), None)
            raise
        except (TelegramError, ValueError) as error:
            verdict = self._verdict(chat, error)
            if not isinstance(verdict, TryLater):
                self._begun.pop((chat, message.n), None)
                self._failed.pop(chat, None)
            raise verdict from error
        self._failed.pop(chat, None)
        return number

    async def _send(self, chat: str, message: Message, still_due: StillDue) -> str | None:
        """Every part that has not arrived yet: a message broken off goes on where it stopped."""
        parts, begun = messages.render(self._ready(message), chat, self._signer), (chat, message.n)
        edited = message.data.get("remote") if len(parts) == 1 else None
        number = None
        for n, part in enumerate(parts):
            if n < self._begun.get(begun, 0):
                continue
            await self._pace.turn()
            await still_due()
            number = await self._send_part(chat, part, edited)
            if len(parts) > 1:
                self._begun[begun] = n + 1
        self._begun.pop(begun, None)
        return number if message.voice == "staff" and len(parts) == 1 else None

    async def _send_part(self, chat: str, part: Part, edited: str | None) -> str | None:
        """Telegram's number of the message."""
        keyboard = {"reply_markup": {"inline_keyboard": part.keyboard}} if part.keyboard else {}
        # Not `send_message`: what it does for any call costs a fifth of a turn.
        which = {"message_id": int(edited)} if edited else {}
        given = ready({"chat_id": int(chat), **which, "text": part.text, **_ALWAYS, **keyboard})
        call = "editMessageText" if edited else "sendMessage"
        answer = await self._bot.request.post(f"{self._bot.base_url}/{call}", given)
        self._pace.sent()
        return str(answer["message_id"]) if isinstance(answer, dict) and "message_id" in answer else None

    def _verdict(self, chat: str, error: Exception) -> TryLater | Unreachable | Refused:
        """What the error means for this message; only its kind is kept, its text may quote what was sent."""
        kind = type(error).__name__
        match error:
            case Flooded():
                self._pace.flooded(chat, error.seconds)
                return TryLater(error.seconds)
            case Forbidden():
                return Unreachable(kind)
            case BadRequest() | ChatMigrated() | ValueError():
                return Refused(kind)
        tries = self._failed[chat] = self._failed.get(chat, 0) + 1
        # Spread out, so that a thousand chats do not knock at the same moment.
        return TryLater(min(LONGEST_WAIT, 2.0 ** min(tries, 8)) * random.uniform(0.5, 1.0))  # noqa: S311  # not a secret
