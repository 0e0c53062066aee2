"""How far bought popularity moves a limit: an attacker looks for the best mix, the real code decides."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scoring.decide import Inputs, decide
from scoring.decision import Decision, Outcome
from scoring.evaluation import bought
from scoring.evaluation.population import Judged, Step
from scoring.policy import Policy
from scoring.scorecard import Scorecard

BUDGETS = (100, 300, 1000)  #: yuan
PARTS = 4  #: a budget is spent in quarters
WIDTH = 4  #: goods that are mixed: those that do most alone
ROUNDS = 3  #: how often a quarter is moved from one good to another, or kept
TOLD = 5  #: features that are named
ALLOWED = 0.05  #: how far a limit may move at the smallest budget

Mix = Mapping[str, int]  #: quarters of the budget spent on each good


@dataclass(frozen=True)
class Lender:
    """What decides."""

    model: Scorecard
    policy: Policy


@dataclass(frozen=True)
class Attack:
    """The best that a budget could do for one merchant."""

    budget: int
    mix: Mix
    before: Decision
    after: Decision

    @property
    def moved(self) -> float:
        """How far the limit rose, as a share of what it was; a limit out of nothing counts as 1."""
        held, reached = self.before.limit, self.after.limit
        if not held:
            return 1.0 if reached else 0.0
        return reached / held - 1

    @property
    def matters(self) -> bool:
        """Whether it changes anything, for better or worse."""
        return _gain(self) != _gain(replace(self, after=self.before))

    @property
    def does_something(self) -> bool:
        return _gain(self) > _gain(replace(self, after=self.before))

    @property
    def pd_fell(self) -> float:
        return (self.before.pd or 0.0) - (self.after.pd or 0.0)


@dataclass(frozen=True)
class Moved:
    """What one budget did to a population of merchants."""

    budget: int
    merchants: int
    median: float
    p95: float
    largest: float
    unmoved: float  #: share of merchants whose limit stayed
    above: float  #: share of merchants whose limit rose by more than `ALLOWED`
    from_nothing: float  #: share of merchants who got a limit where there was none
    better_grade: float  #: share of merchants with a better grade: a lower price, a higher cap by grade
    approved: float  #: share of merchants approved who had not been
    referred: float  #: share of merchants whom the attack sent from a machine's decision to a person
    pd_fell: float  #: median over merchants
    pd_fell_most: float
    spent: Mapping[str, float]  #: share of all money spent on each good
    largest_from: tuple[str, str]  #: grades before and after of the merchant whose limit moved most
    through: Mapping[str, float]  #: mean points gained by feature, the most first

    @property
    def figures(self) -> dict[str, float]:
        """By the names that goals use."""
        return {
            "limit_median": self.median,
            "limit_p95": self.p95,
            "limit_max": self.largest,
            "limit_unmoved": self.unmoved,
            "limit_above_5": self.above,
            "limit_from_nothing": self.from_nothing,
            "better_grade": self.better_grade,
            "newly_approved": self.approved,
            "pd_fell_median": self.pd_fell,
            "pd_fell_max": self.pd_fell_most,
        }


def attackable(merchants: Sequence[Judged]) -> list[Judged]:
    """Those with a shop's account that could be read, and whom a better score could help.

    A merchant whose cash affords no loan gets none however popular, and would make attacks look harmless.
    """
    return [one for one in merchants if _readable(one.merchant.inputs) and _within_reach(one.decision)]


def _within_reach(decision: Decision) -> bool:
    return decision.pd is not None and (decision.limit > 0 or decision.binding in (None, "grade"))


def _readable(inputs: Inputs) -> bool:
    return inputs.brand is not None and isinstance(inputs.brand.get("user"), Mapping)


def applied(inputs: Inputs, mix: Mix, budget: int) -> Inputs:
    """The inputs after the money is spent."""
    brand, personal = dict(inputs.brand or {}), dict(inputs.personal or {})
    for good, parts in mix.items():
        pieces = int(budget * parts / PARTS / bought.market().goods[good].price)
        if not pieces:
            continue
        if good in bought.OWNER_GOODS:
            personal = bought.EFFECTS[good](personal, pieces, inputs.as_of)
        else:
            brand = bought.EFFECTS[good](brand, pieces, inputs.as_of)
    return replace(
        inputs,
        brand=inputs.brand if inputs.brand is None else brand,
        personal=inputs.personal if inputs.personal is None else personal,
    )


def best(target: Judged, budget: int, lender: Lender) -> Attack:
    """The best attack found: each good alone, with all the money or a quarter of it, then quarters moved."""
    tried = _Tried(target, budget, lender)
    for good in bought.market().goods:
        if tried.decide({good: PARTS}).matters:
            tried.decide({good: 1})
    for _ in range(ROUNDS):
        found = tried.best
        for mix in _neighbours(found.mix, tried.strongest()):
            tried.decide(mix)
        if tried.best is found:
            break
    return tried.best


def _neighbours(mix: Mix, goods: Sequence[str]) -> Iterator[Mix]:
    """One quarter more where money is left, one kept, or one moved from a good of the mix to another."""
    if sum(mix.values()) < PARTS:
        yield from ({**mix, good: mix.get(good, 0) + 1} for good in goods)
    for held, parts in mix.items():
        yield {good: part - (good == held) for good, part in mix.items() if part - (good == held)}
        for other in goods:
            if other != held:
                moved = {**mix, held: parts - 1, other: mix.get(other, 0) + 1}
                yield {good: part for good, part in moved.items() if part}


class _Tried:
    """Attacks tried on one merchant, the one that spends nothing among them."""

    def __init__(self, target: Judged, budget: int, lender: Lender) -> None:
        self.target, self.budget, self.lender = target, budget, lender
        self.attacks: dict[tuple[tuple[str, int], ...], Attack] = {}
        self.best = Attack(budget, {}, target.decision, target.decision)

    def decide(self, mix: Mix) -> Attack:
        """The attack with this mix, decided once."""
        name = tuple(sorted(mix.items()))
        if name in self.attacks:
            return self.attacks[name]
        inputs = applied(self.target.merchant.inputs, mix, self.budget)
        after = decide(inputs, model=self.lender.model, policy=self.lender.policy)
        self.attacks[name] = Attack(self.budget, mix, self.target.decision, after)
        if _gain(self.attacks[name]) > _gain(self.best):
            self.best = self.attacks[name]
        return self.attacks[name]

    def strongest(self) -> list[str]:
        """The goods that do most alone, those that do nothing left out."""
        alone = [attack for name, attack in self.attacks.items() if len(name) == 1 and attack.does_something]
        ordered = sorted(alone, key=_gain, reverse=True)
        return list(dict.fromkeys(good for attack in ordered for good in attack.mix))[:WIDTH]


def _gain(attack: Attack) -> tuple[int, float]:
    return attack.after.limit, -(attack.after.pd if attack.after.pd is not None else 1.0)


def attacks(target: Judged, lender: Lender) -> tuple[Attack, ...]:
    """The best attack with each budget; more money never does less, for some of it may be kept."""
    found: list[Attack] = []
    for budget in BUDGETS:
        attack = best(target, budget, lender)
        if found and _gain(found[-1]) > _gain(attack):
            attack = _kept(found[-1], budget)
        found.append(attack)
    return tuple(found)


def _kept(attack: Attack, budget: int) -> Attack:
    """An attack of a smaller budget carried out with a larger one, the rest of the money kept."""
    return replace(attack, budget=budget)


def measure(targets: Sequence[Judged], lender: Lender, step: Step) -> tuple[Moved, ...]:
    """The figures of every budget over all targets; none where there is no target."""
    found = []
    for target in targets:
        found.append(attacks(target, lender))
        step()
    return (
        tuple(moved(budget, tried) for budget, tried in zip(BUDGETS, zip(*found, strict=True), strict=True))
        if found
        else ()
    )


def moved(budget: int, found: Sequence[Attack]) -> Moved:
    """The figures of a budget; needs at least one attack."""
    shifts = sorted(attack.moved for attack in found)
    falls = sorted(attack.pd_fell for attack in found)
    return Moved(
        budget=budget,
        merchants=len(found),
        median=_rank(shifts, 0.5),
        p95=_rank(shifts, 0.95),
        largest=shifts[-1],
        unmoved=_share(found, lambda one: one.moved <= 0),
        above=_share(found, lambda one: one.moved > ALLOWED + 1e-9),
        from_nothing=_share(found, lambda one: not one.before.limit and bool(one.after.limit)),
        better_grade=_share(found, lambda one: one.pd_fell > 0 and one.after.grade != one.before.grade),
        approved=_share(found, _newly_approved),
        referred=_share(found, _sent_to_person),
        pd_fell=_rank(falls, 0.5),
        pd_fell_most=falls[-1],
        spent=_spent(found),
        through=_through(found),
        largest_from=_grades(max(found, key=lambda one: one.moved)),
    )


def _rank(ordered: Sequence[float], part: float) -> float:
    """The value that so large a part does not exceed."""
    return ordered[max(0, math.ceil(len(ordered) * part) - 1)]


def _share(found: Sequence[Attack], holds: Callable[[Attack], bool]) -> float:
    return sum(map(holds, found)) / len(found)


def _newly_approved(attack: Attack) -> bool:
    return attack.after.outcome is Outcome.APPROVED is not attack.before.outcome


def _through(found: Sequence[Attack]) -> dict[str, float]:
    """What the attacks work through."""
    gained = Counter[str]()
    for attack in found:
        before = attack.before.facts.get("contributions", {})
        for name, points in attack.after.facts.get("contributions", {}).items():
            gained[name] += points - before.get(name, 0.0)
    return {name: points / len(found) for name, points in gained.most_common(TOLD) if points > 0}


def _grades(attack: Attack) -> tuple[str, str]:
    return attack.before.grade or "none", attack.after.grade or "none"


def _sent_to_person(attack: Attack) -> bool:
    return attack.after.outcome is Outcome.REFERRED is not attack.before.outcome


def _spent(found: Sequence[Attack]) -> dict[str, float]:
    """Goods in the order of the money spent on them."""
    totals = Counter({good: 0 for good in bought.market().goods})
    for attack in found:
        totals.update(attack.mix)
    everything = sum(totals.values())
    return {good: parts / everything for good, parts in totals.most_common() if parts}
