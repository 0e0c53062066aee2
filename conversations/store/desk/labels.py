"""Labels: short words by which colleagues group conversations."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, func, select

from conversations.store.statements import insert_once
from conversations.tables_desk import LABELS

LONGEST = 24  #: characters of a label
KNOWN = 200  #: labels offered to choose from


def of(connection: Connection, ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The labels of these conversations, in order."""
    found: dict[str, list[str]] = {}
    if ids:
        query = select(LABELS).where(LABELS.c.session_id.in_(ids)).order_by(LABELS.c.label)
        for row in connection.execute(query):
            found.setdefault(row.session_id, []).append(row.label)
    return {session_id: tuple(labels) for session_id, labels in found.items()}


def known(connection: Connection) -> list[str]:
    """The labels in use, the commonest first."""
    uses = func.count()
    query = select(LABELS.c.label).group_by(LABELS.c.label).order_by(uses.desc(), LABELS.c.label).limit(KNOWN)
    return list(connection.execute(query).scalars())


def put(connection: Connection, session_id: str, label: str) -> bool:
    """Whether the conversation had not had it."""
    return insert_once(connection, LABELS, {"session_id": session_id, "label": label})


def take(connection: Connection, session_id: str, label: str) -> bool:
    """Whether the conversation had it."""
    had = delete(LABELS).where(LABELS.c.session_id == session_id, LABELS.c.label == label)
    return connection.execute(had).rowcount == 1
