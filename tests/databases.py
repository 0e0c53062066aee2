"""SQLite databases for tests: each its own file, copied from one that was made once for all of them.

Making a schema takes a hundred times as long as copying it. That it is made and migrated rightly is shown by
tests which copy none.
"""

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine

from bot.database import upgrade
from conversations.schema import METADATA
from conversations.store import sqlite

_migrated: list[bytes] = []


def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def with_tables(file: Path) -> str:
    """The URL of a database with every table, as `Store.create` makes it; one that is there is kept."""
    return _copied(_tables(), file)


async def migrated(file: Path) -> str:
    """The URL of a database with the schema of this release; one that is there is kept."""
    if not _migrated:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder, "made.db")
            await upgrade(url(made))
            _migrated.append(_content(made))
    return _copied(_migrated[0], file)


def _copied(database: bytes, file: Path) -> str:
    if not file.exists():
        file.write_bytes(database)
    return url(file)


@cache
def _tables() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "made.db")
        engine = create_engine(f"sqlite+pysqlite:///{made}")
        sqlite.harden(engine, "BEGIN IMMEDIATE", sqlite.PRAGMAS)
        with engine.begin() as connection:
            METADATA.create_all(connection)
        engine.dispose()
        return _content(made)


def _content(made: Path) -> bytes:
    """All of it: nothing was left in a file beside it when the last connection was closed."""
    assert not made.with_name(f"{made.name}-wal").exists()
    return made.read_bytes()
