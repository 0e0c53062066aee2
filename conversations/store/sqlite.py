"""SQLite in one file: one thread writes, and commits all bodies that wait in one transaction.

Each body has a savepoint of its own, so that its failure undoes its own changes and no others. Readers have
their own connections and are never blocked.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from conversations.crashpoints import crashpoint

T = TypeVar("T")
Body = Callable[[Connection], T]
#: what to set, to what, and what SQLite must answer then
Pragmas = tuple[tuple[str, str | int, str | int], ...]

BUSY_MILLISECONDS = 5000
GROUP = 128  #: bodies in one commit; bounds how long the first of them waits
READS = 2000  #: that may wait or run; more could not be answered soon
OPENING_TRIES = 6


class Sqlite:
    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise ValueError("SQLite needs a file: sqlite+aiosqlite:///path/to/file.db")
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        plain = url.set(drivername="sqlite+pysqlite")
        self._writer = create_engine(plain, pool_size=1, max_overflow=0, hide_parameters=True)
        self._readers = create_engine(plain, pool_size=2, max_overflow=0, hide_parameters=True)
        harden(self._writer, "BEGIN IMMEDIATE", PRAGMAS)
        harden(self._readers, "BEGIN", PRAGMAS)
        self._writing = ThreadPoolExecutor(1, "store-writer")
        self._reading = ThreadPoolExecutor(2, "store-reader")
        self._reads = 0
        self._waiting: list[tuple[Body[Any], asyncio.Future[Any]]] = []
        self._draining: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Turn WAL on through one connection: changing the journal mode waits for nobody."""
        for left in reversed(range(OPENING_TRIES)):
            try:
                await asyncio.get_running_loop().run_in_executor(self._writing, _touch, self._writer)
            except OperationalError:
                if not left:
                    raise
                await asyncio.sleep(0.05)
            else:
                return

    async def read(self, body: Body[T]) -> T:
        if self._reads >= READS:
            raise NoConnection("too many reads wait")
        self._reads += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._reading, _inside, self._readers, body
            )
        finally:
            self._reads -= 1

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


def harden(engine: Engine, begin: str, pragmas: Pragmas) -> None:
    """Every connection as the pragmas say, or none at all."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma, value, expected in pragmas:
            connection.execute(f"PRAGMA {pragma} = {value}")
            found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
            if found != expected:
                raise RuntimeError(f"SQLite answers {found!r} to PRAGMA {pragma}, {expected!r} is needed")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


DURABLE: Pragmas = (
    ("busy_timeout", BUSY_MILLISECONDS, BUSY_MILLISECONDS),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("secure_delete", "ON", 1),  # what is erased is overwritten in the file
)
PRAGMAS: Pragmas = (*DURABLE, ("foreign_keys", "ON", 1))


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
        outcomes = _inside(engine, partial(_together, bodies=bodies))
    except Exception as error:
        return [partial(_fail, error)] * len(bodies)
    crashpoint("committed to the file")
    return outcomes


def _together(connection: Connection, bodies: list[Body[Any]]) -> list[Outcome]:
    if len(bodies) == 1:  # what it fails with undoes the whole transaction, which is its own
        outcomes: list[Outcome] = [partial(_give, bodies[0](connection))]
    else:
        outcomes = [_apart(connection, body) for body in bodies]
    crashpoint("written to the file")
    return outcomes


def _apart(connection: Connection, body: Body[Any]) -> Outcome:
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
