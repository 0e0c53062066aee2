"""A decision and everything it carries: a value that can be stored, shown, explained and replayed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    APPROVED = "approved"
    REFERRED = "referred"
    DECLINED = "declined"


@dataclass(frozen=True)
class Instalment:
    """One payment of a schedule; amounts in fen."""

    n: int
    due: date
    principal: int
    interest: int

    @property
    def total(self) -> int:
        return self.principal + self.interest


@dataclass(frozen=True)
class Offer:
    """Terms the merchant may accept; amounts in fen, rates as fractions a year."""

    product: str
    principal: int
    term: int
    interest_free: int  #: how many first instalments carry no interest
    rate: float  #: nominal rate of the instalments that carry interest; 0 when none does
    apr: float  #: simple annual rate (12 x monthly IRR) over what is really outstanding
    apr_compound: float  #: the same, compounded
    total_interest: int
    fee: int
    expires: date
    instalments: tuple[Instalment, ...]

    @property
    def total(self) -> int:
        return self.principal + self.total_interest + self.fee


@dataclass(frozen=True)
class Reason:
    """One true reason: its code, whether it raises or lowers the result, its points, figures for its sentence."""

    code: str
    effect: str  #: "raises" | "lowers" | "caps" | "refers" | "declines"
    points: int
    values: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Improvement:
    """What would change the limit, recomputed by the real scorer; `limit_after` in fen."""

    code: str
    limit_after: int
    values: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """One cross-check: `verdict` is "pass", "warn", "fail" or "skipped"; `value` None when it could not be built."""

    id: str
    value: float | None
    verdict: str


@dataclass(frozen=True)
class Decision:
    """The outcome with its grade, limit (fen), reasons, checks and offers, and what it was made from."""

    decision_id: str
    outcome: Outcome
    grade: str | None
    score: int | None
    pd: float | None
    limit: int
    currency: str
    binding: str | None
    model: str
    policy: str
    inputs_sha256: str
    reasons: tuple[Reason, ...]
    improve: tuple[Improvement, ...]
    checks: tuple[Check, ...]
    offers: tuple[Offer, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)  #: figures behind it, fen and shares, for staff


def to_json(decision: Decision) -> dict[str, Any]:
    """The public shape of a decision, without sentences (`text` is added where a language is known)."""
    raise NotImplementedError


def from_json(data: Mapping[str, Any]) -> Decision:
    """The inverse of `to_json`."""
    raise NotImplementedError
