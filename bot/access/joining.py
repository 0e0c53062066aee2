"""Coming in by a link: choose a password, set up the second step, and be signed in."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.access import passwords, recovery, sessions, staff, totp
from bot.access.access import Access, Mistake, Where, begun
from bot.access.staff import Role
from bot.visitors import new_token
from conversations.deeds import Deed, Facts
from conversations.store import invitations, staff_sessions
from conversations.store import staff as accounts
from conversations.store.invitations import Invitation
from conversations.store.staff import Account


@dataclass(frozen=True)
class Wanted:
    """What whoever comes has chosen; `later` puts the second step off where that is allowed."""

    name: str
    password: str
    sealed: str
    code: str
    later: bool = False
    language: str | None = None


@dataclass(frozen=True)
class Joined:
    """The token of a session, and the recovery codes, which are shown this once."""

    token: str
    codes: tuple[str, ...]
    login: str


async def invitation(access: Access, token: str) -> Invitation:
    """
    Raises:
        Mistake: "invitation": it was used, its time is up, or it never was.
    """
    kept, now = sessions.kept(token), access.now()
    found = await access.store.read(lambda c: invitations.find(c, kept, now))
    if found is None:
        raise Mistake("invitation")
    return found


async def join(access: Access, token: str, wanted: Wanted, where: Where) -> Joined:
    """Use the link up.

    Raises:
        Mistake: naming what will not do; the link can still be used then.
        Busy: too many passwords are being hashed.
    """
    invited = await invitation(access, token)
    now, account = access.now(), await _account(access, invited, wanted)
    codes = tuple(recovery.new()) if account.totp else ()
    fresh = new_token()

    def body(connection: Connection) -> None:
        if not invitations.use(connection, invited.token) or not _open(connection, invited):
            raise Mistake("invitation")
        _kept(connection, account, invited)
        accounts.set_codes(connection, account.id, [_hashed(access, account, code) for code in codes])
        staff_sessions.end_all(connection, account.id)
        staff_sessions.begin(connection, begun(where, account.id, sessions.kept(fresh), now))
        if account.role == Role.ADMINISTRATOR:
            invitations.withdraw(connection, nameless=True)
        anew, two_step = invited.staff is not None, account.totp is not None
        told: Facts = {"role": account.role, "two_step": two_step, "anew": anew}
        access.audit.add(connection, account.id, Deed.JOINED, facts=told)

    await access.store.write(body)
    access.ended(account.id)
    return Joined(fresh, codes, account.login)


async def _account(access: Access, invited: Invitation, wanted: Wanted) -> Account:
    """The account as it is going to be."""
    name = _name(invited.name or wanted.name)
    if why := passwords.fault(wanted.password, name):
        raise Mistake(f"password.{why}")
    id = invited.staff or secrets.token_hex(8)
    sealed, step = _second_step(access, invited, wanted, id)
    before = await access.store.read(lambda c: accounts.by_login(c, staff.compared(name)))
    if before is not None and before.id != id:
        raise Mistake("taken")
    return Account(
        id=id,
        login=staff.compared(name),
        name=name,
        role=before.role if before else invited.role,
        password=await access.passwords.hashed(wanted.password),
        created=before.created if before else access.now(),
        totp=sealed,
        totp_step=step,
        language=wanted.language or (before.language if before else None),
    )


def _second_step(
    access: Access, invited: Invitation, wanted: Wanted, id: str
) -> tuple[str | None, int | None]:
    if wanted.later and not access.insist:
        return None, None
    secret = access.unseal_totp(wanted.sealed, invited.token)
    step = totp.step_of(secret, wanted.code, access.now())
    if step is None:
        raise Mistake("code")
    return access.seal_totp(secret, id), step


def _name(text: str) -> str:
    try:
        return staff.shown(text)
    except ValueError:
        raise Mistake("name") from None


def _open(connection: Connection, invited: Invitation) -> bool:
    """A link that lets anybody in is for the first administrator only."""
    return invited.name is not None or not accounts.count(connection, Role.ADMINISTRATOR)


def _kept(connection: Connection, account: Account, invited: Invitation) -> None:
    if invited.staff:
        values = {"password": account.password, "totp": account.totp, "totp_step": account.totp_step}
        values["language"] = account.language
        accounts.change(connection, account.id, **values)
    elif accounts.by_login(connection, account.login):
        raise Mistake("taken")
    else:
        accounts.add(connection, account)


def _hashed(access: Access, account: Account, code: str) -> str:
    return recovery.hashed(access.signer, account.id, code.replace("-", ""))
