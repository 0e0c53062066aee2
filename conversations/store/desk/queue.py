"""The queue and its views: a page of conversations at a time, found through an index at any size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, literal_column, or_, select

from conversations.store.desk import labels
from conversations.tables import CONTACTS, MESSAGES, SESSIONS
from conversations.tables_desk import LABELS, MENTIONS, READS, TO_DECIDE

PAGE = 50
MOST = 1000  #: counted of one view; more are "999+"

#: written out: an index of some rows only serves a query that names them as the index does
_BOT: ColumnElement[str] = literal_column("'bot'")


class View(StrEnum):
    WAITING = "waiting"  #: a person is wanted, and nobody has the word
    DECISIONS = "decisions"  #: a colleague has to decide, again or together with another
    MINE = "mine"
    UNASSIGNED = "unassigned"  #: the bot has the word
    ALL = "all"
    SNOOZED = "snoozed"
    MENTIONS = "mentions"  #: a colleague has named me in a note


@dataclass(frozen=True)
class Asked:
    """Which conversations: of a view, of those only such with a label or a reason; from after a place on."""

    view: View = View.WAITING
    label: str | None = None
    why: str | None = None
    after: "Place | None" = None


@dataclass(frozen=True)
class Place:
    """The last line of a page: the next one begins after it, whatever has moved meanwhile."""

    key: datetime
    id: str

    def __str__(self) -> str:
        return f"{self.key.isoformat()}~{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """
        Raises:
            ValueError: it is no place.
        """
        key, mark, id = text.partition("~")
        at = datetime.fromisoformat(key)
        if not mark or at.tzinfo is None:
            raise ValueError(text)
        return cls(at, id)


@dataclass(frozen=True)
class Last:
    """The newest message of a conversation."""

    sender: str
    kind: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """One conversation as the queue shows it."""

    id: str
    name: str
    stage: str
    language: str
    holder: str
    person: str | None
    person_since: datetime | None
    answer_by: datetime | None
    priority: int
    snoozed_until: datetime | None
    conditions: str  #: how each stands, with commas between
    updated: datetime
    last: Last | None
    unread: int = 0
    labels: tuple[str, ...] = ()
    channel: str | None = None
    found: str | None = None  #: the words that were looked for, with those around them


@dataclass(frozen=True)
class Page:
    """Some lines, and where the next begin: after a place in the view, or before one of what was found."""

    lines: tuple[Line, ...]
    next: Place | None = None
    words: str | None = None  #: that were looked for
    before: int | None = None


@dataclass(frozen=True)
class _Shape:
    """How a view is selected and ordered; `key` is its order's column."""

    where: tuple[ColumnElement[bool], ...]
    key: ColumnElement[Any]
    newest_first: bool = field(default=False)


_COLUMNS = (
    SESSIONS.c.id,
    SESSIONS.c.name,
    SESSIONS.c.stage,
    SESSIONS.c.language,
    SESSIONS.c.holder,
    SESSIONS.c.person,
    SESSIONS.c.person_since,
    SESSIONS.c.answer_by,
    SESSIONS.c.priority,
    SESSIONS.c.snoozed_until,
    SESSIONS.c.conditions,
    SESSIONS.c.updated,
    MESSAGES.c.sender,
    MESSAGES.c.kind,
    MESSAGES.c.text,
    MESSAGES.c.at,
)
_NEWEST_MESSAGE = and_(MESSAGES.c.session_id == SESSIONS.c.id, MESSAGES.c.n == SESSIONS.c.counter)


def page(connection: Connection, asked: Asked, me: str, now: datetime) -> Page:
    """One page of a view, with what I have not read."""
    shape = _shape(asked.view, me, now)
    query = _placed(_narrowed(_lines().where(*shape.where), asked), shape, asked.after).limit(PAGE + 1)
    rows = connection.execute(query).all()
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    following = Place(getattr(last, shape.key.key or ""), last.id) if last is not None else None
    return Page(tuple(_complete(connection, shown, me)), following)


def lines(connection: Connection, ids: Sequence[str], me: str) -> list[Line]:
    """These conversations, in this order."""
    rows = connection.execute(_lines().where(SESSIONS.c.id.in_(ids))).all() if ids else []
    found = {line.id: line for line in _complete(connection, rows, me)}
    return [found[id] for id in ids if id in found]


def named(connection: Connection, session_id: str) -> str:
    """What a merchant's shop is called, as far as it is known."""
    query = select(SESSIONS.c.name).where(SESSIONS.c.id == session_id)
    return connection.execute(query).scalar_one_or_none() or ""


def counts(connection: Connection, me: str, now: datetime) -> Mapping[View, int]:
    """How many there are in each view, counted up to `MOST`."""
    return {view: _count(connection, _shape(view, me, now)) for view in View}


def overdue(connection: Connection, now: datetime) -> int:
    """How many of those who wait should have heard from a person by now."""
    shape = _shape(View.WAITING, "", now)
    return _count(connection, _Shape((*shape.where, SESSIONS.c.answer_by < now), shape.key))


def _count(connection: Connection, shape: _Shape) -> int:
    some = select(SESSIONS.c.id).where(*shape.where).limit(MOST).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _lines() -> Select[Any]:
    return select(*_COLUMNS).select_from(SESSIONS.outerjoin(MESSAGES, _NEWEST_MESSAGE))


def _shape(view: View, me: str, now: datetime) -> _Shape:
    asleep, s = SESSIONS.c.snoozed_until, SESSIONS.c
    mine = select(MENTIONS.c.session_id).where(MENTIONS.c.staff == me)
    return {
        View.WAITING: _Shape((s.answer_by.is_not(None), or_(asleep.is_(None), asleep <= now)), s.answer_by),
        View.DECISIONS: _Shape((TO_DECIDE,), s.person_since),
        View.MINE: _Shape((s.holder == me, s.holder != _BOT), s.updated, newest_first=True),
        View.UNASSIGNED: _Shape((s.holder == _BOT,), s.updated, newest_first=True),
        View.SNOOZED: _Shape((asleep.is_not(None), asleep > now), s.snoozed_until),
        View.MENTIONS: _Shape((s.id.in_(mine),), s.updated, newest_first=True),
        View.ALL: _Shape((), s.updated, newest_first=True),
    }[view]


def _narrowed(query: Select[Any], asked: Asked) -> Select[Any]:
    if asked.label is not None:
        labelled = select(LABELS.c.session_id).where(LABELS.c.label == asked.label)
        query = query.where(SESSIONS.c.id.in_(labelled))
    return query if asked.why is None else query.where(SESSIONS.c.person == asked.why)


def _placed(query: Select[Any], shape: _Shape, after: Place | None) -> Select[Any]:
    """In the view's order, from after a place on."""
    key, id = shape.key, SESSIONS.c.id
    if after is not None:
        # the first condition alone finds the place in the index, the second leaves out who shares the moment
        beyond, level = (key < after.key, key <= after.key) if shape.newest_first else (
            key > after.key, key >= after.key
        )  # fmt: skip
        further = id < after.id if shape.newest_first else id > after.id
        query = query.where(level, or_(beyond, further))
    return query.order_by(key.desc(), id.desc()) if shape.newest_first else query.order_by(key, id)


def _complete(connection: Connection, rows: Sequence[Row[Any]], me: str) -> Iterable[Line]:
    """Rows with what other tables tell of them."""
    ids = [row.id for row in rows]
    unread, channels = _unread(connection, ids, me), _channels(connection, ids)
    marked = labels.of(connection, ids)
    for row in rows:
        last = None if row.at is None else Last(row.sender, row.kind, row.text, row.at)
        known = {name: getattr(row, name) for name in _SHARED}
        yield Line(
            **known,
            last=last,
            unread=unread.get(row.id, 0),
            labels=marked.get(row.id, ()),
            channel=channels.get(row.id),
        )


_SHARED = tuple(column.name for column in _COLUMNS if column.table is SESSIONS)


def _unread(connection: Connection, ids: Sequence[str], me: str) -> Mapping[str, int]:
    """How many of the merchant's messages I have not seen."""
    seen = and_(READS.c.session_id == MESSAGES.c.session_id, READS.c.staff == me)
    query = (
        select(MESSAGES.c.session_id, func.count())
        .select_from(MESSAGES.outerjoin(READS, seen))
        .where(
            MESSAGES.c.session_id.in_(ids),
            MESSAGES.c.sender == "merchant",
            MESSAGES.c.n > func.coalesce(READS.c.n, 0),
        )
        .group_by(MESSAGES.c.session_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)} if ids else {}


def _channels(connection: Connection, ids: Sequence[str]) -> Mapping[str, str]:
    query = select(CONTACTS.c.session_id, CONTACTS.c.channel).where(CONTACTS.c.session_id.in_(ids))
    return {row.session_id: row.channel for row in connection.execute(query)} if ids else {}
