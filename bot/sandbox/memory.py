"""What a running sandbox remembers: codes, tokens, calls made, edited descriptions. Lost when it stops."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from aiohttp import web

from bot.sandbox import merchants
from bot.sandbox.accounts import Account
from bot.sandbox.errors import Refused

CODE_LIVES = timedelta(minutes=10)

#: Building an account takes milliseconds and a snapshot asks for it dozens of times.
_published = lru_cache(maxsize=64)(merchants.published)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class SandboxConfig:
    """Who may ask the sandbox and how much."""

    app_key: str = "sandbox"
    app_secret: str = field(default="sandbox-secret", repr=False)
    redirect_uris: frozenset[str] = frozenset()  #: besides any on this machine
    daily_calls: int = 100  #: about one account
    token_seconds: int = 30 * 86_400
    slow_seconds: float = 30.0  #: how long the account that never answers keeps one waiting
    now: Callable[[], datetime] = _utc_now


@dataclass
class _Code:
    account: Account
    redirect_uri: str
    until: datetime
    used: bool = False


@dataclass
class Grant:
    """A token's user and how long it is good."""

    account: Account
    until: datetime
    revoked: bool = False


class Memory:
    """One sandbox's state."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self._codes: dict[str, _Code] = {}
        self._grants: dict[str, Grant] = {}
        self._calls: Counter[tuple[str, str]] = Counter()
        self._descriptions: dict[str, str] = {}

    def allow(self, account: Account, redirect_uri: str) -> str:
        """A code for one exchange."""
        code = secrets.token_hex(16)
        self._codes[code] = _Code(account, redirect_uri, self.config.now() + CODE_LIVES)
        return code

    def exchange(self, code: str, redirect_uri: str) -> tuple[str, Grant]:
        """A token for a code, once."""
        kept = self._codes.get(code)
        if kept is None or kept.until <= self.config.now():
            raise Refused("21325")
        if kept.used:
            raise Refused("21314")
        if kept.redirect_uri != redirect_uri:
            raise Refused("21322")
        kept.used = True
        token = f"2.00{secrets.token_urlsafe(24)}"
        self._grants[token] = Grant(
            kept.account, self.config.now() + timedelta(seconds=self.config.token_seconds)
        )
        return token, self._grants[token]

    def grant(self, token: str) -> Grant:
        """Whose token this is, while it is good."""
        grant = self._grants.get(token)
        if grant is None:
            raise Refused("21332")
        if grant.revoked:
            raise Refused("21319")
        if grant.until <= self.config.now():
            raise Refused("21327")
        return grant

    def count(self, account: Account) -> None:
        """One more call about this account today."""
        day = (account.key, self.config.now().date().isoformat())
        self._calls[day] += 1
        if self._calls[day] > self.config.daily_calls:
            raise Refused("10023")

    def published(self, account: Account) -> merchants.Published:
        """The account as of the beginning of today, so that pages read in a row agree."""
        today = self.config.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return _published(account, today, self._descriptions.get(account.key))

    def description(self, account: Account) -> str:
        return self._descriptions.get(account.key, account.description)

    def describe(self, account: Account, description: str) -> None:
        self._descriptions[account.key] = description


MEMORY = web.AppKey("memory", Memory)
