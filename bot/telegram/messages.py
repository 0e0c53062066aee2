"""A message of the journal as Telegram shows it: text in HTML, a keyboard under it. Pure.

Everything a person wrote is escaped; nothing is longer than Telegram takes; a text is never cut inside a
character.
"""

import html
import ipaddress
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from bot.signing import Signer
from bot.telegram import callback_data
from conversations.replies import Kind
from conversations.store import Message

MAX_TEXT = 4096  #: UTF-16 code units
LONGEST_HEADING, LONGEST_QUOTE = 200, 80  #: characters

Button: TypeAlias = Mapping[str, Any]  #: as Telegram's JSON has it
Buttons: TypeAlias = Sequence[Button]
Rows: TypeAlias = list[list[Button]]

_CARDS = {Kind.SUMMARY.value, Kind.DECISION.value, Kind.OFFER.value, Kind.RECEIPT.value}
_CHANGE = "/edit "
_PER_ROW = ((3, 9), (2, 16))  #: so many buttons a row while the widest label fills at most so many columns


@dataclass(frozen=True)
class Part:
    """One message to send: HTML, and the keyboard of the last part."""

    text: str
    keyboard: Rows | None = None


def render(message: Message, chat: str, signer: Signer) -> list[Part]:
    """The messages to send one after the other; empty when there is nothing to show.

    Raises:
        ValueError: a choice does not fit on a button.
    """
    buttons = [choice for choice in message.choices if not _unlinkable(choice)]
    addresses = [f"{choice['label']}: {choice['url']}" for choice in message.choices if _unlinkable(choice)]
    text = "\n\n".join(filter(None, [message.text.strip(), *addresses]))
    heading, text = _heading(message, text)
    texts = _html(heading, text)
    keyboard = _keyboard(message, buttons, chat, signer)
    return [Part(text, keyboard if n == len(texts) else None) for n, text in enumerate(texts, 1)]


def split(text: str, limit: int = MAX_TEXT) -> Iterator[str]:
    """Pieces of at most `limit` UTF-16 units once escaped, cut between lines or words where possible.

    >>> list(split("one two three", 8))
    ['one two', 'three']
    """
    while text:
        end = _fits(text, limit)
        if end < len(text):
            end = _gap(text, end)
        if piece := text[:end].strip():
            yield piece
        text = text[end:].lstrip()


def rows(labels: Sequence[str]) -> list[int]:
    """How many buttons each row takes: as many as can be read, at most three.

    >>> rows(["餐馆", "咖啡馆", "健身房", "I would rather not say this"])
    [3, 1]
    """
    found: list[int] = []
    left = list(labels)
    while left:
        count = next((n for n, width in _PER_ROW if len(left) >= n and _widest(left[:n]) <= width), 1)
        found.append(count)
        left = left[count:]
    return found


def _keyboard(
    message: Message, choices: Sequence[Mapping[str, str]], chat: str, signer: Signer
) -> Rows | None:
    if not choices:
        return None
    whose = callback_data.conversation(signer, chat)
    buttons = [_button(choice, message.step, whose, signer) for choice in choices]
    if message.kind == Kind.SUMMARY:
        changes = [choice["id"].startswith(_CHANGE) for choice in choices]
        return _summary_rows(buttons, changes)
    return _cut(buttons, rows([button["text"] for button in buttons]))


def _summary_rows(buttons: Buttons, changes: Sequence[bool]) -> Rows:
    """Submitting and the like on a row of their own each, then the changes in pairs."""
    alone = [[button] for button, change in zip(buttons, changes, strict=True) if not change]
    paired = [button for button, change in zip(buttons, changes, strict=True) if change]
    return alone + _cut(paired, [2] * ((len(paired) + 1) // 2))


def _cut(buttons: Buttons, sizes: Iterable[int]) -> Rows:
    source = iter(buttons)
    return [list(islice(source, size)) for size in sizes]


def _button(
    choice: Mapping[str, str], step: str | None, whose: callback_data.Whose, signer: Signer
) -> Button:
    if url := choice.get("url"):
        return {"text": _storable(choice["label"]), "url": url}
    data = callback_data.packed(signer, whose, step, choice["id"])
    return {"text": _storable(choice["label"]), "callback_data": data}


def _unlinkable(choice: Mapping[str, str]) -> bool:
    """Telegram refuses a whole message for a button that leads to a host the public cannot reach."""
    url = choice.get("url")
    return bool(url) and not _public(urlsplit(url or "").hostname or "")


def _public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))


def _heading(message: Message, text: str) -> tuple[str, str]:
    """What stands in bold above: a card's short first line, or which colleague writes; and the rest."""
    if message.voice == "staff":
        return message.speaker, _quoted(message) + text
    if message.kind not in _CARDS:
        return "", text
    first, _, rest = text.partition("\n")
    return (first, rest) if len(first) <= LONGEST_HEADING else ("", text)


def _quoted(message: Message) -> str:
    words = " ".join(str(message.data.get("quoted", "")).split())
    return f"> {words[:LONGEST_QUOTE]}\n" if words else ""


def _html(above: str, text: str) -> list[str]:
    bold, rest = _storable(above), _storable(text)
    heading = f"<b>{html.escape(bold, quote=False)}</b>\n" if bold else ""
    pieces = [html.escape(piece, quote=False) for piece in split(rest, MAX_TEXT - _units(heading))]
    if heading:
        pieces = [(heading + (pieces[0] if pieces else "")).strip(), *pieces[1:]]
    return pieces


def _storable(text: str) -> str:
    """A lone surrogate cannot be sent; it becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _fits(text: str, limit: int) -> int:
    """How many characters fit, escaping counted: the limit is on the text, but no server minds less."""
    if _units(html.escape(text, quote=False)) <= limit:
        return len(text)
    used = 0
    for n, character in enumerate(text):
        used += _units(html.escape(character, quote=False))
        if used > limit:
            return n
    return len(text)


def _gap(text: str, end: int) -> int:
    """The last place before `end` where a line or a word stops, unless that wastes half of the piece."""
    for mark in ("\n\n", "\n", " "):
        if (place := text.rfind(mark, 0, end + 1)) > end // 2:
            return place
    return end


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _widest(labels: Iterable[str]) -> int:
    return max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in label) for label in labels)
