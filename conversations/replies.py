"""What the conversation says: keys and values, never sentences. `wording` turns a reply into a language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from scoring.decision import Decision, Offer
from scoring.months import Month


class Kind(StrEnum):
    SAY = "say"
    ASK = "ask"
    SUMMARY = "summary"
    DECISION = "decision"
    OFFER = "offer"
    RECEIPT = "receipt"
    STAFF = "staff"


@dataclass(frozen=True)
class Yuan:
    """An amount of money, in fen."""

    fen: int


@dataclass(frozen=True)
class Percent:
    """A fraction shown as a percentage."""

    fraction: float


@dataclass(frozen=True)
class Label:
    """Text that exists in every language, by its key."""

    key: str


@dataclass(frozen=True)
class Labels:
    keys: tuple[str, ...]


@dataclass(frozen=True)
class CalendarMonths:
    """Months of any year, by their numbers."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Clause:
    """A part of a sentence with figures of its own."""

    key: str
    values: Mapping[str, "Value"] = field(default_factory=dict)


@dataclass(frozen=True)
class Clauses:
    """Parts of a sentence, one after the other."""

    parts: tuple[Clause, ...]


Value: TypeAlias = (
    str | int | float | date | Yuan | Percent | Month | CalendarMonths | Label | Labels | Clause | Clauses
)


@dataclass(frozen=True)
class Choice:
    """One quick reply. An id that begins with "/" works at any time, like the typed command.

    `link` names a page of ours ("weibo/brand") that the channel opens instead of sending the choice.
    """

    id: str
    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    link: str | None = None


@dataclass(frozen=True)
class Row:
    """One line of the summary card: the step it belongs to, its label's key and its value."""

    step: str
    key: str
    value: Value


@dataclass(frozen=True)
class Progress:
    """How far the application is: the prompt's number, how many there are, minutes left."""

    done: int
    of: int
    minutes: int


@dataclass(frozen=True)
class Colleague:
    """Somebody of the lender's: the id is ours, the name is what the merchant sees."""

    id: str
    name: str


@dataclass(frozen=True)
class Reply:
    kind: Kind
    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    step: str | None = None  #: what the bot waits for after this reply
    rows: tuple[Row, ...] = ()
    progress: Progress | None = None
    decision: Decision | None = None
    offer: Offer | None = None
    opening: str | None = None  #: key of a sentence said first, in the same message
    by: Colleague | None = None  #: who says it; None for the bot
    quoting: int | None = None  #: number of the message it answers
    quoted: str = ""  #: its words
    edits: int | None = None  #: number of the message in whose place it stands
