"""What the ways in share: the store, the secrets, the record, and the mistakes people make."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.access import totp
from bot.access.passwords import Passwords
from bot.signing import BadSignature, Signer
from conversations.store import Store
from conversations.store.audit import Audit
from conversations.store.staff_sessions import StaffSession


class Mistake(Exception):
    """What somebody gave will not do; `desk.mistake.<code>` says why in their language."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Where:
    """Where somebody sits: an address to count tries by, and what the browser calls itself."""

    origin: str
    browser: str = ""
    known: str = ""  #: what this browser was given when it last signed in


@dataclass(frozen=True)
class Access:
    """`insist` on the second step everywhere but in the demonstration."""

    store: Store
    signer: Signer
    passwords: Passwords
    audit: Audit
    insist: bool = True
    nobodys_totp: str = field(default_factory=totp.new_secret)

    def now(self) -> datetime:
        return self.audit.clock()

    def pseudonym(self, kind: str, text: str) -> str:
        """The same text always has the same one, and nobody can read it back."""
        return f"{kind}:{self.signer.tag('sign-in tries', f'{kind}:{text}', 16)}"

    def seal_totp(self, secret: str, owner: str) -> str:
        """A secret as it is kept, or carried through a form; of use to its owner only."""
        return self.signer.seal("two-step", f"{owner}:{secret}")

    def unseal_totp(self, sealed: str, owner: str) -> str:
        """
        Raises:
            Mistake: it is somebody else's, or was altered.
        """
        try:
            whose, _, secret = self.signer.unseal("two-step", sealed).partition(":")
        except BadSignature:
            raise Mistake("form") from None
        if whose != owner:
            raise Mistake("form")
        return secret

    def drafted(self, owner: str, sealed: str = "") -> tuple[str, str]:
        """A secret to be set up, and how a form carries it: the one it carried before, or a new one."""
        try:
            return self.unseal_totp(sealed, owner), sealed
        except Mistake:
            secret = totp.new_secret()
            return secret, self.seal_totp(secret, owner)

    def ended(self, *staff: str) -> None:
        """Tell every open page of theirs to look whether it may stay; after the commit."""
        self.store.announce(*(topic(each) for each in staff))


def topic(staff: str) -> str:
    """The bell that rings when sessions of a member of staff end."""
    return f"staff:{staff}"


def begun(where: Where, staff: str, token: str, now: datetime) -> StaffSession:
    """A session as it is kept."""
    return StaffSession(token, staff, where.browser, now, now, now)
