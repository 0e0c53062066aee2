"""What an assessment may use: standing consents, snapshots fetched under them, tokens, calls made today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from conversations.tables import AUTHORISATIONS, CALLS, CONSENTS, SNAPSHOTS
from scoring.sources.weibo_wire import DAILY_CALLS

DAY = timedelta(hours=24)


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
    account: str | None = None  #: handle or number agreed to


@dataclass(frozen=True)
class Reserved:
    """So many calls set aside."""

    id: int
    n: int


def consents(connection: Connection, session_id: str) -> dict[str, Agreed]:
    """The consents given and not withdrawn, by scope."""
    rows = connection.execute(
        select(CONSENTS)
        .where(CONSENTS.c.session_id == session_id, CONSENTS.c.withdrawn_at.is_(None))
        .order_by(CONSENTS.c.version)
    )
    return {row.scope: Agreed(row.scope, row.key, row.text_sha256, row.at, row.account) for row in rows}


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


def reserve(connection: Connection, account: str, now: datetime, wanted: int) -> Reserved:
    """Take up to so many calls of an account's day before they are made; `n` is 0 when none are left.

    Calls are counted per account, whoever asks, and stay counted when the conversation is erased.
    """
    if connection.dialect.name == "postgresql":  # one reservation of an account at a time
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(account))))
    connection.execute(delete(CALLS).where(CALLS.c.at <= now - DAY))
    made = connection.execute(
        select(func.coalesce(func.sum(CALLS.c.n), 0)).where(CALLS.c.account == account)
    ).scalar_one()
    free = max(0, min(wanted, DAILY_CALLS - int(made)))
    row = connection.execute(
        insert(CALLS).returning(CALLS.c.id), {"account": account, "at": now, "n": free}
    ).scalar_one()
    return Reserved(int(row), free)


def settle(connection: Connection, reserved: Reserved, used: int) -> None:
    """Give back what a reservation did not need."""
    connection.execute(update(CALLS).where(CALLS.c.id == reserved.id).values(n=used))


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
