"""The desk in figures: how long merchants wait, how long help takes, who is approved and why not. Pure."""

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from conversations.store.desk.counts import Attendance, Counted, Outcomes, Rating
from scoring.calendar import day

WITHIN = (1, 3, 10, 30, 60)  #: minutes: first replies are counted up to each
GRADES = ("A", "B", "C", "D", "E")
FUNNEL = ("consent", "trade", "licence", "sales_last_month", "rent", "debt_balance", "amount", "check")
MOST_REASONS = 10


@dataclass(frozen=True)
class Spread:
    """Lengths of time in seconds: the middle one, the one that nine of ten do not exceed, how many."""

    median: float
    ninetieth: float
    n: int


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def fraction(self) -> float:
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class Approved:
    """What decisions of one kind came to: how many of them were approved, and the middle limit in fen."""

    name: str
    approved: Share
    limit: int | None


@dataclass(frozen=True)
class Colleague:
    """One colleague's part in it."""

    id: str
    attended: int
    reply: Spread | None
    handling: Spread | None
    rating: float | None


@dataclass(frozen=True)
class Report:
    begun: int
    attended: Share  #: of the conversations begun, those that a person took over
    funnel: tuple[tuple[str, Share], ...]  #: of the conversations begun, those that answered each step
    why: Mapping[str, int]  #: attendances by why a person was wanted; "none" where nobody had asked
    how: Mapping[str, int]  #: attendances by how they ended
    reply: Spread | None  #: from when a person was wanted to their first words
    replies: tuple[tuple[int | None, int], ...]  #: up to so many minutes: how many; None for more
    unanswered: int  #: wanted somebody, and heard nobody
    handling: Spread | None  #: from taking over to handing back
    days: tuple[tuple[date, int], ...]  #: attendances by the day they began
    grades: tuple[Approved, ...]
    trades: tuple[Approved, ...]
    decided: Mapping[str, int]  #: decisions by outcome
    by_person: int  #: decisions that a colleague made
    reasons: tuple[tuple[str, int], ...]
    rating: float | None
    ratings: tuple[tuple[int, int], ...]
    colleagues: tuple[Colleague, ...]


def report(counted: Counted) -> Report:
    there = counted.attendances
    return Report(
        begun=counted.begun,
        attended=Share(counted.attended, counted.begun),
        funnel=tuple((step, Share(counted.reached.get(step, 0), counted.begun)) for step in FUNNEL),
        why=_by(there, lambda one: (one.why or "none") if one.taken else None),
        how=_by(there, lambda one: (one.how or "open") if one.taken else None),
        reply=spread(_replies(there)),
        replies=_buckets(_replies(there)),
        unanswered=sum(one.wanted is not None and one.replied is None for one in there),
        handling=spread(_handling(there)),
        days=tuple(sorted(Counter(day(one.began) for one in there).items())),
        grades=_approved(counted.outcomes, lambda one: one.grade, GRADES),
        trades=_approved(counted.outcomes, lambda one: one.trade, ()),
        decided=_decided(counted.outcomes),
        by_person=sum(one.n for one in counted.outcomes if one.by_person),
        reasons=tuple(sorted(counted.reasons.items(), key=lambda each: (-each[1], each[0]))[:MOST_REASONS]),
        rating=_mean(counted.ratings),
        ratings=tuple((score, sum(one.score == score for one in counted.ratings)) for score in range(1, 6)),
        colleagues=_colleagues(there, counted.ratings),
    )


def spread(seconds: Iterable[float]) -> Spread | None:
    """None where there is nothing to tell of.

    >>> spread([60, 30, 600])
    Spread(median=60, ninetieth=600, n=3)
    """
    ordered = sorted(seconds)
    if not ordered:
        return None
    return Spread(statistics.median(ordered), ordered[math.ceil(0.9 * len(ordered)) - 1], len(ordered))


def _replies(there: Iterable[Attendance]) -> list[float]:
    return [_seconds(one.wanted, one.replied) for one in there if one.wanted and one.replied]


def _handling(there: Iterable[Attendance]) -> list[float]:
    return [_seconds(one.taken, one.ended) for one in there if one.taken and one.ended]


def _seconds(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds())


def _buckets(seconds: Sequence[float]) -> tuple[tuple[int | None, int], ...]:
    found = Counter(next((most for most in WITHIN if each <= most * 60), None) for each in seconds)
    return tuple((most, found[most]) for most in (*WITHIN, None))


def _by(there: Iterable[Attendance], name: Callable[[Attendance], str | None]) -> Mapping[str, int]:
    """How many of each name, the commonest first."""
    return dict(Counter(found for one in there if (found := name(one)) is not None).most_common())


def _approved(
    outcomes: Iterable[Outcomes], name: Callable[[Outcomes], str | None], order: Sequence[str]
) -> tuple[Approved, ...]:
    """In the given order, else those with most decisions first."""
    kinds: dict[str, list[Outcomes]] = {}
    for one in outcomes:
        if (kind := name(one)) is not None:
            kinds.setdefault(kind, []).append(one)
    told = [_one(kind, alike) for kind, alike in kinds.items()]
    places = {kind: place for place, kind in enumerate(order)}

    def place(one: Approved) -> tuple[int, int, str]:
        return places.get(one.name, len(places)), -one.approved.whole, one.name

    return tuple(sorted(told, key=place))


def _one(name: str, alike: Sequence[Outcomes]) -> Approved:
    given = [one for one in alike if one.outcome == "approved"]
    limits = sorted(amount for one in given for amount in [one.amount] * one.n)
    middle = round(statistics.median(limits)) if limits else None
    return Approved(name, Share(len(limits), sum(one.n for one in alike)), middle)


def _decided(outcomes: Iterable[Outcomes]) -> Mapping[str, int]:
    found = Counter[str]()
    for one in outcomes:
        found[one.outcome] += one.n
    return {outcome: found[outcome] for outcome in ("approved", "referred", "declined")}


def _mean(ratings: Sequence[Rating]) -> float | None:
    return statistics.fmean(one.score for one in ratings) if ratings else None


def _colleagues(there: Sequence[Attendance], ratings: Sequence[Rating]) -> tuple[Colleague, ...]:
    """Whoever attended, the busiest first."""
    busy = Counter(one.by for one in there if one.by is not None)
    return tuple(
        Colleague(
            id,
            n,
            spread(_replies([one for one in there if one.by == id])),
            spread(_handling([one for one in there if one.by == id])),
            _mean([one for one in ratings if one.by == id]),
        )
        for id, n in busy.most_common()
    )
