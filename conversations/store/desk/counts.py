"""What the figures of the desk are counted from, over a span of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from conversations.tables import ANSWERS, SESSIONS
from conversations.tables_desk import ATTENDANCES, OUTCOMES, RATINGS


@dataclass(frozen=True)
class Span:
    """From a moment on, up to another."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Attendance:
    """One time that a person was wanted, or had the word."""

    began: datetime
    why: str | None
    wanted: datetime | None
    taken: datetime | None
    by: str | None
    replied: datetime | None
    ended: datetime | None
    how: str | None


@dataclass(frozen=True)
class Outcomes:
    """So many decisions that came to the same."""

    outcome: str
    grade: str | None
    trade: str | None
    amount: int  #: the limit in fen
    by_person: bool
    n: int


@dataclass(frozen=True)
class Rating:
    score: int
    by: str


@dataclass(frozen=True)
class Counted:
    """Everything that was counted in a span."""

    begun: int  #: conversations
    attended: int  #: of those, how many a person took over
    reached: Mapping[str, int]  #: of those, how many answered each step
    attendances: tuple[Attendance, ...]
    outcomes: tuple[Outcomes, ...]
    reasons: Mapping[str, int]  #: decisions that each reason counted against, by its code
    ratings: tuple[Rating, ...]


def count(connection: Connection, span: Span) -> Counted:
    begun = and_(SESSIONS.c.created >= span.since, SESSIONS.c.created < span.until)
    sessions = select(func.count()).select_from(SESSIONS).where(begun)
    return Counted(
        begun=int(connection.execute(sessions).scalar_one()),
        attended=_attended(connection, span),
        reached=_reached(connection, span),
        attendances=_attendances(connection, span),
        outcomes=_outcomes(connection, span),
        reasons=_reasons(connection, span),
        ratings=_ratings(connection, span),
    )


def _attended(connection: Connection, span: Span) -> int:
    query = (
        select(func.count(ATTENDANCES.c.session_id.distinct()))
        .join(SESSIONS, SESSIONS.c.id == ATTENDANCES.c.session_id)
        .where(
            ATTENDANCES.c.began >= span.since,  # nobody attends a conversation before it begins
            ATTENDANCES.c.taken.is_not(None),
            SESSIONS.c.created >= span.since,
            SESSIONS.c.created < span.until,
        )
    )
    return int(connection.execute(query).scalar_one())


def _reached(connection: Connection, span: Span) -> Mapping[str, int]:
    query = (
        select(ANSWERS.c.step, func.count())
        .join(SESSIONS, SESSIONS.c.id == ANSWERS.c.session_id)
        .where(ANSWERS.c.version == 1, SESSIONS.c.created >= span.since, SESSIONS.c.created < span.until)
        .group_by(ANSWERS.c.step)
    )
    return {step: n for step, n in connection.execute(query)}


def _attendances(connection: Connection, span: Span) -> tuple[Attendance, ...]:
    a = ATTENDANCES.c
    columns = (a.began, a.why, a.wanted, a.taken, a.by, a.replied, a.ended, a.how)
    query = select(*columns).where(a.began >= span.since, a.began < span.until).order_by(a.began)
    return tuple(Attendance(*row) for row in connection.execute(query))


def _outcomes(connection: Connection, span: Span) -> tuple[Outcomes, ...]:
    by_person = OUTCOMES.c.by.is_not(None)
    alike = (OUTCOMES.c.outcome, OUTCOMES.c.grade, OUTCOMES.c.trade, OUTCOMES.c.amount, by_person)
    query = select(*alike, func.count()).where(_made(span)).group_by(*alike)
    return tuple(
        Outcomes(outcome, grade, trade, amount, bool(person), n)
        for outcome, grade, trade, amount, person, n in connection.execute(query)
    )


def _reasons(connection: Connection, span: Span) -> Mapping[str, int]:
    query = select(OUTCOMES.c.reasons, func.count()).where(_made(span)).group_by(OUTCOMES.c.reasons)
    found: dict[str, int] = {}
    for codes, n in connection.execute(query):
        for code in set(codes):
            found[code] = found.get(code, 0) + n
    return found


def _made(span: Span) -> ColumnElement[bool]:
    return and_(OUTCOMES.c.at >= span.since, OUTCOMES.c.at < span.until)


def _ratings(connection: Connection, span: Span) -> tuple[Rating, ...]:
    given = (RATINGS.c.at >= span.since, RATINGS.c.at < span.until)
    rows = connection.execute(select(RATINGS.c.score, RATINGS.c.by).where(*given).order_by(RATINGS.c.at))
    return tuple(Rating(row.score, row.by) for row in rows)
