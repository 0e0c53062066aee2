"""What people decide where the machine leaves off: within the products and the law, quoted by the same code.

A ruling is kept beside the inputs of the case, so that the decision can be made again to the bit. Pure.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from scoring import decide, limits, offers, rules
from scoring.cases import Case, Verdict
from scoring.decide import CURRENCY, EXACT, NAMESPACE, Inputs
from scoring.decision import Decision, Outcome, Reason
from scoring.judge import judge
from scoring.limits import Limit, Standing
from scoring.policy import Grade, Policy, Product
from scoring.reasons import CODES, EACH_WAY
from scoring.schedules import terms_of
from scoring.scorecard import Scorecard

#: what a person may name as a reason: the codes whose sentence needs no figure of the machine's
NAMED = tuple(code for code in CODES if code not in ("R04", "R18", "R19", "R20", "R22"))
AGAINST = tuple(code for code in NAMED if code.startswith("R"))


class Refused(ValueError):
    """Nobody may decide so: `code` says why."""

    def __init__(self, code: str, most: int | None = None) -> None:
        super().__init__(code)
        self.code, self.most = code, most  #: the highest limit allowed, fen, where that is why


@dataclass(frozen=True)
class Ruling:
    """An outcome with its reasons, and where they differ from the machine's, limit (fen) and grade."""

    outcome: Outcome
    day: date  #: offers are made on it
    by: str  #: a colleague's id
    reasons: tuple[str, ...] = ()
    limit: int | None = None
    grade: str | None = None
    confirmed_by: str | None = None  #: another colleague's, where one was needed
    bare: bool = False  #: the machine came to nothing, so there is no case to rule on

    @property
    def changes(self) -> bool:
        """Whether people name a limit or a grade of their own."""
        return self.limit is not None or self.grade is not None

    @property
    def differs(self) -> bool:
        """Whether the machine's own limit is not what is granted."""
        return self.changes or self.outcome is not Outcome.APPROVED

    def to_json(self) -> dict[str, Any]:
        plain = asdict(self) | {"day": self.day.isoformat(), "reasons": list(self.reasons)}
        return {**plain, "outcome": self.outcome.value}


def read(stored: Mapping[str, Any]) -> Ruling:
    """The inverse of `to_json`; `KeyError`, `TypeError` or `ValueError` for another shape."""
    typed = {"outcome": Outcome(stored["outcome"]), "day": date.fromisoformat(stored["day"])}
    return Ruling(**{**stored, **typed, "reasons": tuple(stored["reasons"])})


@dataclass(frozen=True)
class _Ground:
    """A ruling with what the machine found; without a verdict where it found nothing."""

    ruling: Ruling
    policy: Policy
    case: Case | None = None
    verdict: Verdict | None = None
    machine: Decision | None = None
    asked: int | None = None  #: the amount wanted, fen

    @property
    def months_open(self) -> int | None:
        return self.case.months_open if self.case else None

    @property
    def grade(self) -> Grade | None:
        """The grade that people named, else the machine's."""
        found = self.verdict.grade if self.verdict else None
        if self.ruling.grade is None:
            return found
        named = {grade.grade: grade for grade in self.policy.rules.grades}
        if self.ruling.grade not in named:
            raise Refused("grade")
        return named[self.ruling.grade]

    @property
    def pd(self) -> float:
        """The machine's, else the highest one that the grade allows."""
        scored = self.verdict.scored if self.verdict else None
        if scored:
            return scored.pd
        return self.grade.pd_max if self.grade else 1.0


def rule(inputs: Inputs, ruling: Ruling, *, model: Scorecard, policy: Policy) -> Decision:
    """The decision that people made of a case.

    Raises:
        Refused: "reasons", "outcome", "grade", "limit" (none is known: name one), "floor" (too little for any
            product), "cap" (more than product, law or the merchant allow), "product" (none is open
            to such a case), "price" (none that is lawful), "forbidden".
        ApplicationError: the machine could not read the answers; only a bare ruling helps then.
    """
    _check_reasons(ruling)
    with localcontext(EXACT):
        ground = _ground(inputs, ruling, model, policy)
        granted = _granted(ground) if ruling.outcome is Outcome.APPROVED else []
        return _decision(ground, granted, stored(inputs, ruling), model)


def stored(inputs: Inputs, ruling: Ruling) -> dict[str, Any]:
    """What is kept of such a decision, and made again from."""
    return {**inputs.to_json(), "ruling": ruling.to_json()}


def _check_reasons(ruling: Ruling) -> None:
    declined = ruling.outcome is Outcome.DECLINED
    if ruling.outcome is Outcome.REFERRED or (declined and ruling.changes):
        raise Refused("outcome")
    allowed = set(AGAINST if declined else NAMED)
    enough = declined <= len(ruling.reasons) <= EACH_WAY
    if not enough or not set(ruling.reasons) <= allowed or len(set(ruling.reasons)) < len(ruling.reasons):
        raise Refused("reasons")


def _ground(inputs: Inputs, ruling: Ruling, model: Scorecard, policy: Policy) -> _Ground:
    asked = inputs.application.get("amount")
    wanted = asked if type(asked) is int else None
    if ruling.bare:
        return _Ground(ruling, policy, asked=wanted)
    case = decide.build_case(inputs, policy)
    machine = decide.decide_case(case, inputs.sha256(), model=model, policy=policy)
    return _Ground(ruling, policy, case, judge(case, model, policy), machine, wanted)


def _granted(ground: _Ground) -> list[Limit]:
    """The limits that are offered: the machine's own, or what people put in their place."""
    if ground.case is not None and any(_final(ground.case, ground.policy)):
        raise Refused("forbidden")
    found = list(ground.verdict.limits) if ground.verdict else []
    if ground.ruling.limit is not None:
        found = _named(ground, ground.ruling.limit)
    elif ground.ruling.grade:
        found = _regraded(ground)
    if offered := limits.offered(found):
        return offered
    raise Refused("floor" if found else "limit")


def _final(case: Case, policy: Policy) -> Iterator[Reason]:
    """What no person may set aside: an applicant under age, and purposes that are not lent for."""
    yield from (reason for reason in rules.forbidden(case, policy) if reason.code != "R04")


def _regraded(ground: _Ground) -> list[Limit]:
    """The machine's limits again, with another grade."""
    case, grade = ground.case, ground.grade
    business = ground.verdict.business if ground.verdict else None
    if case is None or business is None or grade is None:
        return []
    standing = Standing(
        application=case.application,
        business=business,
        grade=grade,
        pd=ground.pd,
        thin_file=not case.has_brand,
        brand_only=case.has_brand and not case.has_personal and ground.policy.rules.brand_only_cap.enabled,
    )
    return limits.per_product(standing, ground.policy, ground.ruling.day, case.months_open or 0)


def _named(ground: _Ground, amount: int) -> list[Limit]:
    """A limit that people name, on every product whose own terms are met."""
    grade, policy = ground.grade, ground.policy
    if grade is None:
        raise Refused("grade")
    fitting = [product for product in policy.products if _open(product, grade, ground.months_open)]
    if not fitting:
        raise Refused("product")
    most = max(_most(product, ground) for product in fitting)
    if amount > most:
        raise Refused("cap", int(most))
    highest = limits.highest_rate(policy.rules, ground.ruling.day)
    if highest is None:
        raise Refused("price")
    found = (_limit(product, grade, amount, highest, ground) for product in fitting)
    return [limit for limit in found if limit]


def _open(product: Product, grade: Grade, months_open: int | None) -> bool:
    old_enough = months_open is None or months_open >= product.min_months_open
    return grade.grade in product.grades and old_enough


def _most(product: Product, ground: _Ground) -> Decimal:
    """Never more than product and law allow, nor than the merchant wants."""
    cap = limits.lawful_cap(product, ground.policy.rules)
    return cap if ground.asked is None else min(cap, Decimal(ground.asked))


def _limit(product: Product, grade: Grade, amount: int, highest: Decimal, ground: _Ground) -> Limit | None:
    """The limit on one product; None where no lawful rate covers its cost."""
    rate = limits.price(ground.policy.rules, product, grade, ground.pd, highest)
    if rate is None:
        return None
    principal = limits.in_steps(min(Decimal(amount), _most(product, ground)), product)
    terms = terms_of(product.method, product.term, product.interest_free, rate)
    return Limit(product, terms, {}, "person", principal if principal >= product.floor else 0)


def _decision(ground: _Ground, granted: list[Limit], kept: Mapping[str, Any], model: Scorecard) -> Decision:
    ruling, policy, machine = ground.ruling, ground.policy, ground.machine or _nothing_found(ground, model)
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return replace(
        machine,
        decision_id=str(uuid.uuid5(NAMESPACE, f"{sha256}:{model.name}:{policy.version}")),
        outcome=ruling.outcome,
        grade=ground.grade.grade if ground.grade else None,
        limit=max((limit.principal for limit in granted), default=0),
        binding=None if ruling.differs else machine.binding,
        inputs_sha256=sha256,
        reasons=_reasons(ruling, machine),
        improve=() if ruling.differs else machine.improve,
        offers=tuple(offers.offer(limit, ruling.day) for limit in granted),
        by_person=True,
    )


def _nothing_found(ground: _Ground, model: Scorecard) -> Decision:
    """What the machine says where it came to nothing."""
    nothing = (None, None, None, 0, CURRENCY, None, model.name, ground.policy.version, "", (), (), (), ())
    made_with = {**ground.policy.made_with, "model": model.name}
    return Decision("", Outcome.REFERRED, *nothing, made_with=made_with)


def _reasons(ruling: Ruling, machine: Decision) -> tuple[Reason, ...]:
    """The person's own first, then what of the machine's is true whoever decides."""
    against = "declines" if ruling.outcome is Outcome.DECLINED else "lowers"
    own = tuple(Reason(code, "raises" if code.startswith("P") else against, 0) for code in ruling.reasons)
    holds = {"lowers", "raises"} if ruling.differs else {"lowers", "raises", "caps"}
    rest = (each for each in machine.reasons if each.effect in holds and each.code not in ruling.reasons)
    return (*own, *rest)
