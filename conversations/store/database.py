"""Transactions on SQLite and PostgreSQL: a body runs inside one, and its result is returned after the commit.

A body is a plain function of a connection; what differs between the databases stays in `sqlite` and
`postgres`.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from conversations.schema import METADATA
from conversations.store.bell import Bell
from conversations.store.floor import Floor
from conversations.store.handover import Handover
from conversations.store.presence import Alone, Presence
from conversations.store.sqlite import Sqlite
from conversations.watch import UNWATCHED, Watch

T = TypeVar("T")
Body = Callable[[Connection], T]

TRIES = 6
SERIALISATION = {"40001", "40P01"}


class Contended(Exception):
    """Another transaction got there first; the body is run again from the start."""


#: what a database raises that is locked, full, restarting or out of reach, and may be back soon
AWAY = (Contended, InterfaceError, NoConnection, OperationalError, OSError)
#: whatever a database fails with, also what would fail again
FAILED = (*AWAY, DBAPIError)


class _Database(Protocol):
    async def prepare(self) -> None: ...
    async def read(self, body: Body[T]) -> T: ...
    async def write(self, body: Body[T]) -> T: ...
    async def close(self) -> None: ...


class Store:
    """Everything kept. `bell` is rung after commits; `shared` tells that other processes may write too."""

    def __init__(
        self, database: _Database, presence: Presence, bell: Bell, *, shared: bool, watch: Watch = UNWATCHED
    ) -> None:
        self._database, self._watch = database, watch
        self.presence = presence
        self.bell = bell
        self.shared = shared
        self.handover = Handover(presence.receipts)
        self.floor = Floor()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, watch: Watch = UNWATCHED) -> AsyncIterator["Store"]:
        """A store on the database of this URL; its schema is brought by migrations or `create`.

        The watch is told of every read and write that the database fails.
        """
        parsed, bell = make_url(url), Bell()
        shared = parsed.get_backend_name() == "postgresql"
        database, presence = _of_a_server(parsed, bell) if shared else _of_a_file(parsed)
        try:
            await database.prepare()
            yield cls(database, presence, bell, shared=shared, watch=watch)
        finally:
            await database.close()

    async def read(self, body: Body[T]) -> T:
        try:
            return await self._database.read(body)
        except FAILED as error:
            self._watch.database(type(error).__name__)
            raise

    async def write(self, body: Body[T]) -> T:
        """The body's result, once its changes are durable. Whatever the body raises undoes them.

        Raises:
            Contended: others were faster every time.
        """
        try:
            return await self._write(body)
        except FAILED as error:
            self._watch.database(type(error).__name__)
            raise

    async def _write(self, body: Body[T]) -> T:
        for left in reversed(range(TRIES)):
            try:
                return await self._database.write(body)
            except (Contended, DBAPIError) as error:
                if not _passing(error):
                    raise
                if not left:
                    raise Contended(type(error).__name__) from error
        raise AssertionError("unreachable")

    def present(self) -> AbstractAsyncContextManager[None]:
        """Be one of the processes that serve this database; short commands need not.

        Raises:
            AlreadyServed: it is a file, and another process serves it.
        """
        return self.presence.enter()

    @property
    def look_again(self) -> float:
        """Seconds after which a table is looked at again for what no bell announced."""
        return self.presence.look_again

    def announce(self, *topics: str) -> None:
        """Ring these bells here at once, and soon in every other process; after the commit, not before."""
        self.bell.ring(*topics)
        self.presence.tell(topics)

    async def create(self) -> None:
        """Create what is missing of the current schema, without migrations: for a database of one run."""
        await self.write(METADATA.create_all)


def _of_a_file(url: URL) -> tuple[_Database, Presence]:
    return Sqlite(url), Alone(Path(url.database or ""))


def _of_a_server(url: URL, bell: Bell) -> tuple[_Database, Presence]:
    """Imported only here: a start on SQLite need not wait for SQLAlchemy's asyncio and PostgreSQL parts."""
    from conversations.store.company import Company
    from conversations.store.postgres import Postgres

    return Postgres(url), Company(url, bell)


def _passing(error: Contended | DBAPIError) -> bool:
    return isinstance(error, Contended) or getattr(error.orig, "sqlstate", None) in SERIALISATION
