"""A release refuses a schema that is not its own, in one line."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

import migrations
from bot import database


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'shop' / 'bangbang.db'}"


async def test_a_database_that_is_not_there_is_named_and_not_made(url: str, tmp_path: Path) -> None:
    assert await database.check(url) == (
        f"there is no database at {tmp_path / 'shop' / 'bangbang.db'}: run `bangbang db upgrade`"
    )
    assert not (tmp_path / "shop").exists()


async def test_an_upgraded_database_is_fine(url: str) -> None:
    await database.upgrade(url)

    assert await database.check(url) is None


async def test_a_database_without_a_schema_says_what_to_run(url: str) -> None:
    await database.upgrade(url)
    await database.downgrade(url)

    assert await database.check(url) == "the database has no schema yet: run `bangbang db upgrade`"


async def test_a_schema_of_a_newer_release_is_refused(url: str) -> None:
    await database.upgrade(url)
    _stamp(url, "9999")

    refusal = (
        f"the database has schema 9999, made by a newer release; this one needs {database.revisions()[0]}"
    )
    assert await database.check(url) == refusal
    with pytest.raises(database.Newer, match=r"^the database has schema 9999, made by a newer release"):
        await database.upgrade(url)


def test_the_revisions_are_alembic_s_own() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))

    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]

    assert database.revisions() == walked


def test_a_current_schema_is_told_without_alembic(url: str) -> None:
    asyncio.run(database.upgrade(url))
    code = f"import asyncio, sys; from bot import database; asyncio.run(database.upgrade({url!r}))"

    again = [sys.executable, "-c", f"{code}; print('alembic' in sys.modules)"]

    assert subprocess.run(again, capture_output=True, text=True, check=True).stdout == "False\n"


async def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("not a database, and long enough to be looked at as one" * 10)

    line = await database.check(f"sqlite+aiosqlite:///{tmp_path / 'notes.db'}")

    assert line is not None
    assert line.startswith("the database cannot be opened: ")
    assert "\n" not in line


async def test_a_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    line = await database.check(f"postgresql+asyncpg://nobody@/none?host={tmp_path}")

    assert line is not None
    assert line.startswith("the database cannot be opened: ")


def test_an_older_schema_says_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "revisions", lambda: ["0002", "0001"])

    assert database.difference("0001") == (
        "the database has schema 0001, this release needs 0002: run `bangbang db upgrade`"
    )


async def test_a_migration_that_fails_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await database.upgrade(url)
    await database.downgrade(url)
    _run(url, "CREATE TABLE offers (id INTEGER)")

    with pytest.raises(Exception, match="offers"):
        await database.upgrade(url)

    assert await database.check(url) == "the database has no schema yet: run `bangbang db upgrade`"
    assert _run(url, "SELECT count(*) FROM sqlite_master WHERE name = 'sessions'") == 0


async def test_a_schema_is_made_as_durably_as_everything_else(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.upgrade(url)
    assert _run(url, "PRAGMA journal_mode") == "wal"

    monkeypatch.setattr(database, "DURABLE", (("synchronous", "OFF", 2),))
    line = await database.check(url)
    assert line == "the database cannot be opened: SQLite answers 0 to PRAGMA synchronous, 2 is needed"


async def test_a_migration_that_leaves_a_row_without_its_parent_is_undone(url: str) -> None:
    await database.upgrade(url)
    _run(
        url,
        "INSERT INTO contacts (channel, address, session_id, alive) VALUES ('telegram', '1', 'nobody', 1)",
    )

    with pytest.raises(RuntimeError, match="a row of contacts would name one of sessions"):
        await database.downgrade(url, database.revisions()[1])

    assert await database.check(url) is None


def _stamp(url: str, revision: str) -> None:
    _run(url, f"UPDATE alembic_version SET version_num = '{revision}'")


def _run(url: str, statement: str) -> object:
    engine = create_engine(url.replace("+aiosqlite", ""))
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        found = result.scalar_one() if result.returns_rows else None
    engine.dispose()
    return found
