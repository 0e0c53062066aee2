"""How often somebody may try: five times in five minutes, for an account and for an address.

Names of staff are no secret, merchants read them: so that nobody can hold an account locked, a browser from
which it was signed in before counts for itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.access.access import Access, Where
from bot.signing import BadSignature
from bot.visitors import new_token
from conversations.store import tries

TRIES = 5
WINDOW = timedelta(minutes=5)
KNOWN = timedelta(days=90)  #: that a browser is remembered after signing in
_PURPOSE = "known browser"


def keys(access: Access, login: str, where: Where) -> tuple[str, str]:
    """What a try at this account is counted by: the account, or the browser it is known from; the address."""
    account = access.pseudonym("account", login)
    try:
        whose, _, browser = access.signer.open(_PURPOSE, where.known, access.now()).rpartition(" ")
    except BadSignature:
        whose, browser = "", ""
    own = access.pseudonym("browser", browser) if whose == account else account
    return own, access.pseudonym("address", where.origin)


def remembered(access: Access, login: str) -> str:
    """What a browser holds from which this account was signed in."""
    account = access.pseudonym("account", login)
    return access.signer.sign(_PURPOSE, f"{account} {new_token()}", access.now() + KNOWN)


def recent(times: Sequence[datetime], now: datetime) -> list[datetime]:
    """Those that still count; what a clock put into the future counts too."""
    return [time for time in times if now - time < WINDOW]


def begin(connection: Connection, keys: Sequence[str], now: datetime) -> bool:
    """Count a try before it is made, so that many at once count as many do; False when locked."""
    kept = {key: recent(times, now) for key, times in tries.read(connection, keys, now).items()}
    if any(len(times) >= TRIES for times in kept.values()):
        return False
    for key, times in kept.items():
        tries.write(connection, key, [*times, now], now)
    return True


def locks(connection: Connection, keys: Sequence[str], now: datetime) -> bool:
    """Whether the next try would be refused."""
    return any(len(recent(t, now)) >= TRIES for t in tries.read(connection, keys, now).values())


def succeeded(connection: Connection, account: str, address: str, began: datetime, now: datetime) -> None:
    """The account begins anew; at the address, where others may be trying, only this try is forgotten."""
    forgive(connection, (account, address), began, now)
    tries.write(connection, account, (), now)


def forgive(connection: Connection, keys: Sequence[str], began: datetime, now: datetime) -> None:
    """Forget a try that was none."""
    for key, times in tries.read(connection, keys, now).items():
        left = recent(times, now)
        if began in left:
            left.remove(began)
        tries.write(connection, key, left, now)
