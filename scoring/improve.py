"""What would raise the limit: a search over what the merchant can change, each gain decided by the rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from scoring import limits
from scoring.cases import Case, Verdict
from scoring.decision import Improvement, Outcome, Step
from scoring.judge import judge_again
from scoring.levers import LEVERS, Ground, Lever, Move
from scoring.limits import CAPS
from scoring.policy import Policy
from scoring.scorecard import Scorecard

MOST = 3
RUNS = 20  #: decisions that a search may try


@dataclass
class _Search:
    """Tries changed cases, a limited number of them, each held against the merchant's own."""

    case: Case
    verdict: Verdict
    model: Scorecard
    policy: Policy
    left: int = field(default=RUNS)

    def ground(self, case: Case, verdict: Verdict) -> Ground:
        return Ground(case, verdict, self.model, self.policy, self.attempt)

    def attempt(self, case: Case) -> Verdict:
        """The verdict on a changed case; one that lends nothing when there are no tries left."""
        self.left -= 1
        if self.left < 0:
            return _NOTHING
        return judge_again(case, self.case, self.verdict, self.model, self.policy)

    def tried(self, ground: Ground, without: Lever | None = None) -> Iterator["_Tried"]:
        """Every lever that can lift what binds, with its first move that helps, or its last."""
        bound = _bound(ground)
        for lever in LEVERS:
            if lever is not without and lever.lifts & bound:
                yield from self._moved(lever, ground)

    def _moved(self, lever: Lever, ground: Ground) -> Iterator["_Tried"]:
        tried = None
        for move in lever.moves(ground):
            tried = _Tried(lever, move, self.attempt(move.case))
            if tried.after.limit > ground.verdict.limit:
                break
        if tried:
            yield tried


@dataclass(frozen=True)
class _Tried:
    lever: Lever
    move: Move
    after: Verdict


_NOTHING = Verdict(Outcome.REFERRED, ())


def _bound(ground: Ground) -> frozenset[str]:
    """The caps that hold each product down, "products" where some are not open to the merchant."""
    found = ground.verdict.limits
    if not found:
        return frozenset((*CAPS, "products"))
    shut = len(found) < len(ground.policy.products)
    return frozenset((*(limit.binding for limit in found), *(("products",) if shut else ())))


def suggestions(case: Case, verdict: Verdict, model: Scorecard, policy: Policy) -> tuple[Improvement, ...]:
    """Up to three single steps, best first, and the best pair where two together give more than any one."""
    if verdict.limit >= limits.most(case.application, policy):
        return ()
    search = _Search(case, verdict, model, policy)
    tried = list(search.tried(search.ground(case, verdict)))
    singles = sorted(
        (one for one in tried if one.after.limit > verdict.limit),
        key=lambda one: (-one.after.limit, one.lever.code),
    )
    pair = _best_pair(search, singles, tried)
    best = singles[0].after.limit if singles else verdict.limit
    found = [_improvement(one, verdict) for one in singles[:MOST]]
    if pair and pair[1].after.limit > best:
        found.append(_improvement(pair[1], verdict, first=pair[0]))
    return tuple(found)


def _best_pair(search: _Search, singles: list[_Tried], tried: list[_Tried]) -> tuple[_Tried, _Tried] | None:
    """The best second step after the best first one, or after any first one where none helps alone."""
    pairs = [
        (first, second)
        for first in (singles[:1] or tried)
        for second in search.tried(search.ground(first.move.case, first.after), first.lever)
    ]
    return max(pairs, key=lambda pair: pair[1].after.limit, default=None)


def _improvement(tried: _Tried, before: Verdict, first: _Tried | None = None) -> Improvement:
    begun, also = (first, tried) if first else (tried, None)
    limit = tried.after.limit
    return Improvement(
        begun.lever.code,
        limit,
        begun.move.values,
        limit - before.limit,
        Step(also.lever.code, also.move.values) if also else None,
    )
