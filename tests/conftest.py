"""One contract, two databases: `store` is SQLite in a file, then a real PostgreSQL."""

import gc
import os
import signal
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any

# A worker has one core and not all of them: threads that wait for each other's core spin, and fitting took
# twice the processor time. Both are read when numpy and scikit-learn are imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import URL

from conversations.schema import METADATA
from conversations.store import Store, queue, sqlite
from tests import databases, postgres


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end, looking for garbage in it was a fifth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> None:
    """A shell that runs the tests in the background has every process under them ignore Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """Nearly every test opens a database of its own, for which SQLAlchemy would compile the same SQL anew."""
    first = create_engine("sqlite+pysqlite://", query_cache_size=2000)
    first.connect().close()  # from now on its dialect knows its database

    def like_the_first(url: URL, **given: Any) -> Engine:
        engine = create_engine(url, **given)
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sqlite, "create_engine", like_the_first)
        yield
    first.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    if not postgres.available():
        pytest.skip(postgres.MISSING)
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a row; PostgreSQL's is made and emptied by whoever opens it."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return databases.with_tables(tmp_path / "test.db")


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with Store.open(url) as opened:
        if opened.shared:
            await opened.create()
        yield opened
        if opened.shared:
            await opened.write(_empty)


#: what the queue keeps beside them
QUEUE = ("jobs", "events", "periodic_defers", "workers")
EMPTIED = ", ".join([*METADATA.tables, *(f"{queue.SCHEMA}.procrastinate_{name}" for name in QUEUE)])
#: truncating makes new files for every table and index, and took longer than most tests
EMPTY = f"""DO $$ BEGIN
LOCK TABLE {EMPTIED};
{"".join(f"DELETE FROM {name};" for name in EMPTIED.split(", "))}
PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL;
END $$"""


def _empty(connection: Connection) -> None:
    # the record refuses to be emptied; a superuser may leave its triggers out
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    connection.exec_driver_sql(EMPTY)
