"""What was asked and answered in conversations begun over a span of time, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from conversations.session import BOT
from conversations.store.desk.counts import Span
from conversations.tables import ANSWERS, MESSAGES, SESSIONS

_MERCHANT = "merchant"
_DID_NOT_DO = ("unclear.", "problem.", "doubt.")
_M = MESSAGES.c


@dataclass(frozen=True)
class Line:
    """A question of `step`, a word on an answer that did not do as it was, or something the merchant said."""

    at: datetime
    step: str | None = None
    unclear: bool = False
    merchant: bool = False


@dataclass(frozen=True)
class Given:
    """An answer; `again` where it took the place of an earlier one."""

    step: str
    again: bool = False


@dataclass(frozen=True)
class Conversation:
    """Where one application stands, and what was said and given in it, in order."""

    stage: str
    lines: tuple[Line, ...]
    given: tuple[Given, ...]


def conversations(connection: Connection, span: Span) -> list[Conversation]:
    """Those begun in the span; of what was erased nothing is left to be counted."""
    begun = and_(SESSIONS.c.created >= span.since, SESSIONS.c.created < span.until)
    given = _given(connection, begun)
    asked = and_(
        _M.sender == BOT, or_(_M.step.is_not(None), *(_M.key.startswith(each) for each in _DID_NOT_DO))
    )
    said = (
        select(SESSIONS.c.id, SESSIONS.c.stage, _M.at, _M.step, _M.key, _M.sender)
        .join(MESSAGES, _M.session_id == SESSIONS.c.id)
        .where(begun, or_(_M.sender == _MERCHANT, asked))
        .order_by(SESSIONS.c.id, _M.n)
    )
    found = groupby(connection.execute(said), key=lambda row: (row.id, row.stage))
    return [
        Conversation(stage, tuple(_line(*row[2:]) for row in rows), given.get(id, ()))
        for (id, stage), rows in found
    ]


def _given(connection: Connection, begun: ColumnElement[bool]) -> Mapping[str, tuple[Given, ...]]:
    answers = (
        select(SESSIONS.c.id, ANSWERS.c.step, ANSWERS.c.version)
        .join(ANSWERS, ANSWERS.c.session_id == SESSIONS.c.id)
        .where(begun)
        .order_by(SESSIONS.c.id)
    )
    each = groupby(connection.execute(answers), key=attrgetter("id"))
    return {id: tuple(Given(row.step, row.version > 1) for row in rows) for id, rows in each}


def _line(at: datetime, step: str | None, key: str | None, sender: str) -> Line:
    return Line(at, step, (key or "").startswith(_DID_NOT_DO), sender == _MERCHANT)
