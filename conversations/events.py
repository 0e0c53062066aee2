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


Event: TypeAlias = (
    Arrived
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
)
