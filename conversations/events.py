"""What can happen to a conversation. Each event brings its own time; the core has no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from scoring.decision import Decision


@dataclass(frozen=True)
class Arrived:
    """The merchant opened the chat (a page, or /start); `language` is the channel's best guess."""

    at: datetime
    language: str | None = None


@dataclass(frozen=True)
class MovedHere:
    """The merchant goes on with this conversation on another device, by a link that only they were shown.

    `left` answers belong to the conversation which that device held before, and can be gone back to.
    """

    at: datetime
    left: int = 0


@dataclass(frozen=True)
class LinkFailed:
    """The merchant opened such a link too late, or a second time."""

    at: datetime


@dataclass(frozen=True)
class Said:
    """The merchant wrote something; commands are words that begin with "/"."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Chose:
    """The merchant tapped a quick reply; `asked` is the step its keyboard belonged to."""

    at: datetime
    choice: str
    asked: str | None = None


@dataclass(frozen=True)
class Shared:
    """The merchant sent what we cannot read: "sticker", "voice", "photo", "video", ..."""

    at: datetime
    what: str


@dataclass(frozen=True)
class Edited:
    """The merchant edited an earlier message."""

    at: datetime
    text: str


@dataclass(frozen=True)
class HandleChecked:
    """A typed handle was looked up; `fact` is None when it was found."""

    at: datetime
    account: str  #: "brand" | "personal"
    handle: str
    fact: str | None = None
    uid: str | None = None
    screen_name: str | None = None
    proven: bool = False  #: the ownership phrase stands in the profile


@dataclass(frozen=True)
class Connected:
    """The owner authorised an account on Weibo; only the shell can open `sealed_token`."""

    at: datetime
    account: str
    uid: str
    screen_name: str
    sealed_token: str


@dataclass(frozen=True)
class ConnectFailed:
    """Authorisation ended without an account: "refused" by the owner, or a fact about the source."""

    at: datetime
    account: str
    fact: str


@dataclass(frozen=True)
class Decided:
    """An assessment came back. `inputs` is the exact JSON it was made from, kept for replay."""

    at: datetime
    decision: Decision
    inputs: Mapping[str, Any]
    assessment: int | None = None  #: which one it answers, None where that is not known


@dataclass(frozen=True)
class AssessmentFailed:
    """No decision could be made (broken model, repeated error): a person decides."""

    at: datetime
    why: str


@dataclass(frozen=True)
class WereAway:
    """We were out of reach, and taps made meanwhile are lost; whoever was heard after `since` is served."""

    at: datetime
    since: datetime


@dataclass(frozen=True)
class TimeCame:
    """A timer of this session fell due; `conversations.timers` says which there are."""

    at: datetime
    name: str


@dataclass(frozen=True)
class TakenOver:
    """A colleague takes the word; from then on the bot is silent. `by` is a colleague's id, never shown."""

    at: datetime
    by: str
    name: str  #: as the merchant sees it


@dataclass(frozen=True)
class StaffSaid:
    """A colleague wrote to the merchant, and takes the word with it where the bot has it."""

    at: datetime
    by: str
    name: str
    text: str
    quoting: int | None = None  #: number of the message this answers
    quoted: str = ""  #: its words, or as many as say which it is


@dataclass(frozen=True)
class StaffEdited:
    """A colleague corrected a message of their own."""

    at: datetime
    by: str
    name: str
    n: int
    text: str


@dataclass(frozen=True)
class HandedBack:
    """The colleague is done: the bot goes on where the application stands."""

    at: datetime
    by: str


@dataclass(frozen=True)
class Released:
    """The colleague leaves, and another one is still wanted: the bot goes on meanwhile."""

    at: datetime
    by: str


@dataclass(frozen=True)
class Transferred:
    """The colleague passes the word to another one."""

    at: datetime
    by: str
    to: str
    to_name: str


@dataclass(frozen=True)
class StaffAnswered:
    """A colleague filled an answer in for the merchant."""

    at: datetime
    by: str
    name: str
    step: str
    text: str


@dataclass(frozen=True)
class Snoozed:
    """A colleague puts the conversation aside until then, or until the merchant writes; None ends it."""

    at: datetime
    by: str
    until: datetime | None


@dataclass(frozen=True)
class ConditionIssued:
    """A colleague makes an approval depend on something that the merchant is asked."""

    at: datetime
    by: str
    name: str
    code: str
    text: str = ""  #: the question, where it is in the colleague's own words


@dataclass(frozen=True)
class ConditionSettled:
    """A colleague finds a condition met, or lets it be."""

    at: datetime
    by: str
    n: int
    waived: bool
    reason: str


@dataclass(frozen=True)
class Ruled:
    """A colleague decided. `inputs` hold the ruling with what the machine was given, kept for replay."""

    at: datetime
    by: str
    decision: Decision
    inputs: Mapping[str, Any]
    over: str | None  #: the decision that they had before them, None where there was none


@dataclass(frozen=True)
class Proposed:
    """A colleague proposes a decision that takes two; `id` is new."""

    at: datetime
    by: str
    id: str
    over: str | None
    ruling: Mapping[str, Any]
    difference: Mapping[str, Any]  #: what it would change, as it is shown to the second person
    comment: str
    expires: datetime


@dataclass(frozen=True)
class Confirmed(Ruled):
    """A second colleague confirms what was proposed: `proposal` is its id."""

    proposal: str = ""
    comment: str = ""


@dataclass(frozen=True)
class ProposalClosed:
    """A second colleague refuses a proposal, or whoever made it takes it back."""

    at: datetime
    by: str
    proposal: str
    withdrawn: bool = False
    comment: str = ""


Event: TypeAlias = (
    Arrived
    | MovedHere
    | LinkFailed
    | Said
    | Chose
    | Shared
    | Edited
    | HandleChecked
    | Connected
    | ConnectFailed
    | Decided
    | AssessmentFailed
    | WereAway
    | TimeCame
    | TakenOver
    | StaffSaid
    | StaffEdited
    | HandedBack
    | Released
    | Transferred
    | StaffAnswered
    | Snoozed
    | ConditionIssued
    | ConditionSettled
    | Ruled
    | Proposed
    | Confirmed
    | ProposalClosed
)


def words_of(event: Event) -> str:
    """What the merchant wrote, or the choice they tapped; "" for all else."""
    match event:
        case Said(text=text):
            return text.strip()
        case Chose(choice=choice):
            return choice
        case _:
            return ""
