"""Transactions on SQLite and PostgreSQL: a body runs inside one, and its result is returned after the commit.

A body is a plain function of a connection. On SQLite one thread writes and commits all bodies that wait in
one transaction (each in a savepoint of its own); readers have their own connections. On PostgreSQL every body
has its own transaction, and rows are locked where they are read.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from conversations.store.bell import Bell
from conversations.tables import METADATA

T = TypeVar("T")
Body = Callable[[Connection], T]

BUSY_MILLISECONDS = 5000
GROUP = 128  #: bodies in one commit; bounds how long the first of them waits
TRIES = 6
SERIALISATION = {"40001", "40P01"}


class Contended(Exception):
    """Another transaction got there first; the body is run again from the start."""


#: what a database raises that is locked, full, restarting or out of reach, and may be back soon
AWAY = (Contended, InterfaceError, NoConnection, OperationalError, OSError)


class _Database(Protocol):
    async def prepare(self) -> None: ...
    async def read(self, body: Body[T]) -> T: ...
    async def write(self, body: Body[T]) -> T: ...
    async def close(self) -> None: ...


class Store:
    """Everything kept. `bell` is rung after commits; `shared` tells that other processes may write too."""

    def __init__(self, database: _Database, *, shared: bool) -> None:
        self._database = database
        self.shared = shared
        self.bell = Bell()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator["Store"]:
        """A store on the database of this URL; its schema is brought by migrations or `create`."""
        parsed = make_url(url)
        shared = parsed.get_backend_name() == "postgresql"
        database = _Postgres(parsed) if shared else _Sqlite(parsed)
        try:
            await database.prepare()
            yield cls(database, shared=shared)
        finally:
            await database.close()

    async def read(self, body: Body[T]) -> T:
        return await self._database.read(body)

    async def write(self, body: Body[T]) -> T:
        """The body's result, once its changes are durable. Whatever the body raises undoes them.

        Raises:
            Contended: others were faster every time.
        """
        for left in reversed(range(TRIES)):
            try:
                return await self._database.write(body)
            except (Contended, DBAPIError) as error:
                if not left or not _passing(error):
                    raise
        raise AssertionError("unreachable")

    async def create(self) -> None:
        """Create what is missing of the current schema, without migrations: for a database of one run."""
        await self.write(METADATA.create_all)


def _passing(error: Contended | DBAPIError) -> bool:
    return isinstance(error, Contended) or getattr(error.orig, "sqlstate", None) in SERIALISATION


class _Postgres:
    def __init__(self, url: URL) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url, pool_size=10, max_overflow=10, hide_parameters=True
        )

    async def prepare(self) -> None:
        """Nothing to do: connections are made when they are needed."""

    async def read(self, body: Body[T]) -> T:
        async with self._engine.connect() as connection:
            return await connection.run_sync(body)

    async def write(self, body: Body[T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(body)

    async def close(self) -> None:
        await self._engine.dispose()


class _Sqlite:
    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise ValueError("SQLite needs a file: sqlite+aiosqlite:///path/to/file.db")
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        plain = url.set(drivername="sqlite+pysqlite")
        self._writer = create_engine(plain, pool_size=1, max_overflow=0, hide_parameters=True)
        self._readers = create_engine(plain, pool_size=2, max_overflow=0, hide_parameters=True)
        harden(self._writer, begin="BEGIN IMMEDIATE")
        harden(self._readers, begin="BEGIN")
        self._writing = ThreadPoolExecutor(1, "store-writer")
        self._reading = ThreadPoolExecutor(2, "store-reader")
        self._waiting: list[tuple[Body[Any], asyncio.Future[Any]]] = []
        self._draining: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Turn WAL on through one connection: changing the journal mode waits for nobody."""
        for left in reversed(range(TRIES)):
            try:
                await asyncio.get_running_loop().run_in_executor(self._writing, _touch, self._writer)
            except OperationalError:
                if not left:
                    raise
                await asyncio.sleep(0.05)
            else:
                return

    async def read(self, body: Body[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reading, _inside, self._readers, body)

    async def write(self, body: Body[T]) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((body, future))
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            bodies = [body for body, _ in group]
            outcomes = await loop.run_in_executor(self._writing, _commit, self._writer, bodies)
            for (_, future), outcome in zip(group, outcomes, strict=True):
                outcome(future)

    async def close(self) -> None:
        if self._draining is not None:
            await self._draining
        for engine, threads in ((self._writer, self._writing), (self._readers, self._reading)):
            threads.shutdown()
            engine.dispose()


def harden(engine: Engine, *, begin: str) -> None:
    """Every connection durable (WAL, FULL) and strict about keys, or none at all."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma, value, expected in PRAGMAS:
            connection.execute(f"PRAGMA {pragma} = {value}")
            found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
            if found != expected:
                raise RuntimeError(f"SQLite answers {found!r} to PRAGMA {pragma}, {expected!r} is needed")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


PRAGMAS = (
    ("busy_timeout", BUSY_MILLISECONDS, BUSY_MILLISECONDS),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("secure_delete", "ON", 1),  # what is erased is overwritten in the file
)


def _touch(engine: Engine) -> None:
    with engine.connect():
        pass


def _inside(engine: Engine, body: Body[T]) -> T:
    with engine.begin() as connection:
        return body(connection)


Outcome = Callable[[asyncio.Future[Any]], None]


def _commit(engine: Engine, bodies: list[Body[Any]]) -> list[Outcome]:
    """Run the bodies in one transaction. An outcome exists only once the commit is on disk."""
    try:
        return _inside(engine, lambda connection: [_alone(connection, body) for body in bodies])
    except Exception as error:
        return [partial(_fail, error)] * len(bodies)


def _alone(connection: Connection, body: Body[Any]) -> Outcome:
    """Run one body so that its failure undoes its own changes and no others."""
    connection.exec_driver_sql("SAVEPOINT body")
    try:
        outcome: Outcome = partial(_give, body(connection))
    except Exception as error:
        connection.exec_driver_sql("ROLLBACK TO body")
        outcome = partial(_fail, error)
    connection.exec_driver_sql("RELEASE body")
    return outcome


def _give(value: Any, future: asyncio.Future[Any]) -> None:
    if not future.done():
        future.set_result(value)


def _fail(error: Exception, future: asyncio.Future[Any]) -> None:
    if not future.done():
        future.set_exception(error)
