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
    """One true reason: its code, what it does to the result, its points, figures for its sentence.

    Figures named `..._fen` are money, `..._share` fractions.
    """

    code: str
    effect: str  #: "raises" | "lowers" | "caps" | "refers" | "declines"
    points: int
    values: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One thing to do, with figures for its sentence."""

    code: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Improvement:
    """What would raise the limit, recomputed by the real rules; `limit_after` and `gain` in fen."""

    code: str
    limit_after: int
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    gain: int = 0
    also: Step | None = None  #: to be done as well, where neither alone is enough


@dataclass(frozen=True)
class Check:
    """One cross-check: `verdict` is "pass", "warn", "fail" or "skipped"; `value` None when not built."""

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
    made_with: Mapping[str, str] = field(default_factory=dict)  #: version and fingerprint of each part
    by_person: bool = False  #: a person decided, on what the machine had found


def _plain(values: Mapping[str, str | int | float]) -> dict[str, str | int | float]:
    return dict(sorted(values.items()))


def _reason_json(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "effect": reason.effect,
        "points": reason.points,
        "values": _plain(reason.values),
    }


def _improvement_json(better: Improvement) -> dict[str, Any]:
    also = {"code": better.also.code, "values": _plain(better.also.values)} if better.also else None
    return {
        "code": better.code,
        "limit_after": better.limit_after,
        "gain": better.gain,
        "values": _plain(better.values),
        **({"also": also} if also else {}),
    }


def offer_json(offer: Offer) -> dict[str, Any]:
    """The public shape of one offer."""
    return {
        "product": offer.product,
        "principal": offer.principal,
        "term": offer.term,
        "interest_free": offer.interest_free,
        "rate": offer.rate,
        "apr": offer.apr,
        "apr_compound": offer.apr_compound,
        "total_interest": offer.total_interest,
        "fee": offer.fee,
        "expires": offer.expires.isoformat(),
        "instalments": [
            {"n": i.n, "due": str(i.due), "principal": i.principal, "interest": i.interest, "total": i.total}
            for i in offer.instalments
        ],
    }


def to_json(decision: Decision) -> dict[str, Any]:
    """The public shape of a decision, without sentences."""
    return {
        "decision_id": decision.decision_id,
        "outcome": decision.outcome.value,
        "grade": decision.grade,
        "score": decision.score,
        "pd": decision.pd,
        "limit": decision.limit,
        "currency": decision.currency,
        "binding": decision.binding,
        "model": decision.model,
        "policy": decision.policy,
        "inputs_sha256": decision.inputs_sha256,
        "reasons": [_reason_json(reason) for reason in decision.reasons],
        "improve": [_improvement_json(better) for better in decision.improve],
        "checks": [{"id": c.id, "value": c.value, "verdict": c.verdict} for c in decision.checks],
        "offers": [offer_json(offer) for offer in decision.offers],
        "facts": dict(decision.facts),
        "made_with": dict(sorted(decision.made_with.items())),
        **({"by_person": True} if decision.by_person else {}),
    }


def _offer(data: Mapping[str, Any]) -> Offer:
    instalments = tuple(
        Instalment(i["n"], date.fromisoformat(i["due"]), i["principal"], i["interest"])
        for i in data["instalments"]
    )
    return Offer(**{**data, "expires": date.fromisoformat(data["expires"]), "instalments": instalments})


def _improvement(data: Mapping[str, Any]) -> Improvement:
    also = data.get("also")
    step = Step(also["code"], also["values"]) if also else None
    return Improvement(data["code"], data["limit_after"], data["values"], data.get("gain", 0), step)


def from_json(data: Mapping[str, Any]) -> Decision:
    """The inverse of `to_json`; sentences are dropped. `KeyError` or `TypeError` for another shape."""
    reasons = (Reason(r["code"], r["effect"], r["points"], r["values"]) for r in data["reasons"])
    improve = (_improvement(better) for better in data["improve"])
    parts = {
        "outcome": Outcome(data["outcome"]),
        "reasons": tuple(reasons),
        "improve": tuple(improve),
        "checks": tuple(Check(**check) for check in data["checks"]),
        "offers": tuple(_offer(offer) for offer in data["offers"]),
    }
    return Decision(**{**data, **parts})
