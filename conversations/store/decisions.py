"""Decisions as they were kept, in the order in which they were made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from conversations.tables import DECISIONS


@dataclass(frozen=True)
class Kept:
    """A stored decision with the inputs it was made from."""

    id: int
    inputs: Mapping[str, Any]
    decision: Mapping[str, Any]


def count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(DECISIONS)).scalar_one())


def inputs(connection: Connection, session_id: str, decision_id: str) -> Mapping[str, Any] | None:
    """What a decision of a conversation was made from; the newest, where the same was reached twice."""
    theirs = (DECISIONS.c.session_id == session_id, DECISIONS.c.decision_id == decision_id)
    newest = select(DECISIONS.c.inputs).where(*theirs).order_by(DECISIONS.c.id.desc()).limit(1)
    found: Mapping[str, Any] | None = connection.execute(newest).scalar_one_or_none()
    return found


def after(connection: Connection, last: int, most: int) -> list[Kept]:
    """The next ones after a row's number, so that reading them all holds few at a time."""
    query = select(DECISIONS.c.id, DECISIONS.c.inputs, DECISIONS.c.decision)
    rows = connection.execute(query.where(DECISIONS.c.id > last).order_by(DECISIONS.c.id).limit(most))
    return [Kept(row.id, row.inputs, row.decision) for row in rows]
