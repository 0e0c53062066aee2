"""A conversation as a page shows it: rows in order, with buttons only where they still mean something."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from conversations import steps
from conversations.replies import Kind
from conversations.store.message import Message

MERCHANT = "merchant"
COMMANDS = ("human", "edit", "why", "status", "mydata", "withdraw", "restart", "delete", "language", "device")


@dataclass(frozen=True)
class Card:
    """One message with the choices that still count, and those that stand inside its card."""

    message: Message
    keyboard: bool = False  #: the newest question: whatever was asked before is settled
    choices: tuple[Mapping[str, Any], ...] = ()
    inside: Mapping[str, str] = field(default_factory=dict)  #: labels by choice id, for buttons in a card
    edited: Message | None = None  #: what stands in its place since

    @property
    def several(self) -> bool:
        """Whether more than one of the choices may be taken."""
        step = steps.STEPS.get(self.message.step or "")
        return step is not None and isinstance(step.reads, steps.Many)

    @property
    def command(self) -> str | None:
        """The command behind a tap in the page's own menu, which the journal keeps by its id."""
        words = self.message.text
        name = words.removeprefix("/").partition(" ")[0]
        tapped = self.message.sender == MERCHANT and words.startswith("/") and name in COMMANDS
        return name if tapped else None

    @property
    def headline(self) -> str:
        """What is said above the card; the lines under it repeat its figures, for channels without cards."""
        lines = (self.edited or self.message).text.split("\n")
        if self.message.kind in (Kind.DECISION, Kind.OFFER, Kind.RECEIPT):
            return lines[0]
        data = self.message.data
        below = len(data.get("rows", ())) + ("progress" in data)
        return "\n".join(lines[: len(lines) - below])


@dataclass(frozen=True)
class Row:
    """What stands side by side: one message, or the offers made together."""

    kind: str
    cards: tuple[Card, ...]

    @property
    def last(self) -> int:
        return self.cards[-1].message.n


@dataclass(frozen=True)
class Transcript:
    rows: tuple[Row, ...]
    last: int
    progress: Mapping[str, int] | None


def of(messages: Sequence[Message], after: int = 0) -> Transcript:
    """The messages as rows; `after` is what stands when there are none."""
    asking = next((m for m in reversed(messages) if asks(m)), None)
    taken = _takes(messages, asking) if asking else {}
    shown, edits = _newest(messages)
    beside = _beside(messages, asking)
    cards = [
        replace(_card(m, asking, taken, beside), edited=edits.get(m.n))
        for m in shown
        if m.text or m.voice != MERCHANT
    ]
    progress = next((m.data.get("progress") for m in reversed(messages) if m.step is not None), None)
    return Transcript(tuple(_rows(cards)), messages[-1].n if messages else after, progress)


def asks(message: Message) -> bool:
    """Whether this message settles every keyboard before it: a question, or that a person speaks."""
    return message.voice == "staff" or (
        message.voice != MERCHANT and (message.step is not None or bool(message.choices))
    )


def _newest(messages: Sequence[Message]) -> tuple[list[Message], dict[int, Message]]:
    """The messages without those that stand in another's place, and these by the number of the other."""
    numbers = {message.n for message in messages}
    edits = {int(m.data["edits"]): m for m in messages if m.data.get("edits") in numbers}
    return [m for m in messages if m.data.get("edits") not in numbers], edits


def _beside(messages: Sequence[Message], asking: Message | None) -> set[int]:
    """Numbers of what was said just before the question with buttons of its own, which work at any time."""
    found: set[int] = set()
    for message in reversed(messages[: messages.index(asking)] if asking else []):
        if message.voice in (MERCHANT, "staff") or message.step is not None:
            break
        if message.choices and all(map(_at_any_time, message.choices)):
            found.add(message.n)
    return found


def _at_any_time(choice: Mapping[str, Any]) -> bool:
    """Whether it is a command, or leads to a page."""
    return choice["id"].startswith("/") or bool(choice.get("url"))


def _card(
    message: Message, asking: Message | None, taken: Mapping[str, Mapping[str, str]], beside: Collection[int]
) -> Card:
    if message is asking:
        inside = _changes(message) if message.kind == Kind.SUMMARY else {}
        elsewhere = {choice for offer in taken.values() for choice in offer} | inside.keys()
        return Card(message, True, tuple(c for c in message.choices if c["id"] not in elsewhere), inside)
    if message.n in beside:
        return Card(message, choices=tuple(message.choices))
    return Card(message, inside=taken.get(str(message.data.get("product")), {}) if _is_offer(message) else {})


def _takes(messages: Sequence[Message], asking: Message) -> dict[str, dict[str, str]]:
    """The buttons that choose an offer, by product, for the offers shown since the question before."""
    labels = {choice["id"]: choice["label"] for choice in asking.choices}
    taken: dict[str, dict[str, str]] = {}
    for message in reversed(messages[: messages.index(asking)]):
        if message.step is not None:
            break
        id = f"take:{message.data.get('product')}"
        if _is_offer(message) and id in labels:
            taken[str(message.data["product"])] = {id: labels[id]}
    return taken


def _changes(message: Message) -> dict[str, str]:
    return {c["id"]: c["label"] for c in message.choices if c["id"].startswith("/edit ")}


def _is_offer(message: Message) -> bool:
    return message.kind == Kind.OFFER


def _is_open_offer(message: Message) -> bool:
    """One of several to compare; an offer that asks something stands alone."""
    return _is_offer(message) and message.step is None


def _rows(cards: Iterable[Card]) -> Iterable[Row]:
    group: list[Card] = []
    for card in cards:
        if group and not (_is_open_offer(card.message) and _is_open_offer(group[-1].message)):
            yield Row(group[0].message.kind, tuple(group))
            group = []
        group.append(card)
    if group:
        yield Row(group[0].message.kind, tuple(group))
