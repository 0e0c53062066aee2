"""What an update means, in our own words. Pure, and total: whatever arrives, it returns and never raises.

It reads Telegram's JSON itself: PTB's parser takes a list for a text, dies on a strange date or a
missing sender, and costs a tenth of a turn.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from bot.device_links import TOKEN, DeviceLinks, Link
from bot.signing import BadSignature, Signer
from bot.telegram import callback_data
from conversations.events import Chose, Edited, Event, LinkFailed, MovedHere, Said, Shared
from conversations.store import Contact

CHANNEL = "telegram"
WANTED = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]
MAX_TEXT = 4096

Json: TypeAlias = Mapping[str, Any]

# What a merchant can send that we cannot read. Anything else without a text is a service message.
_SHARED = (
    "sticker", "photo", "voice", "video", "video_note", "animation", "audio", "document", "venue", "location",
    "contact", "poll", "dice", "game", "story", "paid_media", "live_photo", "checklist", "giveaway",
)  # fmt: skip
_COMMAND = re.compile(r"/([A-Za-z][A-Za-z0-9_]{0,31})(?:@\w+)?(?=\s|$)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")


@dataclass(frozen=True)
class Heard:
    """The merchant did something; `query` is the id of a tap to answer, `returned` lifts a block."""

    contact: Contact
    arrival: str
    event: Event
    language: str | None = None
    query: str | None = None
    returned: bool = False
    link: Link | None = None  #: by which they come from another device


@dataclass(frozen=True)
class Foreign:
    """A tap on a button that is not ours, or not of this chat: answered, and nothing changes."""

    contact: Contact
    query: str
    language: str | None


@dataclass(frozen=True)
class Blocked:
    """The merchant stopped the bot: nothing can be sent until they come back."""

    contact: Contact
    arrival: str


@dataclass(frozen=True)
class Elsewhere:
    """Someone spoke in a group or channel, where no application is talked about."""

    chat: str
    language: str | None


@dataclass(frozen=True)
class Answered:
    """The message that another one replies to, and who wrote it."""

    message: int
    by: int
    text: str


@dataclass(frozen=True)
class AtDesk:
    """Somebody wrote in the group from which staff work; `text` is empty where it was no text."""

    arrival: str
    by: int  #: an account of Telegram
    message: int
    thread: int | None  #: the topic; None in the one for everything
    text: str
    corrected: bool
    answered: Answered | None
    language: str | None


@dataclass(frozen=True)
class Ignored:
    """Nothing that concerns a conversation: a service message, another bot, our own words."""


@dataclass(frozen=True)
class Parked:
    """It could not be understood; `reason` holds nothing of its content."""

    reason: str
    arrival: str | None = None


Meaning: TypeAlias = Heard | Foreign | Blocked | Elsewhere | AtDesk | Ignored | Parked


class Malformed(ValueError):
    """A field is missing or of the wrong type; the text is the field's name."""


@dataclass(frozen=True)
class Reader:
    """Reads updates: buttons are checked with `signer`, events carry our time; `desk` is staff's group."""

    signer: Signer
    clock: Callable[[], datetime]
    links: DeviceLinks
    desk: int | None = None

    def read(self, update: object) -> Meaning:
        """What the update means to us."""
        arrival = None
        try:
            raw = _object(update, "update")
            arrival = str(_int(raw, "update_id"))
            for kind in WANTED:
                if kind in raw:
                    return self._read_kind(kind, _object(raw[kind], kind), arrival)
        except Malformed as fault:
            return Parked(f"malformed {fault}", arrival)
        return Ignored()

    def _read_kind(self, kind: str, body: Json, arrival: str) -> Meaning:
        if kind == "callback_query":
            return self._tap(body, arrival)
        if kind == "my_chat_member":
            return self._membership(body, arrival)
        return self._message(kind, body, arrival)

    def _message(self, kind: str, message: Json, arrival: str) -> Meaning:
        chat, sender = _part(message, "chat"), _maybe(message, "from")
        if self.desk is not None and _int(chat, "id") == self.desk:
            return _at_desk(message, sender, arrival, corrected=kind == "edited_message")
        if _text(chat, "type") != "private":
            return _elsewhere(chat, sender, message)
        if sender is None or sender.get("is_bot") is True:
            return Ignored()
        if kind == "message" and (token := _brought(message)):
            return self._from_elsewhere(_contact(chat), arrival, token, _language(sender))
        event = self._edited(message) if kind == "edited_message" else self._sent(message)
        if event is None:
            return Ignored()
        return Heard(_contact(chat), arrival, event, _language(sender))

    def _from_elsewhere(self, contact: Contact, arrival: str, token: str, language: str | None) -> Heard:
        """Somebody who pressed "start" behind a link; the token itself is nothing they said."""
        try:
            link = self.links.opened(token)
        except BadSignature:
            return Heard(contact, arrival, LinkFailed(self.clock()), language)
        return Heard(contact, arrival, MovedHere(self.clock()), language, link=link)

    def _sent(self, message: Json) -> Event | None:
        if "text" not in message:
            what = next((name for name in _SHARED if message.get(name)), None)
            return Shared(self.clock(), what) if what else None
        # "/start" too is something said: whoever types it wants an answer, which an arrival need not get.
        return Said(self.clock(), normalised(_text(message, "text")))

    def _edited(self, message: Json) -> Event | None:
        """An edit of words; a live location also "edits" its message, every few seconds."""
        if "text" not in message and "caption" not in message:
            return None
        return Edited(self.clock(), normalised(_text(message, "text" if "text" in message else "caption")))

    def _tap(self, tap: Json, arrival: str) -> Meaning:
        sender = _part(tap, "from")
        chat = _maybe(_maybe(tap, "message") or {}, "chat") or {"id": _int(sender, "id"), "type": "private"}
        foreign = Foreign(_contact(chat), _text(tap, "id"), _language(sender))
        data = tap.get("data")
        # In a private chat both ids are the same; in a group anybody could tap.
        if chat.get("id") != sender.get("id") or not isinstance(data, str):
            return foreign
        try:
            choice = callback_data.unpack(self.signer, foreign.contact.address, data)
        except callback_data.Forged:
            return foreign
        event = Chose(self.clock(), choice.choice, choice.asked)
        return Heard(foreign.contact, arrival, event, foreign.language, foreign.query)

    def _membership(self, change: Json, arrival: str) -> Meaning:
        chat, sender = _part(change, "chat"), _maybe(change, "from")
        before = _text(_part(change, "old_chat_member"), "status")
        after = _text(_part(change, "new_chat_member"), "status")
        if _text(chat, "type") != "private":
            came = before in ("left", "kicked") and after in ("member", "administrator")
            came = came and _int(chat, "id") != self.desk
            return Elsewhere(_contact(chat).address, _language(sender or {})) if came else Ignored()
        if after == "kicked":
            return Blocked(_contact(chat), arrival)
        if before != "kicked":
            return Ignored()
        language = _language(sender or {})
        # An arrival soon after the last word is left unanswered; who blocked us may have deleted the chat.
        return Heard(_contact(chat), arrival, Said(self.clock(), "/start"), language, returned=True)


def normalised(text: str) -> str:
    """What was written; a command loses the bot's name and its capitals.

    >>> normalised("/Help@BangbangBot  me")
    '/help  me'
    """
    text = text[:MAX_TEXT]
    command = _COMMAND.match(text)
    return f"/{command[1].lower()}{text[command.end() :]}" if command else text


def chat_of(update: object) -> str:
    """Whom the update concerns, to keep one chat's updates in order; "" when it concerns nobody."""
    for body in update.values() if isinstance(update, Mapping) else ():
        if isinstance(body, Mapping):
            source = body.get("chat") or body.get("from")
            return str(source.get("id", "")) if isinstance(source, Mapping) else ""
    return ""


def _brought(message: Json) -> str | None:
    """The token of a link to this bot."""
    text = message.get("text")
    command, _, token = normalised(text).partition(" ") if isinstance(text, str) else ("", "", "")
    return token if command == "/start" and TOKEN.fullmatch(token) else None


def _elsewhere(chat: Json, sender: Json | None, message: Json) -> Meaning:
    """Words in a group get an answer, even an anonymous administrator's; comings and goings do not."""
    if _text(chat, "type") != "channel" and sender is not None and _other_bot(sender, message):
        return Ignored()
    readable = "text" in message or "caption" in message
    return Elsewhere(_contact(chat).address, _language(sender or {})) if readable else Ignored()


def _at_desk(message: Json, sender: Json | None, arrival: str, *, corrected: bool) -> Meaning:
    """Words of a person; comings and goings, what bots write, and what is done to a topic are not."""
    if sender is None or sender.get("is_bot") is True:
        return Ignored()
    if "text" not in message and not any(message.get(name) for name in _SHARED):
        return Ignored()
    thread = _int(message, "message_thread_id") if message.get("is_topic_message") is True else None
    return AtDesk(
        arrival,
        _int(sender, "id"),
        _int(message, "message_id"),
        thread,
        normalised(_text(message, "text")) if "text" in message else "",
        corrected,
        _answered(message, thread),
        _language(sender),
    )


def _answered(message: Json, thread: int | None) -> Answered | None:
    """What was replied to; whatever is written in a topic "replies" to the topic's beginning."""
    other = _maybe(message, "reply_to_message")
    writer = _maybe(other, "from") if other else None
    if other is None or writer is None or "text" not in other or other.get("message_id") == thread:
        return None
    return Answered(_int(other, "message_id"), _int(writer, "id"), _text(other, "text")[:MAX_TEXT])


def _other_bot(sender: Json, message: Json) -> bool:
    return sender.get("is_bot") is True and "sender_chat" not in message


def _contact(chat: Json) -> Contact:
    return Contact(CHANNEL, str(_int(chat, "id")))


def _language(sender: Json) -> str | None:
    code = sender.get("language_code")
    return code if isinstance(code, str) and _LANGUAGE.fullmatch(code) else None


def _object(value: object, name: str) -> Json:
    if not isinstance(value, Mapping):
        raise Malformed(name)
    return value


def _part(raw: Json, name: str) -> Json:
    return _object(raw.get(name), name)


def _maybe(raw: Json, name: str) -> Json | None:
    return _part(raw, name) if raw.get(name) is not None else None


def _int(raw: Json, name: str) -> int:
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise Malformed(name)
    return value


def _text(raw: Json, name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str):
        raise Malformed(name)
    return value
