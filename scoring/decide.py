"""The one way to a decision: from stored inputs to outcome, limit, offers, reasons. Pure and repeatable."""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, localcontext
from typing import Any

from scoring import application, improve, limits, manner, offers, reasons, snapshot, trail
from scoring.cases import Case, Verdict
from scoring.decision import Decision, Outcome
from scoring.features import Measured
from scoring.judge import judge
from scoring.limits import Limit
from scoring.money import round_fen
from scoring.policy import Policy
from scoring.scorecard import Scorecard
from scoring.snapshot import ENTERPRISE, Account, Unavailable

CURRENCY = "CNY"
NAMESPACE = uuid.UUID("6f5f6b0e-5a3c-5b5e-9d0a-0d2f1c0a7b11")
EXACT = Context(prec=28)


@dataclass(frozen=True)
class Inputs:
    """What a decision is made from, as it was stored: JSON values and the day."""

    application: Mapping[str, Any]
    brand: Mapping[str, Any] | None
    personal: Mapping[str, Any] | None
    as_of: date
    conversation: Mapping[str, Any] | None = None  #: how the answers were given, where a journal knows it

    def to_json(self) -> dict[str, Any]:
        """The plain form in which inputs are stored and read again."""
        plain = {
            "application": dict(self.application),
            "brand": self.brand,
            "personal": self.personal,
            "as_of": self.as_of.isoformat(),
        }
        return plain if self.conversation is None else {**plain, "conversation": dict(self.conversation)}

    def sha256(self) -> str:
        """Fingerprint of the canonical JSON: names sorted, no spaces, UTF-8."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def decide(inputs: Inputs, *, model: Scorecard, policy: Policy) -> Decision:
    """Decide an application.

    Raises `ApplicationError` where an answer is not what its field should hold; nothing else.
    """
    with localcontext(EXACT):
        case = build_case(inputs, policy)
        return decide_case(case, inputs.sha256(), model=model, policy=policy)


def build_case(inputs: Inputs, policy: Policy) -> Case:
    """Read the answers and measure the accounts."""
    # numpy is loaded with the first decision, not with the server
    from scoring.social import accounts, summary

    brand, personal = snapshot.read(inputs.brand), snapshot.read(inputs.personal)
    sources = {"brand": brand, "personal": personal}
    seen = accounts.see(brand, personal, inputs.as_of, policy.reader)
    answers = application.read(inputs.application)
    return Case(
        application=answers,
        day=inputs.as_of,
        social=seen.measured,
        shown=summary.summary(seen, answers.trade),
        enterprise=isinstance(brand, Account) and brand.verified_type == ENTERPRISE,
        has_brand=brand is not None,
        has_personal=personal is not None,
        unavailable=tuple(name for name, source in sources.items() if _lacking(source)),
        trail=trail.follow(seen.brand.account, policy.surroundings, inputs.as_of) if seen.brand else None,
        conversation=manner.read(inputs.conversation),
        sources=dict(_sources(inputs)),
    )


def _sources(inputs: Inputs) -> Iterator[tuple[str, str]]:
    """When each source was read: the accounts for features named after them, the answers for all others."""
    yield "application", inputs.as_of.isoformat()
    for name, raw in (("brand", inputs.brand), ("personal", inputs.personal)):
        at = raw.get("fetched_at") or raw.get("at") if raw else None
        if isinstance(at, str):
            yield name, at[:40]


def _lacking(source: Account | Unavailable | None) -> bool:
    """Whether the source failed, wholly or in part."""
    return source.partial if isinstance(source, Account) else source is not None


def decide_case(case: Case, inputs_sha256: str, *, model: Scorecard, policy: Policy) -> Decision:
    """The decision on a case already read and measured; call it in the decimal context of `decide`."""
    verdict = judge(case, model, policy)
    scored, best = verdict.scored, verdict.largest
    quoted = limits.offered(verdict.limits) if verdict.outcome is Outcome.APPROVED else []
    seed = f"{inputs_sha256}:{model.name}:{policy.version}"
    return Decision(
        decision_id=str(uuid.uuid5(NAMESPACE, seed)),
        outcome=verdict.outcome,
        grade=verdict.grade.grade if verdict.grade else None,
        score=scored.score if scored else None,
        pd=scored.pd if scored else None,
        limit=verdict.limit,
        currency=CURRENCY,
        binding=best.binding if best else None,
        model=model.name,
        policy=policy.version,
        inputs_sha256=inputs_sha256,
        reasons=reasons.explain(case, verdict, model),
        improve=improve.suggestions(case, verdict, model, policy),
        checks=verdict.checks,
        offers=tuple(offers.offer(limit, case.day) for limit in quoted),
        facts=facts(case, verdict),
        made_with={**policy.made_with, "model": model.name},
    )


def facts(case: Case, verdict: Verdict) -> dict[str, Any]:
    """The figures behind a decision for staff: amounts in whole fen, shares as fractions, plain JSON."""
    found: dict[str, Any] = {
        "months_open": case.months_open,
        "unavailable": list(case.unavailable),
        "sources": dict(case.sources),
        "social": dict(case.shown),
    }
    if verdict.business:
        business = verdict.business
        found |= {name: round_fen(value) for name, value in business.reconstructions.items()}
        found |= {
            "reconstructions": len(business.reconstructions),
            "sales": round_fen(business.sales),
            "gross_margin": _share(business.gross_margin),
            "gross_profit": round_fen(business.gross_profit),
            "rent": round_fen(business.rent),
            "payroll": round_fen(business.payroll),
            "other_costs": round_fen(business.other_costs),
            "household_spend": round_fen(business.household),
            "other_income": round_fen(business.other_income),
            "disposable": round_fen(business.disposable),
            "assumed": list(business.assumed),
            "features": _rounded(verdict.features),
            "contributions": dict(verdict.scored.contributions) if verdict.scored else {},
            "caps": {limit.product.code: _caps(limit) for limit in verdict.limits},
        }
    return found


def _share(value: Decimal) -> float:
    return round(float(value), 6)


def _rounded(features: Measured) -> dict[str, float | None]:
    return {name: value if value is None else round(value, 6) for name, value in sorted(features.items())}


def _caps(limit: Limit) -> dict[str, int]:
    return {name: int(value) for name, value in limit.caps.items()}
