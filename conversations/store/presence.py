"""Who else works on this database: who is alive, who leads, and how they are told of news.

A row that somebody works on names its worker. A worker is alive as long as the database (or the operating
system, for a file) holds its lock: a dead process is seen at once, and no clock has a say in it.
"""

import asyncio
import fcntl
import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from conversations.store.receipts import Receipts


class AlreadyServed(Exception):
    """Another process serves this database file; the text says which, for the operator."""


class Presence(Protocol):
    """One process among those on a database. Short commands have a worker id without ever entering."""

    @property
    def worker(self) -> str:
        """What this process puts into the rows it works on."""

    @property
    def receipts(self) -> Receipts | None:
        """Of what this process sent; None where others take up its rows, who would not see them."""

    @property
    def look_again(self) -> float:
        """Seconds after which a table is looked at for others' news that no bell announced."""

    def enter(self) -> AbstractAsyncContextManager[None]:
        """Be seen by others for as long as the context lasts.

        Raises:
            AlreadyServed: there is room for one process only, and it is taken.
        """

    def live(self, connection: Connection) -> set[str]:
        """The workers that are alive right now, this one included."""

    def leading(self, matter: str) -> AbstractAsyncContextManager[asyncio.Event]:
        """Wait until this process leads in the matter; the event is set when it no longer does.

        A process asks for each matter once at a time.
        """

    def tell(self, topics: Collection[str]) -> None:
        """Ring these bells in every other process, soon."""


def worker_number() -> int:
    """A number that no other process has: positive, and small enough for a lock of the database."""
    return secrets.randbelow(2**31 - 1) + 1


class Alone:
    """On SQLite one process serves a file. Its lock is the system's, which frees it when the process dies."""

    look_again = 60.0  #: whatever happens is announced in this process

    def __init__(self, file: Path) -> None:
        self._lock = file.with_name(f"{file.name}.lock")
        self._served = file
        self.worker = str(worker_number())
        self.receipts = Receipts(file.with_name(f"{file.name}.sent"), self.worker)

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[None]:
        with self._lock.open("a") as lock:  # never removed: a new file of that name would be another lock
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyServed(
                    f"{self._served} is served by another process:"
                    " stop that one first, or let several processes share a PostgreSQL database"
                ) from None
            yield

    def live(self, connection: Connection) -> set[str]:
        return {self.worker}

    @asynccontextmanager
    async def leading(self, matter: str) -> AsyncIterator[asyncio.Event]:
        yield asyncio.Event()

    def tell(self, topics: Collection[str]) -> None:
        """There is nobody to tell."""
