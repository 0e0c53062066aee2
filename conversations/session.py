"""The state of one conversation: frozen, versioned, one row, readable by later releases."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from pydantic import TypeAdapter, ValidationError

from conversations import formats
from conversations.replies import Reply
from conversations.requests import Request
from scoring.decision import Decision

BOT = "bot"

Given: TypeAlias = (
    str | int | float | bool | list[str] | list[int] | None
)  #: an answer's value; None = skipped


class Stage(StrEnum):
    """Where the application stands; what to ask inside a stage is computed from the answers."""

    APPLYING = "applying"
    ASSESSING = "assessing"
    DETAILING = "detailing"  # a first decision is made, and further answers may better it
    OFFERED = "offered"
    REFERRED = "referred"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    CLOSED = "closed"


@dataclass(frozen=True)
class Answer:
    """A value with its origin. Money is whole fen, months "YYYY-MM", shares are fractions."""

    value: Given
    said: str  #: the merchant's own words, or the choice tapped
    at: datetime
    source: str = "merchant"
    by: str | None = None  #: the colleague who filled it in


@dataclass(frozen=True)
class Account:
    """A Weibo account of the merchant ("brand" or "personal") and how far its ownership is shown."""

    handle: str
    phrase: str  #: to be placed in the profile as proof of ownership
    uid: str | None = None
    screen_name: str | None = None
    proven: bool = False
    connected: bool = False  #: authorised through Weibo itself, which proves ownership too
    unavailable: str | None = None  #: why ownership could not be looked at, when the source was at fault


@dataclass(frozen=True)
class Condition:
    """What whoever decides still wants to know of the merchant, and what became of it."""

    n: int
    code: str  #: `condition.<code>` asks it; "own" is asked in the colleague's own words
    by: str
    at: datetime
    text: str = ""  #: the colleague's own words
    state: str = "issued"  #: then "answered", and in the end "cleared" or "waived"
    answer: str = ""
    settled_by: str | None = None
    reason: str = ""  #: why it was cleared or waived


@dataclass(frozen=True)
class Proposal:
    """A decision that somebody proposes, until a second person confirms or refuses it."""

    id: str
    by: str
    expires: datetime
    wanted: str | None = None  #: why a person was wanted before it was made


@dataclass(frozen=True)
class Session:
    id: str
    language: str = "zh-Hans"
    stage: Stage = Stage.APPLYING
    waiting: str | None = None  #: id of the step whose answer is expected
    answers: Mapping[str, Answer] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    doubt: Mapping[str, Given] | None = None  #: values read back for a yes, by step
    doubted: str = "doubt.vague"  #: why they are read back: the key of the question
    misses: int = 0  #: answers not understood in a row
    filled: tuple[str, ...] = ()  #: the steps that were answered last
    replaced: Mapping[str, Given] = field(default_factory=dict)  #: what the last answer took the place of
    again: tuple[str, ...] = ()  #: answered steps of one prompt that are being asked again together
    told: str = ""  #: what was said last, by its keys, and how often in a row
    assessment: int = 0  #: the number of the last assessment asked for; what an earlier one brings is late
    vexed: int = 0  #: times the merchant was cross, until a person was offered
    decision: Decision | None = None
    detailing: bool | None = None  #: whether details are being asked; None before, False when that is over
    clarified: tuple[str, ...] = ()  #: the failed checks that were asked about
    clarifying: str | None = None  #: the one of them that is being asked about
    was: Mapping[str, Given] = field(default_factory=dict)  #: answers changed since then, as they were
    chosen: str | None = None  #: product code the merchant is reading or has accepted
    acknowledged: bool = False
    person: str | None = None  #: why a person should look, None when nobody needs to
    person_since: datetime | None = None
    conditions: tuple[Condition, ...] = ()  #: that an approval depends on
    proposal: Proposal | None = None
    snoozed_until: datetime | None = None  #: put aside by a colleague
    reminders: bool = True  #: False once the merchant asked for none
    seen: datetime | None = None  #: when the merchant was last heard
    reminded: datetime | None = None  #: the silence that was broken by a reminder: `seen` as it was then
    lapsed: str | None = None  #: the decision of which the merchant was told that its offers have run out
    table: str = field(default="", compare=False)  #: names the table of steps that it was last fitted to
    revised: bool = False  #: whether questions have changed since the merchant was told where things stand
    holder: str = BOT  #: who speaks to the merchant
    holder_name: str = ""  #: as the merchant knows them; empty for the bot
    epoch: int = 0  #: raised whenever the holder changes
    held_since: datetime | None = None
    unanswered: datetime | None = None  #: since when the merchant has been waiting for the holder's word
    helped_by: str | None = None  #: the colleague whose help the merchant was asked to rate; asked once
    unheeded: datetime | None = None  #: the wish for a person of which it was said that nobody has come yet
    leaving: bool = False  #: the words that come next are for whoever comes
    untold: bool = False  #: a decision came while a person had the word, and the bot has not shown it
    version: int = 0  #: raised by every stored turn
    format: int = formats.FORMAT

    def known(self, step: str) -> bool:
        """Whether the step has been answered, skipping included."""
        return step in self.answers

    def value(self, step: str) -> Given:
        answer = self.answers.get(step)
        return answer.value if answer else None

    @property
    def unanswered_condition(self) -> Condition | None:
        """The one that the merchant is to answer next."""
        return next((each for each in self.conditions if each.state == "issued"), None)

    def yields_to(self, colleague: str) -> bool:
        """Whether this colleague has the word, or may take it from the bot."""
        return self.holder in (BOT, colleague)

    def emptied(self, answers: Mapping[str, Answer]) -> "Session":
        """The same conversation with nothing of the application in it but these answers."""
        kept = {name: getattr(self, name) for name in _OF_THE_CONVERSATION}
        return Session(self.id, answers=answers, **kept)

    def changed_since_decided(self) -> tuple[str, ...]:
        """The steps whose answers are other than those the decision was made from."""
        return tuple(step for step, value in self.was.items() if self.value(step) != value)


#: what a fresh application leaves as it is
_OF_THE_CONVERSATION = (
    "language", "assessment", "person_since", "snoozed_until", "reminders", "seen", "reminded", "told",
    "unheeded", "version", "holder", "holder_name", "epoch", "held_since", "unanswered", "helped_by",
)  # fmt: skip


def remembering(before: Session, after: Session) -> Session:
    """The session after a turn, with what its decision was made from where that was changed."""
    if after.decision is None or after.decision is not before.decision:
        return replace(after, was={}) if after.was else after
    if after.answers is before.answers:
        return after
    steps = dict.fromkeys((*before.answers, *after.answers))
    changed = {
        step: before.value(step)
        for step in steps
        if step not in _NO_FACTS and before.value(step) != after.value(step)
    }
    return replace(after, was={**changed, **after.was}) if changed else after


_NO_FACTS = frozenset({"consent", "check"})


@dataclass(frozen=True)
class Turn:
    """What one event does: the next session, what is said, what must be done."""

    session: Session
    replies: tuple[Reply, ...] = ()
    requests: tuple[Request, ...] = ()
    timers: Mapping[str, datetime | None] = field(default_factory=dict)  #: those set anew; None where ended
    refused: Reply | None = None  #: why what a colleague did changed nothing; told to them alone

    def preceded_by(self, *replies: Reply) -> "Turn":
        """The same turn with something said first."""
        return replace(self, replies=(*replies, *self.replies))

    def followed_by(self, turn: "Turn") -> "Turn":
        """What this turn says and asks for, then all that the other one does."""
        return Turn(turn.session, (*self.replies, *turn.replies), (*self.requests, *turn.requests))

    def requesting(self, *requests: Request) -> "Turn":
        return replace(self, requests=(*self.requests, *requests))


_STORED = TypeAdapter(Session)


def dump(session: Session) -> str:
    """The session as JSON text."""
    return _STORED.dump_json(session).decode()


def load(text: str) -> Session:
    """The inverse of `dump`, whichever release has dumped it."""
    with suppress(ValidationError):  # what an earlier release has stored may have had another shape
        found = _STORED.validate_json(text)
        if found.format == formats.FORMAT:
            return found
    return _STORED.validate_python(formats.current(json.loads(text)))
