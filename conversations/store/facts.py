"""What an assessment may use: standing consents, snapshots fetched under them, tokens, calls made today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from conversations.tables import AUTHORISATIONS, CONSENTS, SNAPSHOTS


@dataclass(frozen=True)
class Snapshot:
    """What a source showed about an account at one time; `calls` is what that cost of its daily budget."""

    uid: str
    data: Mapping[str, Any]
    calls: int
    fetched_at: datetime


@dataclass(frozen=True)
class Agreed:
    """A consent that stands, and the text it was given to."""

    scope: str
    key: str
    text_sha256: str
    at: datetime


def consents(connection: Connection, session_id: str) -> dict[str, Agreed]:
    """The consents given and not withdrawn, by scope."""
    rows = connection.execute(
        select(CONSENTS)
        .where(CONSENTS.c.session_id == session_id, CONSENTS.c.withdrawn_at.is_(None))
        .order_by(CONSENTS.c.version)
    )
    return {row.scope: Agreed(row.scope, row.key, row.text_sha256, row.at) for row in rows}


def newest(connection: Connection, session_id: str, account: str, uid: str) -> Snapshot | None:
    row = connection.execute(
        select(SNAPSHOTS)
        .where(SNAPSHOTS.c.session_id == session_id, SNAPSHOTS.c.account == account, SNAPSHOTS.c.uid == uid)
        .order_by(SNAPSHOTS.c.fetched_at.desc(), SNAPSHOTS.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Snapshot(row.uid, row.data, row.calls, row.fetched_at)


def shared(connection: Connection, uid: str, since: datetime) -> Snapshot | None:
    """The newest complete snapshot of this account since then, whichever conversation it was read for."""
    rows = connection.execute(
        select(SNAPSHOTS)
        .where(SNAPSHOTS.c.uid == uid, SNAPSHOTS.c.fetched_at >= since)
        .order_by(SNAPSHOTS.c.fetched_at.desc(), SNAPSHOTS.c.id.desc())
    )
    whole = (row for row in rows if not row.data.get("partial"))
    return next((Snapshot(row.uid, row.data, 0, row.fetched_at) for row in whole), None)


def keep(connection: Connection, session_id: str, account: str, snapshot: Snapshot) -> None:
    """Keep a snapshot, unless the consent it was fetched under has gone meanwhile."""
    if account in consents(connection, session_id):
        connection.execute(
            insert(SNAPSHOTS),
            {
                "session_id": session_id,
                "account": account,
                "uid": snapshot.uid,
                "data": dict(snapshot.data),
                "calls": snapshot.calls,
                "fetched_at": snapshot.fetched_at,
            },
        )


def calls_since(connection: Connection, uid: str, start: datetime) -> int:
    """How many calls were made about this account since then, whoever asked."""
    made = select(func.coalesce(func.sum(SNAPSHOTS.c.calls), 0))
    return int(
        connection.execute(made.where(SNAPSHOTS.c.uid == uid, SNAPSHOTS.c.fetched_at >= start)).scalar_one()
    )


def token(connection: Connection, session_id: str, account: str, uid: str) -> str | None:
    """The sealed token of a connected account."""
    row = connection.execute(
        select(AUTHORISATIONS.c.sealed_token).where(
            AUTHORISATIONS.c.session_id == session_id,
            AUTHORISATIONS.c.account == account,
            AUTHORISATIONS.c.uid == uid,
        )
    ).one_or_none()
    return None if row is None else str(row.sealed_token)
