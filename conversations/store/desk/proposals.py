"""Decisions that take two, as they were proposed; a row is settled once, and says the same for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from conversations.requests import KeepProposal, SettleProposal
from conversations.tables_desk import PROPOSALS


@dataclass(frozen=True)
class Proposal:
    id: str
    proposer: str
    made: datetime
    over: str | None
    ruling: Mapping[str, Any]
    difference: Mapping[str, Any]
    comment: str
    expires: datetime
    state: str
    settler: str | None
    settled: datetime | None
    answer: str


def of(connection: Connection, session_id: str) -> list[Proposal]:
    """What was proposed of a conversation, the newest first."""
    theirs = select(PROPOSALS).where(PROPOSALS.c.session_id == session_id)
    rows = connection.execute(theirs.order_by(PROPOSALS.c.made.desc(), PROPOSALS.c.id)).mappings()
    return [Proposal(**{name: row[name] for name in _FIELDS}) for row in rows]


_FIELDS = tuple(Proposal.__dataclass_fields__)


def add(connection: Connection, session_id: str, new: KeepProposal, now: datetime) -> None:
    row = {
        "id": new.id,
        "session_id": session_id,
        "proposer": new.by,
        "made": now,
        "over": new.over,
        "ruling": dict(new.ruling),
        "difference": dict(new.difference),
        "comment": new.comment,
        "expires": new.expires,
        "state": "open",
    }
    connection.execute(insert(PROPOSALS), row)


def settle(connection: Connection, session_id: str, settled: SettleProposal, now: datetime) -> None:
    """
    Raises:
        LookupError: it is not open any more, or was never made of this conversation.
        sqlalchemy.exc.IntegrityError: whoever made it would confirm it.
    """
    theirs = (PROPOSALS.c.id == settled.id, PROPOSALS.c.session_id == session_id, PROPOSALS.c.state == "open")
    became = {"state": settled.how, "settler": settled.by, "settled": now, "answer": settled.comment}
    if connection.execute(update(PROPOSALS).where(*theirs).values(**became)).rowcount != 1:
        raise LookupError(f"no open proposal {settled.id}")
