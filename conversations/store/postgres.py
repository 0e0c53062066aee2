"""PostgreSQL: every body has its own transaction, and rows are locked where they are read.

A connection that broke while it lay in the pool fails nobody: until COMMIT is sent nothing has happened, and
the body runs once more on a fresh connection. After that the outcome is unknown and is never guessed: what
arrived comes again, and the inbox knows whether it was applied.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from conversations.crashpoints import crashpoint

T = TypeVar("T")
Body = Callable[[Connection], T]

#: what the server fails at whoever asks (SQLSTATE): connections, room on its disk and in its memory, an
#: operator who stops it or a statement, its files, a time of reading only, a lock that somebody keeps
OUT_OF_REACH = ("08", "53", "57", "58", "25006", "55P03")
SECONDS_TO_CONNECT = 10.0
SECONDS_A_STATEMENT = 60.0
#: a group's statements differ by its size, and each is worth keeping prepared
PREPARED = 500


class Lost(ConnectionError):
    """The server is away, went away, or takes no change for now."""


class _Unsent(Lost):
    """COMMIT was not sent, so nothing has happened; a fresh connection may do better."""


class Postgres:
    def __init__(self, url: URL) -> None:
        limits = {"timeout": SECONDS_TO_CONNECT, "command_timeout": SECONDS_A_STATEMENT}
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=10,
            max_overflow=10,
            pool_timeout=5,
            hide_parameters=True,
            connect_args={**limits, "prepared_statement_cache_size": PREPARED},
        )

    async def prepare(self) -> None:
        """Nothing to do: connections are made when they are needed."""

    async def read(self, body: Body[T]) -> T:
        return await self.write(body)

    async def write(self, body: Body[T]) -> T:
        with suppress(_Unsent):
            return await self._transaction(body)
        try:
            return await self._transaction(body)
        except _Unsent as error:
            raise Lost(*error.args) from error

    async def _transaction(self, body: Body[T]) -> T:
        connection = await self._connected()
        try:
            result = await _run(connection, body)
            try:
                crashpoint("written to the server")
                await connection.commit()
            except DBAPIError as error:
                raise _told(error, Lost) from error
            crashpoint("committed to the server")
            return result
        finally:
            await connection.close()

    async def _connected(self) -> AsyncConnection:
        try:
            return await self._engine.connect()
        except DBAPIError as error:
            raise _told(error, Lost) from error

    async def close(self) -> None:
        await self._engine.dispose()


async def _run(connection: AsyncConnection, body: Body[T]) -> T:
    try:
        return await connection.run_sync(body)
    except Exception as error:
        told = _told(error, _Unsent)
        if not isinstance(told, Lost) and not connection.invalidated:
            raise
        await connection.invalidate()
        raise _Unsent(type(error).__name__) from error


def _told(error: Exception, as_lost: type[Lost]) -> Exception:
    """The error itself, or that the server is away where it says so."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        if error.connection_invalidated or state.startswith(OUT_OF_REACH):
            return as_lost(type(error.orig).__name__)
    return as_lost(type(error).__name__) if isinstance(error, ConnectionError) else error
