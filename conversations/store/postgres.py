"""PostgreSQL: every body has its own transaction, and rows are locked where they are read."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

T = TypeVar("T")
Body = Callable[[Connection], T]


class Postgres:
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
