"""What Telegram remembers of its chats: the messages the bot sent, and the taps it has to answer."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.telegram_peer.bridge import Refusal
from tests.telegram_peer.mailbox import TAP_LIVES


@dataclass
class Tap:
    """A tap on a button, and what the bot answered to it."""

    at: datetime
    answer: str | None = None
    answered: bool = False


@dataclass(frozen=True)
class Shown:
    """A message of the bot as a person sees it."""

    id: int
    text: str
    buttons: dict[str, dict[str, Any]]  #: by label
    raw: dict[str, Any] = field(repr=False)

    @property
    def rows(self) -> list[list[str]]:
        keyboard = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return [[button["text"] for button in row] for row in keyboard]


class Chats:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.messages: dict[int, list[Shown]] = {}
        self.taps: dict[str, Tap] = {}
        self.actions: list[tuple[int, str]] = []

    def judge(self, method: str, given: dict[str, Any]) -> None:
        """Refuses what depends on the past.

        Raises:
            Refusal: the message or the tap is unknown, too old, or would not change.
        """
        if method == "answercallbackquery":
            self._judge_answer(given)
        elif method.startswith(("edit", "delete")) and "message_id" in given:
            self._judge_edit(given)

    def keep(self, method: str, given: dict[str, Any], result: Any) -> None:
        """What the call changed."""
        if method == "answercallbackquery":
            tap = self.taps[given["callback_query_id"]]
            tap.answered, tap.answer = True, given.get("text")
        elif method == "sendchataction":
            self.actions.append((int(given["chat_id"]), given["action"]))
        elif method == "sendmessage":
            self._shown(int(given["chat_id"])).append(_shown(given, result))
        elif method == "editmessagetext":
            shown = self._shown(int(given["chat_id"]))
            shown[self._place(given)] = _shown(given, result | {"message_id": given["message_id"]})

    def _shown(self, chat: int) -> list[Shown]:
        return self.messages.setdefault(chat, [])

    def _judge_answer(self, given: dict[str, Any]) -> None:
        tap = self.taps.get(str(given.get("callback_query_id")))
        if tap is None or tap.answered or self._clock() - tap.at > TAP_LIVES:
            raise Refusal(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )

    def _judge_edit(self, given: dict[str, Any]) -> None:
        before = self._shown(int(given["chat_id"]))[self._place(given)].raw
        if "text" in given and all(
            (before.get(name) or {}) == (given.get(name) or {}) for name in ("text", "reply_markup")
        ):
            raise Refusal(400, "Bad Request: message is not modified")

    def _place(self, given: dict[str, Any]) -> int:
        shown = self._shown(int(given["chat_id"]))
        for place, message in enumerate(shown):
            if message.id == int(given["message_id"]):
                return place
        raise Refusal(400, "Bad Request: message to edit not found")


def _shown(given: dict[str, Any], result: dict[str, Any]) -> Shown:
    text = given["text"]
    if given.get("parse_mode") == "HTML":
        text = html.unescape(re.sub(r"<[^>]+>", "", text))
    markup = given.get("reply_markup") or {}
    buttons = {button["text"]: button for row in markup.get("inline_keyboard", []) for button in row}
    return Shown(
        result["message_id"], text, buttons, {**result, "text": given["text"], "reply_markup": markup}
    )
