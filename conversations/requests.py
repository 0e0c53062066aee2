"""What the shell must do after a turn: rows written in the turn's transaction, work done outside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from scoring.decision import Decision


@dataclass(frozen=True)
class RecordConsent:
    """Keep that the merchant agreed: "application", "brand" or "personal"; `key` names the text agreed to."""

    scope: str
    key: str
    account: str | None = None  #: the handle or uid agreed to, where the scope is an account


@dataclass(frozen=True)
class WithdrawConsent:
    """Mark the consent withdrawn and erase what was fetched under it (snapshots, token)."""

    scope: str


@dataclass(frozen=True)
class CheckHandle:
    """Look a typed handle up and see whether the ownership phrase stands in its profile."""

    account: str
    handle: str
    phrase: str


@dataclass(frozen=True)
class KeepToken:
    account: str
    uid: str
    sealed_token: str


@dataclass(frozen=True)
class Assess:
    """Collect the sources and decide; comes back as `Decided` or `AssessmentFailed`."""


@dataclass(frozen=True)
class KeepDecision:
    decision: Decision
    inputs: Mapping[str, Any]
    by: str | None = None  #: the colleague who decided; None for the rules


@dataclass(frozen=True)
class KeepProposal:
    """Keep what a colleague proposes, word for word, until it is settled and after."""

    id: str
    by: str
    over: str | None
    ruling: Mapping[str, Any]
    difference: Mapping[str, Any]
    comment: str
    expires: datetime


@dataclass(frozen=True)
class SettleProposal:
    """An open proposal was "confirmed" or "refused" by a second colleague, or "withdrawn" by its own."""

    id: str
    by: str
    how: str
    comment: str


@dataclass(frozen=True)
class KeepAcceptance:
    """The merchant accepted this product of this decision; the same one twice is one acceptance."""

    decision_id: str
    product: str


@dataclass(frozen=True)
class KeepRating:
    """What the merchant thought of a colleague's help, 1 to 5; another one takes its place."""

    score: int
    by: str


@dataclass(frozen=True)
class Erase:
    """Delete everything held about this merchant, except an accepted loan's record where one exists."""


Request: TypeAlias = (
    RecordConsent
    | WithdrawConsent
    | CheckHandle
    | KeepToken
    | Assess
    | KeepDecision
    | KeepProposal
    | SettleProposal
    | KeepAcceptance
    | KeepRating
    | Erase
)
