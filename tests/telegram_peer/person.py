"""Somebody with a phone: writes, taps, blocks, and reads what the bot sent."""

from typing import TYPE_CHECKING, Any

from conversations.store import Contact
from tests.telegram_peer.chats import Shown, Tap
from tests.telegram_peer.forum import GROUP
from tests.telegram_peer.waiting import until

if TYPE_CHECKING:
    from tests.telegram_peer.peer import Peer

_SENT: dict[str, Any] = {
    "sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9,
                "is_animated": False, "is_video": False},
    "photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}],
    "voice": {"file_id": "v", "file_unique_id": "v", "duration": 3},
    "video": {"file_id": "f", "file_unique_id": "f", "width": 9, "height": 9, "duration": 3},
    "document": {"file_id": "d", "file_unique_id": "d"},
    "location": {"latitude": 25.04, "longitude": 102.71},
    "contact": {"phone_number": "1", "first_name": "x"},
}  # fmt: skip


class Person:
    """A private chat with the bot, and a group where both may be."""

    def __init__(self, peer: "Peer", number: int, language: str | None) -> None:
        self._peer, self.id, self._language = peer, number, language
        self._read = 0  # messages already looked at

    @property
    def contact(self) -> Contact:
        return Contact("telegram", str(self.id))

    @property
    def received(self) -> list[Shown]:
        return self._peer.chats.messages.get(self.id, [])

    @property
    def replies(self) -> list[str]:
        return [shown.text for shown in self.received]

    def says(self, text: str) -> dict[str, Any]:
        return self._put("message", self._message() | {"text": text})

    def sends(self, what: str) -> dict[str, Any]:
        return self._put("message", self._message() | {what: _SENT[what]})

    def edits(self, text: str) -> dict[str, Any]:
        return self._put("edited_message", self._message() | {"text": text, "edit_date": self._date()})

    def taps(self, label: str) -> Tap:
        """Taps the newest button with this label."""
        shown = next(shown for shown in reversed(self.received) if label in shown.buttons)
        return self.taps_data(shown.buttons[label]["callback_data"], shown.raw)

    def taps_data(self, data: str, message: dict[str, Any] | None = None) -> Tap:
        """Sends any callback data, as a modified client can."""
        query = f"{self.id}{len(self._peer.chats.taps):06}"
        tap = self._peer.chats.taps[query] = Tap(self._peer.now())
        body = {"id": query, "from": self._user(), "chat_instance": "x", "data": data}
        self._put("callback_query", body | {"message": message or self._message()})
        return tap

    def blocks(self) -> None:
        self._peer.faults.blocked.add(self.id)
        self._put("my_chat_member", self._membership("member", "kicked"))

    def returns(self) -> None:
        self._peer.faults.blocked.discard(self.id)
        self._put("my_chat_member", self._membership("kicked", "member"))

    def says_in_group(self, text: str) -> None:
        group = {"id": GROUP, "type": "supergroup", "title": "shops"}
        self._put("message", self._message() | {"chat": group, "text": text}, chat=GROUP)

    def writes(self, text: str, thread: int | None = None, **more: Any) -> dict[str, Any]:
        """In a topic of the group, or in the one for everything; the message as Telegram has it."""
        message = self._in_topic(thread) | {"text": text} | more
        self._peer.forum.written.add(message["message_id"])
        self._put("message", message, chat=GROUP)
        return message

    def corrects(self, message: dict[str, Any], text: str) -> None:
        """Something they wrote in the group."""
        self._put("edited_message", message | {"text": text, "edit_date": self._date()}, chat=GROUP)

    def does(self, thread: int, **what: Any) -> None:
        """Something in a topic that is no text: a service message, a picture."""
        self._put("message", self._in_topic(thread) | what, chat=GROUP)

    async def hears(self, fragment: str, seconds: float = 10) -> Shown:
        """The first unread message with these words, once it is there; what came before it counts as read."""

        def found() -> Shown | None:
            for place, shown in enumerate(self.received[self._read :], self._read + 1):
                if fragment in shown.text:
                    self._read = place
                    return shown
            return None

        return await until(found, seconds, lambda: f"no {fragment!r} in {self.replies[self._read :]}")

    def _put(self, kind: str, body: dict[str, Any], *, chat: int | None = None) -> dict[str, Any]:
        return self._peer.mailbox.put(kind, body, chat=chat or self.id)

    def _message(self) -> dict[str, Any]:
        number = self._peer.bridge.next_message_id(self.id)
        return {"message_id": number, "date": self._date(), "chat": self._chat(), "from": self._user()}

    def _in_topic(self, thread: int | None) -> dict[str, Any]:
        """A message of the group; one in a topic "replies" to the topic's beginning, as Telegram has it."""
        group = {"id": GROUP, "type": "supergroup", "title": "shops", "is_forum": True}
        number = self._peer.bridge.next_message_id(GROUP)
        message = self._message() | {"chat": group, "message_id": number}
        if thread is None:
            return message
        begun = message | {"message_id": thread, "forum_topic_created": {"name": "x", "icon_color": 1}}
        return message | {"message_thread_id": thread, "is_topic_message": True, "reply_to_message": begun}

    def _membership(self, before: str, after: str) -> dict[str, Any]:
        bot = {"id": 42, "is_bot": True, "first_name": "b"}
        return {
            "chat": self._chat(), "from": self._user(), "date": self._date(),
            "old_chat_member": {"user": bot, "status": before, "until_date": 0},
            "new_chat_member": {"user": bot, "status": after, "until_date": 0},
        }  # fmt: skip

    def _date(self) -> int:
        return int(self._peer.now().timestamp())

    def _chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": "小夏"}

    def _user(self) -> dict[str, Any]:
        user = {"id": self.id, "is_bot": False, "first_name": "小夏"}
        return user | ({"language_code": self._language} if self._language else {})
