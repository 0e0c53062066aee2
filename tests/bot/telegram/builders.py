"""Raw updates as Telegram sends them, each fact replaceable."""

from datetime import UTC, datetime
from typing import Any

from bot.device_links import DeviceLinks
from bot.signing import Signer
from bot.telegram.updates import Reader
from conversations.store import Message

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SIGNER = Signer("0123456789abcdef0123456789abcdef")
LINKS = DeviceLinks(SIGNER, "https://shop.example", lambda: NOW)
READER = Reader(SIGNER, lambda: NOW, LINKS)
CHAT = 1001

USER = {"id": CHAT, "is_bot": False, "first_name": "小夏", "language_code": "zh-hans"}
PRIVATE = {"id": CHAT, "type": "private", "first_name": "小夏"}
GROUP = {"id": -100500, "type": "supergroup", "title": "shops"}


def message(*, sender: Any = USER, **facts: Any) -> dict[str, Any]:
    return {"message_id": 7, "date": 1_790_000_000, "chat": PRIVATE, "from": sender} | facts


def update(kind: str = "message", body: Any = None, **facts: Any) -> dict[str, Any]:
    return {"update_id": 5, kind: message(**facts) if body is None else body}


def tap(data: object, *, sender: Any = USER, **facts: Any) -> dict[str, Any]:
    body = {"id": "q1", "from": sender, "chat_instance": "x", "message": message(), "data": data} | facts
    return update("callback_query", body)


def membership(before: str, after: str, chat: Any = None) -> dict[str, Any]:
    body = {
        "chat": chat or PRIVATE, "from": USER, "date": 1_790_000_000,
        "old_chat_member": {"status": before}, "new_chat_member": {"status": after},
    }  # fmt: skip
    return update("my_chat_member", body)


def journal(text: str = "多少钱？", **facts: Any) -> Message:
    given: dict[str, Any] = {
        "n": 1, "sender": "bot", "kind": "ask", "step": "rent", "key": "ask.rent",
        "choices": (), "data": {}, "at": NOW,
    }  # fmt: skip
    return Message(**(given | {"text": text} | facts))
