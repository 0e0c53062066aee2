"""What staff change about themselves: password, second step, recovery codes, sessions, language."""

from sqlalchemy import Connection

from bot.access import lockout, passwords, recovery, totp
from bot.access.access import Access, Mistake, Where
from conversations.deeds import Deed
from conversations.store import staff as accounts
from conversations.store import staff_sessions
from conversations.store.staff import Account
from conversations.store.staff_sessions import StaffSession


async def change_password(
    access: Access, session: StaffSession, account: Account, given: tuple[str, str], where: Where
) -> None:
    """From the old one to the new one; every other session ends.

    Raises:
        Mistake: "wrong" (the old one), "locked", or what is wrong with the new one.
        Busy: too many passwords are being looked at.
    """
    old, new = given
    if why := passwords.fault(new, account.name):
        raise Mistake(f"password.{why}")
    now = access.now()
    keys = access.pseudonym("confirm", account.id), access.pseudonym("address", where.origin)
    if not await access.store.write(lambda c: lockout.begin(c, keys, now)):
        raise Mistake("locked")
    if not await access.passwords.matches(account.password, old):
        raise Mistake("wrong")
    hashed = await access.passwords.hashed(new)

    def body(connection: Connection) -> None:
        lockout.succeeded(connection, *keys, now, access.now())
        accounts.change(connection, account.id, password=hashed)
        ended = staff_sessions.end_all(connection, account.id, but=session.token)
        access.audit.add(connection, account.id, Deed.PASSWORD_CHANGED, facts={"ended": ended})

    await access.store.write(body)
    access.ended(account.id)


async def set_second_step(
    access: Access, session: StaffSession, account: Account, sealed: str, code: str
) -> tuple[str, ...]:
    """From now on codes of this secret count; new recovery codes, shown this once. Other sessions end.

    Raises:
        Mistake: "form", or "code".
    """
    secret = access.unseal_totp(sealed, session.token)
    step = totp.step_of(secret, code, access.now())
    if step is None:
        raise Mistake("code")
    codes = tuple(recovery.new())

    def body(connection: Connection) -> None:
        kept = access.seal_totp(secret, account.id)
        accounts.change(connection, account.id, totp=kept, totp_step=step)
        _keep_codes(access, connection, account, codes)
        staff_sessions.end_all(connection, account.id, but=session.token)
        access.audit.add(connection, account.id, Deed.TWO_STEP_SET)

    await access.store.write(body)
    access.ended(account.id)
    return codes


async def new_codes(access: Access, account: Account) -> tuple[str, ...]:
    """Ten recovery codes in place of all earlier ones, shown this once."""
    codes = tuple(recovery.new())

    def body(connection: Connection) -> None:
        _keep_codes(access, connection, account, codes)
        access.audit.add(connection, account.id, Deed.RECOVERY_CODES_MADE)

    await access.store.write(body)
    return codes


async def sign_out(access: Access, session: StaffSession) -> None:
    def body(connection: Connection) -> None:
        if staff_sessions.end(connection, session.token):
            access.audit.add(connection, session.staff, Deed.SIGNED_OUT)

    await access.store.write(body)
    access.ended(session.staff)


async def end_sessions(access: Access, account: Account, *, only: str | None = None) -> None:
    """All sessions, this one too; or only the one that begins with these characters."""

    def body(connection: Connection) -> None:
        ended = 0
        if only is None:
            ended = staff_sessions.end_all(connection, account.id)
        else:
            theirs = [s.token for s in staff_sessions.of(connection, account.id) if s.token[:16] == only]
            ended = sum(staff_sessions.end(connection, token) for token in theirs)
        access.audit.add(connection, account.id, Deed.SESSIONS_ENDED, facts={"ended": ended})

    await access.store.write(body)
    access.ended(account.id)


async def speak(access: Access, account: Account, language: str) -> None:
    """Which language the desk speaks to them."""
    await access.store.write(lambda c: accounts.change(c, account.id, language=language))


def _keep_codes(access: Access, connection: Connection, account: Account, codes: tuple[str, ...]) -> None:
    hashes = [recovery.hashed(access.signer, account.id, code.replace("-", "")) for code in codes]
    accounts.set_codes(connection, account.id, hashes)
