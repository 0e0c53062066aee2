"""The schema's history: up, down and up again on both databases, and equal to what the code declares."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from bot import database
from conversations.schema import METADATA
from conversations.store import Store
from tests import postgres

T = TypeVar("T")


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / '50% full.db'}"
        return
    if not postgres.available():
        pytest.skip(postgres.MISSING)
    with postgres.server() as address:
        yield address


async def test_up_down_up_leaves_exactly_the_declared_schema(url: str) -> None:
    await database.upgrade(url)
    await database.downgrade(url)
    assert await _tables(url) == {"alembic_version"}

    await database.upgrade(url)
    await database.upgrade(url)

    assert await _tables(url) == {"alembic_version", *METADATA.tables}
    assert await _differences(url) == []
    assert await database.check(url) is None


async def test_a_migrated_database_serves_the_store(url: str) -> None:
    await database.upgrade(url)

    async with Store.open(url) as store:
        await store.create()

    assert await _differences(url) == []


async def _tables(url: str) -> set[str]:
    return set(await _ask(url, lambda connection: inspect(connection).get_table_names()))


async def _differences(url: str) -> list[object]:
    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))

    return await _ask(url, compare)


async def _ask(url: str, body: Callable[[Connection], T]) -> T:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        answer = await connection.run_sync(body)
    await engine.dispose()
    return answer
