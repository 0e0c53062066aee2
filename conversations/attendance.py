"""What a turn tells of colleagues' attendance: somebody was wanted, came, answered, left. Pure.

One attendance begins when a person is wanted, or comes unasked, and ends when they leave or are not needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from conversations.events import Confirmed, Event, HandedBack, Released, Ruled, TimeCame, Transferred
from conversations.replies import Kind
from conversations.session import BOT, Session, Turn

_ENDS: dict[type[Event], str] = {
    HandedBack: "handed_back",
    Released: "released",
    Transferred: "transferred",
    TimeCame: "silent",
    Ruled: "decided",
    Confirmed: "decided",
}
SAID = "colleague.said"  #: the key of what a colleague wrote; other lines of theirs are the product's words


@dataclass(frozen=True)
class Wanted:
    why: str


@dataclass(frozen=True)
class Came:
    by: str
    why: str | None  #: why somebody was wanted, if anybody was


@dataclass(frozen=True)
class Spoke:
    pass


@dataclass(frozen=True)
class Ended:
    how: str


Change: TypeAlias = Wanted | Came | Spoke | Ended


def changes(before: Session, turn: Turn, event: Event) -> Iterator[Change]:
    """What changed, in order; most turns change nothing."""
    after = turn.session
    if before.holder != after.holder:
        yield from _passed(before, after, event)
    elif after.holder == BOT and (before.person is None) != (after.person is None):
        yield Wanted(after.person) if after.person else Ended("unneeded")
    if any(reply.kind is Kind.STAFF and reply.key == SAID for reply in turn.replies):
        yield Spoke()


def _passed(before: Session, after: Session, event: Event) -> Iterator[Change]:
    if before.holder != BOT:
        yield Ended(_ENDS.get(type(event), "left"))
    if after.holder != BOT:
        yield Came(after.holder, before.person)
    elif after.person:
        yield Wanted(after.person)
