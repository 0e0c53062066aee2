"""Where decisions of people are worked out, by the rules and on what the machine was given. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from bot.desk.acts import Fields, Unfit
from conversations.guard.known import Lender
from conversations.replies import Yuan
from conversations.session import Session
from scoring import replay, ruling
from scoring.decide import Inputs
from scoring.decision import Decision, Outcome
from scoring.policy import Policy
from scoring.ruling import NAMED, Refused, Ruling
from scoring.scorecard import Scorecard

_OFFER = ("product", "principal", "term", "interest_free", "rate", "apr", "total_interest", "fee")


@dataclass(frozen=True)
class Ground:
    """What people decide on; `bare` where the machine came to nothing with it."""

    inputs: Inputs
    bare: bool = False


def ground(session: Session, kept: Mapping[str, Any] | None, today: date) -> Ground:
    """What the standing decision was made from; the answers alone where none was made of them.

    Raises:
        Unfit: a part of it was erased, because a consent was withdrawn.
    """
    if kept is None or session.changed_since_decided():
        answers = {step: answer.value for step, answer in session.answers.items()}
        return Ground(Inputs(answers, None, None, today), bare=True)
    if replay.withdrawn(kept):
        raise Unfit("erased")
    return Ground(replay.machines(kept), bool(kept.get("ruling", {}).get("bare")))


def read(fields: Fields, by: str, today: date) -> Ruling:
    """The ruling that a form describes.

    Raises:
        Unfit: there is no such outcome, or the limit is no amount in yuan.
    """
    outcome, limit = fields.get("outcome"), re.sub(r"[\s,，]", "", fields.get("limit", ""))
    if outcome not in (Outcome.APPROVED, Outcome.DECLINED):
        raise Unfit("outcome")
    if limit and not re.fullmatch(r"[0-9]{1,9}", limit):
        raise Unfit("limit")
    reasons = tuple(code for code in NAMED if code in fields)
    grade = fields.get("grade") or None
    return Ruling(Outcome(outcome), today, by, reasons, int(limit) * 100 if limit else None, grade)


def terms(made: Decision) -> dict[str, Any]:
    """What of a decision two people agree on; its dates are those of the day on which it is confirmed."""
    return {
        "outcome": made.outcome.value,
        "grade": made.grade,
        "limit": made.limit,
        "reasons": [reason.code for reason in made.reasons if reason.effect != "raises"],
        "offers": [{name: getattr(offer, name) for name in _OFFER} for offer in made.offers],
    }


def difference(before: Decision | None, after: Decision) -> dict[str, Any]:
    """What a proposal would change, frozen for the second person."""
    return {"before": terms(before) if before else None, "after": terms(after)}


@dataclass(frozen=True)
class Bench:
    model: Scorecard
    policy: Policy

    @cached_property
    def lender(self) -> Lender:
        """What may be said to anybody of the products and terms."""
        return Lender.of(self.policy)

    @property
    def grades(self) -> tuple[str, ...]:
        return tuple(grade.grade for grade in self.policy.rules.grades)

    def made(self, on: Ground, ruled: Ruling) -> tuple[Decision, dict[str, Any]]:
        """The decision, and what is kept of it.

        Raises:
            Unfit: nobody may decide so.
        """
        on_it = replace(ruled, bare=on.bare)
        try:
            decision = ruling.rule(on.inputs, on_it, model=self.model, policy=self.policy)
        except Refused as why:
            raise Unfit(f"ruling.{why.code}", most=Yuan(why.most or 0)) from None
        return decision, ruling.stored(on.inputs, on_it)
