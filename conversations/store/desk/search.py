"""Finding conversations by their words: shop, account, telephone number, or anything said.

Beside each conversation stands the plain text of it, and which pieces it has: in PostgreSQL's own index, on
SQLite in a table. A full-text engine that merges its files now and then could not promise that nothing stays
behind of a conversation that is erased; deleted rows of a table are overwritten at once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Select,
    Text,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from conversations import findable, session
from conversations.session import BOT
from conversations.tables import MESSAGES, SESSIONS
from conversations.tables_desk import FINDABLE, PIECES

ENOUGH = 2000  #: a piece that so many conversations have narrows nothing down
NARROWING = 5  #: pieces that are looked up, the rarest
AT_ONCE = 100  #: conversations brought up to date in one transaction
AROUND = 24  #: characters shown on either side of what was found

_KEPT = insert(FINDABLE).returning(FINDABLE.c.id)
_UNPIECE = delete(PIECES).where(PIECES.c.piece == bindparam("one"), PIECES.c.conversation == bindparam("of"))


@dataclass(frozen=True)
class Found:
    session_id: str
    place: int  #: where the next page goes on
    words: str  #: what was found, with the words around it


@dataclass(frozen=True)
class _Stale:
    """A conversation whose words have changed since they were last noted."""

    session_id: str
    id: int | None
    name: str
    counter: int
    text: str  #: as it was noted before
    accounts: tuple[str, ...]


def find(connection: Connection, words: str, before: int | None, most: int) -> list[Found]:
    """The newest conversations that have these words, from before a place on.

    Raises:
        ValueError: too few words to look for.
    """
    wanted = findable.plain(words)
    pieces = sorted(findable.pieces(wanted))[: findable.PIECES]
    if not pieces:
        raise ValueError("too few words")
    query, number = _with_pieces(connection, pieces)
    place = func.strpos if _is_postgresql(connection) else func.instr
    query = query.where(place(FINDABLE.c.text, wanted) > 0).order_by(number.desc()).limit(most)
    if before is not None:
        query = query.where(number < before)
    return [Found(row.session_id, row.id, _around(row.text, wanted)) for row in connection.execute(query)]


def _with_pieces(
    connection: Connection, pieces: Sequence[str]
) -> tuple[Select[tuple[str, int, str]], ColumnElement[int]]:
    """The conversations that have all of these pieces, and the number by which they are in order.

    On SQLite that of the rarest piece: its rows are in order, and the newest are found without the rest.
    """
    query = select(FINDABLE.c.session_id, FINDABLE.c.id, FINDABLE.c.text)
    if _is_postgresql(connection):
        has_all = FINDABLE.c.pieces.bool_op("@>")(literal(list(pieces), ARRAY(Text)))
        return query.where(has_all), FINDABLE.c.id
    rarest, *others = _rarest(connection, pieces)
    first = PIECES.alias()
    query = query.join(first, first.c.conversation == FINDABLE.c.id).where(first.c.piece == rarest)
    for piece in others:
        same = PIECES.alias()
        query = query.where(exists().where(same.c.piece == piece, same.c.conversation == FINDABLE.c.id))
    return query, first.c.conversation


def _rarest(connection: Connection, pieces: Sequence[str]) -> list[str]:
    """The pieces that tell most, rarest first."""
    counted = {piece: _uses(connection, piece) for piece in pieces}
    return sorted(counted, key=lambda piece: (counted[piece], piece))[:NARROWING]


def _uses(connection: Connection, piece: str) -> int:
    some = select(PIECES.c.conversation).where(PIECES.c.piece == piece).limit(ENOUGH).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _around(text: str, wanted: str) -> str:
    """What was found with its neighbours, as far as the line goes."""
    place = text.find(wanted)
    start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    end = len(text) if end < 0 else end
    return text[max(start, place - AROUND) : min(end, place + len(wanted) + AROUND)]


def stale(connection: Connection, since: datetime, until: datetime) -> list[tuple[str, datetime]]:
    """Conversations changed between two moments whose words are to be noted, those that changed first.

    At most `AT_ONCE` of them, with when they changed.
    """
    changed = SESSIONS.c.updated.between(since, until)
    query = _KNOWN.where(changed, _BEHIND).order_by(SESSIONS.c.updated).limit(AT_ONCE)
    return [(row.session_id, row.updated) for row in connection.execute(query)]


def note(connection: Connection, ids: Sequence[str]) -> None:
    """Note the words of these conversations; nobody changes them meanwhile."""
    locked = select(SESSIONS.c.id).where(SESSIONS.c.id.in_(ids)).order_by(SESSIONS.c.id).with_for_update()
    connection.execute(locked)
    said = _said(connection, ids)
    behind = _WHOLE.where(SESSIONS.c.id.in_(ids), _BEHIND).order_by(SESSIONS.c.updated)
    for row in connection.execute(behind).all():
        found = _Stale(row.session_id, row.id, row.name, row.counter, row.text or "", _accounts(row.state))
        _note(connection, found, _text(found, said.get(row.session_id, ())))


def forget(connection: Connection, session_id: str) -> None:
    """Leave nothing of a conversation's words."""
    query = select(FINDABLE.c.id, FINDABLE.c.text).where(FINDABLE.c.session_id == session_id)
    row = connection.execute(query).one_or_none()
    if row is not None:
        if not _is_postgresql(connection):
            _unpiece(connection, row.id, _pieces(row.text))
        connection.execute(delete(FINDABLE).where(FINDABLE.c.id == row.id))


_AND_FINDABLE = SESSIONS.outerjoin(FINDABLE, FINDABLE.c.session_id == SESSIONS.c.id)
_KNOWN = select(SESSIONS.c.id.label("session_id"), SESSIONS.c.updated).select_from(_AND_FINDABLE)
_WHOLE = select(
    SESSIONS.c.id.label("session_id"),
    SESSIONS.c.state,
    SESSIONS.c.name,
    SESSIONS.c.counter,
    FINDABLE.c.id,
    FINDABLE.c.text,
).select_from(_AND_FINDABLE)
_BEHIND = or_(FINDABLE.c.id.is_(None), FINDABLE.c.n != SESSIONS.c.counter, FINDABLE.c.name != SESSIONS.c.name)


def _accounts(state: str) -> tuple[str, ...]:
    """What the merchant's accounts are called."""
    held = session.load(state).accounts.values()
    return tuple(name for each in held for name in (each.screen_name, each.handle) if name)


def _said(connection: Connection, ids: Sequence[str]) -> Mapping[str, list[str]]:
    """What people said in these conversations; the bot's own words are everybody's."""
    query = (
        select(MESSAGES.c.session_id, MESSAGES.c.text)
        .where(MESSAGES.c.session_id.in_(ids), MESSAGES.c.sender != BOT)
        .order_by(MESSAGES.c.session_id, MESSAGES.c.n)
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(query) if ids else ():
        found.setdefault(row.session_id, []).append(row.text)
    return found


def _text(stale: _Stale, said: Sequence[str]) -> str:
    """The names first, then what was said, the newest of it where it is too much."""
    names = "\n".join(dict.fromkeys(findable.plain(name) for name in (stale.name, *stale.accounts) if name))
    words = "\n".join(findable.plain(text) for text in said)
    return f"{names}\n{words[-findable.LONGEST :]}".strip()


def _note(connection: Connection, stale: _Stale, text: str) -> None:
    before, now = _pieces(stale.text), _pieces(text)
    kept = sorted(now) if _is_postgresql(connection) else ""
    values = {"n": stale.counter, "name": stale.name, "text": text, "pieces": kept}
    if stale.id is None:
        id = int(connection.execute(_KEPT, {"session_id": stale.session_id, **values}).scalar_one())
    else:
        id = stale.id
        connection.execute(update(FINDABLE).where(FINDABLE.c.id == id).values(**values))
    if not _is_postgresql(connection):
        _unpiece(connection, id, before - now)
        if more := sorted(now - before):
            connection.execute(insert(PIECES), [{"piece": piece, "conversation": id} for piece in more])


def _unpiece(connection: Connection, id: int, pieces: Collection[str]) -> None:
    if pieces:
        connection.execute(_UNPIECE, [{"one": piece, "of": id} for piece in sorted(pieces)])


def _pieces(text: str) -> frozenset[str]:
    return frozenset().union(*(findable.pieces(line) for line in text.split("\n")))
