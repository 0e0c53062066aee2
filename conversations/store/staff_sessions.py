"""Who is signed in: a row a browser, gone as soon as the session is ended. Tokens are kept hashed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, insert, select, update

from conversations.store import staff
from conversations.store.staff import Account
from conversations.tables_access import STAFF, STAFF_SESSIONS

IDLE = timedelta(minutes=30)  #: without a request, after which a session has ended
LONGEST = timedelta(hours=12)  #: that one lasts, however busy


@dataclass(frozen=True)
class StaffSession:
    """One browser's session; `seen` is when it last asked for something, `confirmed` when it was proven."""

    token: str
    staff: str
    browser: str
    created: datetime
    seen: datetime
    confirmed: datetime


def begin(connection: Connection, session: StaffSession) -> None:
    connection.execute(insert(STAFF_SESSIONS), vars(session))


def find(connection: Connection, token: str) -> tuple[StaffSession, Account] | None:
    """The session and whose it is, as long as they are not disabled."""
    found = (
        select(STAFF, *[column.label(f"session_{column.name}") for column in STAFF_SESSIONS.c])
        .join(STAFF_SESSIONS, STAFF_SESSIONS.c.staff == STAFF.c.id)
        .where(STAFF_SESSIONS.c.token == token, STAFF.c.disabled.is_(None))
    )
    row = connection.execute(found).one_or_none()
    if row is None:
        return None
    columns = {column.name: getattr(row, f"session_{column.name}") for column in STAFF_SESSIONS.c}
    return StaffSession(**columns), staff.account(row)


def of(connection: Connection, id: str) -> list[StaffSession]:
    """All sessions of one member of staff, the newest first."""
    theirs = select(STAFF_SESSIONS).where(STAFF_SESSIONS.c.staff == id)
    return [_session(row) for row in connection.execute(theirs.order_by(STAFF_SESSIONS.c.created.desc()))]


def anybody(connection: Connection, now: datetime) -> bool:
    """Whether a colleague who can answer is signed in."""
    present = (STAFF_SESSIONS.c.seen > now - IDLE, STAFF_SESSIONS.c.created > now - LONGEST)
    theirs = select(STAFF_SESSIONS.c.token).join(STAFF, STAFF_SESSIONS.c.staff == STAFF.c.id)
    return connection.execute(theirs.where(*staff.ABLE, *present).limit(1)).first() is not None


def seen(connection: Connection, token: str, at: datetime) -> None:
    connection.execute(update(STAFF_SESSIONS).where(STAFF_SESSIONS.c.token == token).values(seen=at))


def confirm(connection: Connection, token: str, at: datetime) -> None:
    connection.execute(update(STAFF_SESSIONS).where(STAFF_SESSIONS.c.token == token).values(confirmed=at))


def end(connection: Connection, token: str) -> bool:
    """Whether it was there."""
    return connection.execute(delete(STAFF_SESSIONS).where(STAFF_SESSIONS.c.token == token)).rowcount == 1


def end_all(connection: Connection, id: str, *, but: str | None = None) -> int:
    """End every session of one member of staff, except perhaps one; how many that were."""
    gone = delete(STAFF_SESSIONS).where(STAFF_SESSIONS.c.staff == id)
    return connection.execute(gone if but is None else gone.where(STAFF_SESSIONS.c.token != but)).rowcount


def forget(connection: Connection, before: datetime, most: int) -> int:
    """Delete at most so many sessions begun before this time; how many it were."""
    old = select(STAFF_SESSIONS.c.token).where(STAFF_SESSIONS.c.created < before).limit(most)
    return connection.execute(delete(STAFF_SESSIONS).where(STAFF_SESSIONS.c.token.in_(old))).rowcount


def _session(row: Row[tuple[object, ...]]) -> StaffSession:
    return StaffSession(row.token, row.staff, row.browser, row.created, row.seen, row.confirmed)
