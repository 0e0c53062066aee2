"""Passwords: which are good enough, and argon2id in a thread of its own: no flood of tries stalls the bot."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.access.staff import compared
from conversations.gathering import Busy

if TYPE_CHECKING:
    from argon2 import PasswordHasher

T = TypeVar("T")

SHORTEST, LONGEST = 12, 256  #: characters
DIFFERENT = 5  #: characters that a password has at least
MEMORY, TIMES, LANES = 19_456, 2, 1  #: KiB, passes, threads: what OWASP asks for at least
ABREAST = 32  #: that wait or run: about a second of work
_COMMONEST = Path(__file__).with_name("commonest_passwords.txt")


def fault(password: str, *names: str) -> str | None:
    """Why a new password will not do ("short", "long", "common", "named"); None when it will."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = compared(password)
    if plain in _commonest() or len(set(plain)) < DIFFERENT:
        return "common"
    told = [compared(name) for name in (*names, "bangbang")]
    return "named" if any(_little_more(plain, name) for name in told) else None


class Passwords:
    """Hashes and compares; at most so many at a time, the rest are told to come again."""

    def __init__(self, memory: int = MEMORY, times: int = TIMES, abreast: int = ABREAST) -> None:
        self._memory, self._times, self.abreast = memory, times, abreast
        self._threads = ThreadPoolExecutor(1, "passwords")
        self._inside = 0

    async def hashed(self, password: str) -> str:
        """
        Raises:
            Busy: too many wait already.
        """
        return await self._aside(lambda: self._hasher.hash(_same(password)))

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether this is the password; without a kept one (None, "") it takes as long to say no.

        Raises:
            Busy: too many wait already.
        """
        right = await self._aside(lambda: self._verified(kept or self._nobodys, password))
        return right and bool(kept)

    def outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    def _verified(self, kept: str, password: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher.verify(kept, _same(password))
        except (VerificationError, InvalidHashError):
            return False

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher  # nobody signs in while the product starts

        return PasswordHasher(time_cost=self._times, memory_cost=self._memory, parallelism=LANES)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe())

    async def _aside(self, work: Callable[[], T]) -> T:
        if self._inside >= self.abreast:
            raise Busy
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._inside -= 1


def _same(password: str) -> str:
    """One password however a keyboard composes it; never longer than argon2 should be given."""
    return unicodedata.normalize("NFKC", password[: 2 * LONGEST])


def _little_more(plain: str, name: str) -> bool:
    """Whether a password is a name with next to nothing added."""
    return bool(name) and name in plain and len(plain) - len(name) * plain.count(name) <= SHORTEST // 2


@cache
def _commonest() -> frozenset[str]:
    return frozenset(compared(line) for line in _COMMONEST.read_text("utf-8").splitlines())
