"""A conversation as a colleague reads it: who said what and when, in answer to what, and its state. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from conversations import attendance
from conversations.store.desk.chat import Chat, Delivery
from conversations.store.message import Message
from scoring.calendar import day

#: states of the outbox, the one to worry about first: one message may go to several places
_STATES = ("parked", "cancelled", "queued", "sending", "sent")
Mask = Callable[[str], str]

CARDS = ("decision", "offer", "summary", "receipt")
SHOWN = 3  #: lines of a card shown at once; the others open by a click
TOGETHER = 180  #: seconds within which lines of one speaker stand together


@dataclass(frozen=True)
class Quote:
    n: int
    speaker: str
    text: str


@dataclass(frozen=True)
class Said:
    """One line of the transcript; `more` is what opens below the first lines of a long card."""

    n: int
    voice: str  #: "bot" | "merchant" | "staff"
    speaker: str  #: a colleague's name, else the voice
    by: str | None  #: a colleague's id
    kind: str
    text: str
    more: str
    at: datetime
    event: bool  #: said by the product of a colleague, as when one joins
    choices: tuple[str, ...] = ()
    state: str | None = None  #: how far it has come, None where the merchant fetches it
    why: str | None = None
    quote: Quote | None = None
    was: str | None = None  #: its words before they were corrected
    first_of: date | None = None  #: the day, on its first line
    follows: bool = False  #: the same speaker goes on within a few minutes


def lines(chat: Chat, mask: Mask) -> list[Said]:
    """Every message with its corrections folded in, oldest first."""
    edits = {int(m.data["edits"]): m for m in chat.messages if "edits" in m.data}
    said = {m.n: m for m in chat.messages}
    shown = [m for m in chat.messages if "edits" not in m.data and (m.text or m.choices)]
    each = (_line(m, edits.get(m.n), said, chat.deliveries.get(m.n, ()), mask) for m in shown)
    return list(_in_order(each))


def _line(
    message: Message,
    edit: Message | None,
    said: Mapping[int, Message],
    deliveries: Sequence[Delivery],
    mask: Mask,
) -> Said:
    text, more = _folded(message.kind, mask(edit.text if edit else message.text))
    delivery = min(deliveries, key=lambda each: _STATES.index(each.state)) if deliveries else None
    return Said(
        n=message.n,
        voice=message.voice,
        speaker=message.speaker,
        by=message.sender if message.voice == "staff" else None,
        kind=message.kind,
        text=text,
        more=more,
        at=message.at,
        event=message.voice == "staff" and message.key != attendance.SAID,
        choices=tuple(str(choice["label"]) for choice in message.choices),
        state=delivery.state if delivery else None,
        why=delivery.why if delivery else None,
        quote=_quote(message, said, mask),
        was=mask(message.text) if edit else None,
    )


def _folded(kind: str, text: str) -> tuple[str, str]:
    if kind not in CARDS:
        return text, ""
    rows = text.split("\n")
    return "\n".join(rows[:SHOWN]), "\n".join(rows[SHOWN:])


def _quote(message: Message, said: Mapping[int, Message], mask: Mask) -> Quote | None:
    quoted = said.get(message.data.get("quoting", 0))
    return None if quoted is None else Quote(quoted.n, quoted.speaker, mask(quoted.text))


def _in_order(each: Iterable[Said]) -> Iterator[Said]:
    before: Said | None = None
    for line in each:
        first_of = None if before and day(before.at) == day(line.at) else day(line.at)
        follows = before is not None and first_of is None and _goes_on(before, line)
        yield replace(line, first_of=first_of, follows=follows)
        before = line


def _goes_on(before: Said, line: Said) -> bool:
    return before.speaker == line.speaker and (line.at - before.at).total_seconds() < TOGETHER
