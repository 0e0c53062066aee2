"""Letting people in and putting them out; done by an administrator at the desk or on the command line."""

from datetime import timedelta

from sqlalchemy import Connection

from bot.access import sessions, staff
from bot.access.access import Access, Mistake
from bot.access.staff import Role
from bot.visitors import new_token
from conversations.deeds import OPERATOR, Deed
from conversations.store import invitations, staff_sessions, telegram_accounts
from conversations.store import staff as accounts
from conversations.store.invitations import Invitation
from conversations.store.staff import Account

INVITATION = timedelta(hours=24)


async def invite(access: Access, name: str, role: Role, by: str) -> str:
    """The token of a link by which somebody joins under this name.

    Raises:
        Mistake: "name", or "taken" by an account.
    """
    try:
        shown = staff.shown(name)
    except ValueError:
        raise Mistake("name") from None
    token, expires = new_token(), access.now() + INVITATION

    def body(connection: Connection) -> None:
        if accounts.by_login(connection, staff.compared(shown)):
            raise Mistake("taken")
        invitations.make(connection, Invitation(sessions.kept(token), role, expires, shown))
        access.audit.add(connection, by, Deed.INVITED, facts={"role": role})

    await access.store.write(body)
    return token


async def invite_first(access: Access) -> str | None:
    """The token of a link for the first administrator, who chooses the name; None once there is one.

    Earlier links of this kind are worthless from then on.
    """
    token, expires = new_token(), access.now() + INVITATION

    def body(connection: Connection) -> bool:
        if accounts.count(connection, Role.ADMINISTRATOR):
            return False
        invitations.withdraw(connection, nameless=True)
        invitations.make(connection, Invitation(sessions.kept(token), Role.ADMINISTRATOR, expires))
        access.audit.add(connection, OPERATOR, Deed.INVITED, facts={"role": Role.ADMINISTRATOR})
        return True

    return token if await access.store.write(body) else None


async def set_role(access: Access, id: str, role: Role, by: str) -> None:
    """In force with their next request.

    Raises:
        Mistake: "missing", or "last" when nobody could administer any more.
    """

    def body(connection: Connection) -> None:
        account = _found(connection, id)
        if role != Role.ADMINISTRATOR:
            _not_last(connection, account)
        accounts.change(connection, id, role=role)
        access.audit.add(connection, by, Deed.ROLE_CHANGED, facts={"staff": id, "role": role})

    await access.store.write(body)
    access.ended(id)


async def disable(access: Access, id: str, by: str) -> None:
    """Nobody signs in by this account, and its sessions end now.

    Raises:
        Mistake: "missing", or "last" when nobody could administer any more (an operator may all the same).
    """

    def body(connection: Connection) -> None:
        account = _found(connection, id)
        if by != OPERATOR:
            _not_last(connection, account)
        accounts.change(connection, id, disabled=access.now())
        staff_sessions.end_all(connection, id)
        invitations.withdraw(connection, staff=id)
        telegram_accounts.unlink(connection, id)
        access.audit.add(connection, by, Deed.DISABLED, facts={"staff": id})

    await access.store.write(body)
    access.ended(id)


async def enable(access: Access, id: str, by: str) -> None:
    """
    Raises:
        Mistake: "missing".
    """

    def body(connection: Connection) -> None:
        _found(connection, id)
        accounts.change(connection, id, disabled=None)
        access.audit.add(connection, by, Deed.ENABLED, facts={"staff": id})

    await access.store.write(body)


async def reset(access: Access, id: str, by: str) -> str:
    """The token of a link by which they choose new secrets; the old ones are worthless now.

    Raises:
        Mistake: "missing", or "disabled".
    """
    token, expires = new_token(), access.now() + INVITATION

    def body(connection: Connection) -> None:
        account = _found(connection, id)
        if account.disabled:
            raise Mistake("disabled")
        accounts.change(connection, id, password="", totp=None)
        accounts.set_codes(connection, id, ())
        telegram_accounts.unlink(connection, id)
        staff_sessions.end_all(connection, id)
        link = Invitation(sessions.kept(token), account.role, expires, account.name, id)
        invitations.make(connection, link)
        access.audit.add(connection, by, Deed.RESET, facts={"staff": id})

    await access.store.write(body)
    access.ended(id)
    return token


def _found(connection: Connection, id: str) -> Account:
    account = accounts.find(connection, id)
    if account is None:
        raise Mistake("missing")
    return account


def _not_last(connection: Connection, account: Account) -> None:
    only = accounts.count(connection, Role.ADMINISTRATOR) == 1
    if account.role == Role.ADMINISTRATOR and not account.disabled and only:
        raise Mistake("last")
