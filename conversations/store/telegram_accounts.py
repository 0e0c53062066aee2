"""Which account on Telegram is which colleague's, and the codes by which they show it. Codes are hashed."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select

from conversations.store import staff as accounts
from conversations.store.staff import Account
from conversations.store.statements import upsert
from conversations.tables_access import STAFF
from conversations.tables_group import ACCOUNTS, CODES


def offer(connection: Connection, staff: str, code: str, expires: datetime) -> None:
    """Keep a code in place of an earlier one of theirs."""
    row = {"staff": staff, "code": code, "expires": expires}
    connection.execute(upsert(CODES, connection.dialect.name), row)


def use(connection: Connection, code: str, now: datetime) -> str | None:
    """Whose code that is, which nobody can use again; None where it is nobody's, or its time is up."""
    standing = (CODES.c.code == code, CODES.c.expires > now)
    found: str | None = connection.execute(select(CODES.c.staff).where(*standing)).scalar_one_or_none()
    gone = connection.execute(delete(CODES).where(CODES.c.code == code)).rowcount
    return found if gone else None


def link(connection: Connection, user: int, staff: str, now: datetime) -> None:
    """This account and this colleague belong together, and to nobody else any more."""
    connection.execute(delete(ACCOUNTS).where(or_(ACCOUNTS.c.user == user, ACCOUNTS.c.staff == staff)))
    connection.execute(insert(ACCOUNTS), {"user": user, "staff": staff, "at": now})


def unlink(connection: Connection, staff: str) -> bool:
    """Whether there was an account or a code of theirs; there is none now."""
    codes = connection.execute(delete(CODES).where(CODES.c.staff == staff)).rowcount
    return connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.staff == staff)).rowcount + codes > 0


def linked(connection: Connection, staff: str) -> bool:
    found = select(ACCOUNTS.c.user).where(ACCOUNTS.c.staff == staff)
    return connection.execute(found).first() is not None


def anybody(connection: Connection) -> bool:
    """Whether a colleague who can answer reads along in the group."""
    theirs = select(ACCOUNTS.c.user).join(STAFF, ACCOUNTS.c.staff == STAFF.c.id)
    return connection.execute(theirs.where(*accounts.ABLE).limit(1)).first() is not None


def whose(connection: Connection, user: int) -> Account | None:
    """The colleague of an account, as long as they are not disabled."""
    mine = select(STAFF).join(ACCOUNTS, ACCOUNTS.c.staff == STAFF.c.id)
    row = connection.execute(mine.where(ACCOUNTS.c.user == user, STAFF.c.disabled.is_(None))).one_or_none()
    return None if row is None else accounts.account(row)


def language(connection: Connection) -> str | None:
    """What most of those read who are known in the group; None where nobody has said."""
    theirs = select(STAFF.c.language).join(ACCOUNTS, ACCOUNTS.c.staff == STAFF.c.id)
    told = connection.execute(theirs.where(STAFF.c.language.is_not(None))).scalars()
    return next((tag for tag, _ in Counter(sorted(told)).most_common(1)), None)


def forget(connection: Connection, before: datetime, most: int) -> int:
    """Delete at most so many codes that expired before this time; how many it were."""
    old = select(CODES.c.staff).where(CODES.c.expires < before).limit(most)
    return connection.execute(delete(CODES).where(CODES.c.staff.in_(old))).rowcount
