"""Sends journal rows to a chat, and says of each failure whether a later try can help."""

import random

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.delivery import Refused, TryLater, Unreachable
from bot.signing import Signer
from bot.telegram import messages
from bot.telegram.transport import Flooded
from conversations.store import Contact, Message

LONGEST_WAIT = 60.0  #: seconds between tries while Telegram cannot be reached

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramSender:
    """The `Sender` of this channel. What the merchant said is never sent back to them."""

    def __init__(self, bot: Bot, signer: Signer) -> None:
        self._bot, self._signer = bot, signer
        self._failed: dict[str, int] = {}  # tries in a row without an answer, by chat

    async def send(self, contact: Contact, message: Message, language: str) -> None:
        """One message, in as many parts as it needs.

        Raises:
            TryLater: Telegram is busy, or out of reach.
            Unreachable: the merchant blocked the bot or is gone.
            Refused: Telegram will never take it.
        """
        if message.sender == "merchant":
            return
        try:
            await self._send(contact.address, message)
        except (Flooded, TelegramError, ValueError) as error:
            raise self._verdict(contact.address, error) from error
        self._failed.pop(contact.address, None)

    async def _send(self, chat: str, message: Message) -> None:
        for part in messages.render(message, chat, self._signer):
            await self._bot.send_message(
                int(chat),
                part.text,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=part.keyboard,
            )

    def _verdict(self, chat: str, error: Exception) -> TryLater | Unreachable | Refused:
        """What the error means for this message; only its kind is kept, its text may quote what was sent."""
        kind = type(error).__name__
        match error:
            case Flooded():
                return TryLater(error.seconds)
            case Forbidden():
                return Unreachable(kind)
            case BadRequest() | ChatMigrated() | ValueError():
                return Refused(kind)
        tries = self._failed[chat] = self._failed.get(chat, 0) + 1
        # Spread out, so that a thousand chats do not knock at the same moment.
        return TryLater(min(LONGEST_WAIT, 2.0 ** min(tries, 8)) * random.uniform(0.5, 1.0))  # noqa: S311  # not a secret
