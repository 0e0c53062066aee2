"""Accounts of the desk: who they are, what they may do, and what they prove themselves by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from conversations.tables_access import RECOVERY_CODES, STAFF

READS_ONLY = "auditor"  #: the role that answers nobody
#: who can answer a merchant
ABLE = (STAFF.c.disabled.is_(None), STAFF.c.role != READS_ONLY)


@dataclass(frozen=True)
class Account:
    """A member of staff with the secrets, as they are kept: hashed and sealed."""

    id: str
    login: str
    name: str
    role: str
    password: str
    created: datetime
    totp: str | None = None
    totp_step: int | None = None
    language: str | None = None
    disabled: datetime | None = None


def add(connection: Connection, account: Account) -> None:
    connection.execute(insert(STAFF), vars(account))


def find(connection: Connection, id: str) -> Account | None:
    return _one(connection.execute(select(STAFF).where(STAFF.c.id == id)).one_or_none())


def by_login(connection: Connection, login: str) -> Account | None:
    return _one(connection.execute(select(STAFF).where(STAFF.c.login == login)).one_or_none())


def everyone(connection: Connection) -> list[Account]:
    return [account(row) for row in connection.execute(select(STAFF).order_by(STAFF.c.created, STAFF.c.id))]


def names(connection: Connection) -> dict[str, str]:
    """What to call each member of staff, the disabled ones too."""
    return {row.id: row.name for row in connection.execute(select(STAFF.c.id, STAFF.c.name))}


def count(connection: Connection, role: str) -> int:
    """How many of this role can sign in."""
    able = select(func.count()).select_from(STAFF).where(STAFF.c.role == role, STAFF.c.disabled.is_(None))
    return int(connection.execute(able).scalar_one())


def change(connection: Connection, id: str, **values: object) -> bool:
    """Set columns of one account; whether there is such an account."""
    return connection.execute(update(STAFF).where(STAFF.c.id == id).values(**values)).rowcount == 1


def use_step(connection: Connection, id: str, step: int) -> bool:
    """Whether the code of this step had not been taken, nor one of a later step; it is now."""
    fresh = or_(STAFF.c.totp_step.is_(None), STAFF.c.totp_step < step)
    taken = update(STAFF).where(STAFF.c.id == id, fresh).values(totp_step=step)
    return connection.execute(taken).rowcount == 1


def set_codes(connection: Connection, id: str, hashes: Iterable[str]) -> None:
    """These recovery codes in place of all earlier ones."""
    connection.execute(delete(RECOVERY_CODES).where(RECOVERY_CODES.c.staff == id))
    rows = [{"staff": id, "code": code} for code in hashes]
    if rows:
        connection.execute(insert(RECOVERY_CODES), rows)


def use_code(connection: Connection, id: str, code: str) -> bool:
    """Whether the code was one of theirs; it is not any more."""
    used = delete(RECOVERY_CODES).where(RECOVERY_CODES.c.staff == id, RECOVERY_CODES.c.code == code)
    return connection.execute(used).rowcount == 1


def codes_left(connection: Connection, id: str) -> int:
    left = select(func.count()).select_from(RECOVERY_CODES).where(RECOVERY_CODES.c.staff == id)
    return int(connection.execute(left).scalar_one())


def account(row: Row[Any]) -> Account:
    """The account in a row that holds all its columns."""
    return Account(**{column.name: getattr(row, column.name) for column in STAFF.c})


def _one(row: Row[Any] | None) -> Account | None:
    return None if row is None else account(row)
