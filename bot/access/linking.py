"""A colleague shows which account on Telegram is theirs: a code from the desk, written in the group once."""

import re
import secrets
from datetime import timedelta

from sqlalchemy import Connection

from bot.access.access import Access
from bot.access.recovery import LETTERS
from conversations.deeds import Deed
from conversations.store import staff as accounts
from conversations.store import telegram_accounts
from conversations.store.staff import Account

LASTS = timedelta(minutes=10)
LENGTH = 8  #: letters, 39 bits: nobody guesses one in its ten minutes

_FORM = re.compile(f"[{LETTERS}]{{{LENGTH}}}")


def plain(given: str) -> str | None:
    """The letters of a code however it was typed; None when it cannot be one.

    >>> plain(" ABCD-efgh "), plain("hello")
    ('abcdefgh', None)
    """
    letters = re.sub(r"[\s-]", "", given).lower()
    return letters if _FORM.fullmatch(letters) else None


async def offer(access: Access, account: Account) -> str:
    """A new code in place of an earlier one, shown this once: `abcd-efgh`."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    kept, expires = _hashed(access, letters), access.now() + LASTS
    await access.store.write(lambda c: telegram_accounts.offer(c, account.id, kept, expires))
    return f"{letters[:4]}-{letters[4:]}"


async def link(access: Access, given: str, user: int) -> Account | None:
    """The colleague whose code that was, and whose account this is from now on; None where it is no code."""
    letters = plain(given)
    if letters is None:
        return None
    kept, now = _hashed(access, letters), access.now()

    def body(connection: Connection) -> Account | None:
        staff = telegram_accounts.use(connection, kept, now)
        account = accounts.find(connection, staff) if staff else None
        if account is None or account.disabled:
            return None
        telegram_accounts.link(connection, user, account.id, now)
        access.audit.add(connection, account.id, Deed.LINKED)
        return account

    return await access.store.write(body)


async def unlink(access: Access, account: Account) -> None:
    """What that account writes in the group is nobody's from now on."""

    def body(connection: Connection) -> None:
        if telegram_accounts.unlink(connection, account.id):
            access.audit.add(connection, account.id, Deed.UNLINKED)

    await access.store.write(body)


def _hashed(access: Access, letters: str) -> str:
    return access.signer.tag("telegram link", letters, 43)
