"""Links by which a merchant goes on with a conversation on another device: signed, short-lived, good once.

A link is made when it is shown, so none is ever stored. What is kept of one that was used is its digest.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.signing import BadSignature, Signer
from conversations.prompts import ELSEWHERE
from conversations.session import Session
from conversations.store.message import Contact, Message
from conversations.turns import Handled, Links

LASTS = timedelta(minutes=10)
TOKEN = re.compile("[A-Za-z0-9_-]{57}")  #: as Telegram takes it after /start
CHANNEL = "device"  #: of the arrivals by which a used link is known

_PURPOSE = "device link"
_ID, _TIME, _CHANCE = 16, 4, 6  # bytes
_TAG = 22  # characters, 132 bits
_OWN_PAGE = re.compile(r"/device/of/([0-9a-f]{32})\Z")


@dataclass(frozen=True)
class Link:
    """A link that was opened in time: whose conversation, and the digest by which it counts once."""

    session_id: str
    digest: str


@dataclass(frozen=True)
class DeviceLinks:
    """Makes and opens the tokens of links."""

    signer: Signer
    public_url: str
    clock: Callable[[], datetime]

    def token(self, session_id: str) -> str:
        """A fresh token for the conversation."""
        expires = int((self.clock() + LASTS).timestamp())
        chance = secrets.token_bytes(_CHANCE)
        body = _text(bytes.fromhex(session_id) + expires.to_bytes(_TIME, "big") + chance)
        return body + self.signer.tag(_PURPOSE, body, _TAG)

    def opened(self, token: str) -> Link:
        """What the token is for.

        Raises:
            BadSignature: it was not made here, or its time is up.
        """
        body, tag = token[:-_TAG], token[-_TAG:]
        if not TOKEN.fullmatch(token) or not self.signer.tagged(_PURPOSE, body, tag):
            raise BadSignature("altered")
        held = base64.urlsafe_b64decode(body + "=")
        if datetime.fromtimestamp(int.from_bytes(held[_ID : _ID + _TIME], "big"), UTC) < self.clock():
            raise BadSignature("expired")
        return Link(held[:_ID].hex(), hashlib.sha256(token.encode()).hexdigest())

    def browser(self, session_id: str) -> str:
        """The address that opens the conversation in another browser."""
        return f"{self.public_url}/device/{self.token(session_id)}"

    def page(self, session_id: str) -> str:
        """Where a browser that holds the conversation gets its links; worth nothing to anybody else."""
        return f"{self.public_url}/device/of/{session_id}"

    def beside(self, others: Links) -> Links:
        """The resolver of links in replies, which knows this page and leaves the rest to the others."""
        return lambda id, link, now: self.page(id) if link == ELSEWHERE.link else others(id, link, now)

    def ready(self, message: Message) -> Message:
        """The message for a channel without that browser: its button opens the conversation itself."""
        if not any(_OWN_PAGE.search(choice.get("url", "")) for choice in message.choices):
            return message
        return replace(message, choices=tuple(self._ready(choice) for choice in message.choices))

    def _ready(self, choice: Mapping[str, str]) -> Mapping[str, str]:
        named = _OWN_PAGE.search(choice.get("url", ""))
        return {**choice, "url": self.browser(named[1])} if named else choice


class Turns(Protocol):
    """What following a link needs of `conversations.turns.Turns`."""

    async def move(
        self, contact: Contact, channel: str, arrival: str, session_id: str, at: datetime
    ) -> Handled: ...
    async def session_of(self, contact: Contact) -> Session | None: ...


async def follow(turns: Turns, contact: Contact, link: Link, at: datetime) -> Handled | None:
    """Bring the contact into the link's conversation; None when the link cannot do that any more.

    What comes back is not fresh when this contact was brought there before.

    Raises:
        Busy: too many arrivals wait already.
    """
    try:
        handled = await turns.move(contact, CHANNEL, link.digest, link.session_id, at)
    except LookupError:
        return None
    there = await turns.session_of(contact)
    return handled if there is not None and there.id == link.session_id else None


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
