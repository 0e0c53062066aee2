"""What a browser sends: read, bounded and checked before anything else sees it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.refusals import Refusal
from conversations.events import Chose, Event, Said

LARGEST = 64 * 1024  #: bytes of a body
LONGEST = 4096  #: characters of a message, as in Telegram
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
FORM = "application/x-www-form-urlencoded"
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Incoming:
    """One message: the client's own id for it, and either words or a choice."""

    id: str
    text: str | None = None
    choice: str | None = None
    asked: str | None = None

    def event(self, at: datetime) -> Event:
        return Said(at, self.text or "") if self.choice is None else Chose(at, self.choice, self.asked)


def is_form(request: web.Request) -> bool:
    """Whether a plain form without our script sent this."""
    return request.content_type == FORM


async def message(request: web.Request) -> Incoming:
    """The message in the body.

    Raises:
        Refusal: naming what is wrong with it.
    """
    fields = await _fields(request)
    id = _short(fields, "id", 36)
    if id is None or not UUID.fullmatch(id):
        raise Refusal(422, "bad_id")
    text, choice = _words(fields), _short(fields, "choice", 64)
    if (text is None) == (choice is None):
        raise Refusal(422, "text_or_choice")
    return Incoming(id.lower(), text, choice, _short(fields, "asked", 64))


def same_origin(request: web.Request, public_url: str) -> None:
    """Refuse what another site made the browser send; a client that is no browser says nothing of this."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise Refusal(403, "foreign_origin")
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc not in (request.host, urlsplit(public_url).netloc):
        raise Refusal(403, "foreign_origin")


async def _fields(request: web.Request) -> Mapping[str, Any]:
    if (request.content_length or 0) > LARGEST:
        raise Refusal(413, "too_large")
    if is_form(request):
        form = await request.post()
        return {name: "、".join(map(str, form.getall(name))) for name in form if form[name] != ""}
    if request.content_type != "application/json":
        raise Refusal(415, "not_json")
    body = await request.read()
    if len(body) > LARGEST:  # sent in chunks, its length not said beforehand
        raise Refusal(413, "too_large")
    return _object(body)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "bad_json") from None
    if not isinstance(found, dict):
        raise Refusal(422, "bad_json")
    return found


def _words(fields: Mapping[str, Any]) -> str | None:
    text = fields.get("text")
    if text is None:
        return None
    if not isinstance(text, str) or not text.strip():
        raise Refusal(422, "empty")
    if len(text) > LONGEST:
        raise Refusal(422, "too_long")
    return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _short(fields: Mapping[str, Any], name: str, longest: int) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value or len(value) > longest or UNSTORABLE.search(value):
        raise Refusal(422, f"bad_{name}")
    return value
