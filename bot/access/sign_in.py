"""Signing in, and proving oneself again. Every wrong try looks the same and takes the same work."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.access import lockout, recovery, sessions, staff, totp
from bot.access.access import Access, Mistake, Where, begun
from bot.visitors import new_token
from conversations.deeds import NOBODY, Deed
from conversations.gathering import Busy
from conversations.store import staff as accounts
from conversations.store import staff_sessions
from conversations.store.staff import Account
from conversations.store.staff_sessions import StaffSession

WRONG = "wrong"  #: the one answer to every wrong try


@dataclass(frozen=True)
class Proof:
    """What somebody gives to prove who they are; `code` is of the second step, or a recovery code."""

    login: str
    password: str
    code: str = ""


@dataclass(frozen=True)
class _Second:
    """What a code turned out to be: the step of an app's code, a recovery code, or needless."""

    step: int | None = None
    recovery: str | None = None
    needless: bool = False

    def __bool__(self) -> bool:
        return self.needless or self.step is not None or self.recovery is not None


async def sign_in(access: Access, proof: Proof, where: Where, replacing: str | None = None) -> str:
    """The token of a new session; one this browser had before, `replacing`, is ended.

    Raises:
        Mistake: "wrong", whatever is wrong; "locked" after too many tries.
        Busy: too many sign in at this moment.
    """
    now, login = access.now(), staff.compared(proof.login[: 4 * staff.LONGEST])
    keys = lockout.keys(access, login, where)
    account = await access.store.write(lambda c: _counted(c, keys, login, now))
    matches = await _matches(access, account, proof.password, keys, now)
    second = _second(access, account, proof.code, now)
    token = new_token()

    def body(connection: Connection) -> str | None:
        why = _fault(connection, account, matches, second)
        if account is None or why:
            _failed(access, connection, account, why or "unknown", keys)
            return None
        lockout.succeeded(connection, *keys, now, access.now())
        if replacing:
            staff_sessions.end(connection, replacing)
        staff_sessions.begin(connection, begun(where, account.id, sessions.kept(token), now))
        _on_record(access, connection, account, second)
        return token

    opened = await access.store.write(body)
    if opened is None or account is None:
        raise Mistake(WRONG)
    await _strengthened(access, account, proof.password)
    return opened


async def confirm(access: Access, session: StaffSession, account: Account, given: str, where: Where) -> None:
    """Prove oneself again: by a code where there is a second step, else by the password.

    Raises:
        Mistake: "wrong", or "locked" after too many tries.
        Busy: too many passwords are being looked at.
    """
    now = access.now()
    keys = access.pseudonym("confirm", account.id), access.pseudonym("address", where.origin)
    await access.store.write(lambda c: _counted(c, keys, account.login, now))
    matches = account.totp is not None or await _matches(access, account, given, keys, now)
    second = _second(access, account, given, now)

    def body(connection: Connection) -> bool:
        if why := _fault(connection, account, matches, second):
            _failed(access, connection, account, why, keys)
            return False
        lockout.succeeded(connection, *keys, now, access.now())
        staff_sessions.confirm(connection, session.token, access.now())
        access.audit.add(connection, account.id, Deed.CONFIRMED)
        return True

    if not await access.store.write(body):
        raise Mistake(WRONG)


def _counted(connection: Connection, keys: tuple[str, str], login: str, now: datetime) -> Account | None:
    """Count the try before it is made, and find whose it is."""
    if not lockout.begin(connection, keys, now):
        raise Mistake("locked")
    return accounts.by_login(connection, login)


async def _matches(
    access: Access, account: Account | None, password: str, keys: tuple[str, str], began: datetime
) -> bool:
    """Whether this is their password; a try for which there was no time is none."""
    try:
        return await access.passwords.matches(account.password if account else None, password)
    except Busy:
        await access.store.write(lambda c: lockout.forgive(c, keys, began, access.now()))
        raise


def _second(access: Access, account: Account | None, code: str, now: datetime) -> _Second:
    """As much work for nobody's code as for anybody's."""
    if account is not None and account.totp is None:
        return _Second(needless=not access.insist)
    secret = access.nobodys_totp
    if account is not None and account.totp is not None:
        with suppress(Mistake):  # sealed with another secret of ours: no code fits
            secret = access.unseal_totp(account.totp, account.id)
    step, letters = totp.step_of(secret, code, now), recovery.plain(code)
    if account is None:
        return _Second()
    return _Second(step, recovery.hashed(access.signer, account.id, letters) if letters else None)


def _fault(connection: Connection, account: Account | None, matches: bool, second: _Second) -> str | None:
    """Why this is not them; what can be used once is used up when nothing else is wrong."""
    if account is None:
        return "unknown"
    today = accounts.find(connection, account.id)
    if today is None or today.disabled or today.password != account.password or not matches:
        return "disabled" if today and today.disabled else "password"
    if not second:
        return "code"
    if second.step is not None and not accounts.use_step(connection, account.id, second.step):
        return "used"
    if second.recovery and not accounts.use_code(connection, account.id, second.recovery):
        return "code"
    return None


def _failed(
    access: Access, connection: Connection, account: Account | None, why: str, keys: tuple[str, str]
) -> None:
    who, facts = account.id if account else NOBODY, {"why": why, "from": keys[1]}
    locked = lockout.locks(connection, keys, access.now())
    access.audit.add(connection, who, Deed.SIGN_IN_FAILED, facts=facts)
    if locked:
        access.audit.add(connection, who, Deed.LOCKED_OUT, facts={"from": keys[1]})


def _on_record(access: Access, connection: Connection, account: Account, second: _Second) -> None:
    access.audit.add(connection, account.id, Deed.SIGNED_IN, facts={"two_step": not second.needless})
    if second.recovery:
        left = accounts.codes_left(connection, account.id)
        access.audit.add(connection, account.id, Deed.RECOVERY_CODE_USED, facts={"left": left})


async def _strengthened(access: Access, account: Account, password: str) -> None:
    """Hash anew what was hashed with weaker parameters than today's."""
    if access.passwords.outdated(account.password):
        with suppress(Busy):  # another time, then
            better = await access.passwords.hashed(password)
            await access.store.write(lambda c: accounts.change(c, account.id, password=better))
