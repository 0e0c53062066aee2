"""Links that let somebody in once: to join, or to choose new secrets. Tokens are kept hashed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, select

from conversations.tables_access import INVITATIONS


@dataclass(frozen=True)
class Invitation:
    """`name` is None where whoever comes chooses it; `staff` is an account that gets new secrets."""

    token: str
    role: str
    expires: datetime
    name: str | None = None
    staff: str | None = None


def make(connection: Connection, invitation: Invitation) -> None:
    """An account has one such link at a time: the newest."""
    if invitation.staff is not None:
        connection.execute(delete(INVITATIONS).where(INVITATIONS.c.staff == invitation.staff))
    connection.execute(insert(INVITATIONS), vars(invitation))


def find(connection: Connection, token: str, now: datetime) -> Invitation | None:
    """The invitation, unless it was used or its time is up."""
    standing = select(INVITATIONS).where(INVITATIONS.c.token == token, INVITATIONS.c.expires > now)
    row = connection.execute(standing).one_or_none()
    return None if row is None else _invitation(row)


def use(connection: Connection, token: str) -> bool:
    """Whether it was still there; nobody can use it now."""
    return connection.execute(delete(INVITATIONS).where(INVITATIONS.c.token == token)).rowcount == 1


def withdraw(connection: Connection, *, staff: str | None = None, nameless: bool = False) -> None:
    """Take back the links of an account, or those that let anybody choose a name."""
    if staff is not None:
        connection.execute(delete(INVITATIONS).where(INVITATIONS.c.staff == staff))
    if nameless:
        connection.execute(delete(INVITATIONS).where(INVITATIONS.c.name.is_(None)))


def standing(connection: Connection, now: datetime) -> list[Invitation]:
    """Those that can still be used, the newest first."""
    rows = select(INVITATIONS).where(INVITATIONS.c.expires > now).order_by(INVITATIONS.c.expires.desc())
    return [_invitation(row) for row in connection.execute(rows)]


def forget(connection: Connection, before: datetime, most: int) -> int:
    """Delete at most so many that expired before this time; how many it were."""
    old = select(INVITATIONS.c.token).where(INVITATIONS.c.expires < before).limit(most)
    return connection.execute(delete(INVITATIONS).where(INVITATIONS.c.token.in_(old))).rowcount


def _invitation(row: Row[tuple[object, ...]]) -> Invitation:
    return Invitation(row.token, row.role, row.expires, row.name, row.staff)
