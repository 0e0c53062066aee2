"""One contract, two databases: `store` is SQLite in a file, then a real PostgreSQL."""

import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from conversations.schema import METADATA
from conversations.store import Store, queue
from tests import postgres


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> None:
    """A shell that runs the tests in the background has every process under them ignore Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    if not postgres.available():
        pytest.skip(postgres.MISSING)
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database; PostgreSQL's is emptied by whoever opens it."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with Store.open(url) as opened:
        await opened.create()
        yield opened
        if opened.shared:
            await opened.write(_empty)


def _empty(connection: Connection) -> None:
    names = ", ".join([*METADATA.tables, f"{queue.SCHEMA}.procrastinate_jobs"])
    # the record refuses to be emptied; a superuser may leave its triggers out
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
