"""SQLite's online backup: a consistent copy of the file while others write to it, and never wait for it."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.copies import VOLATILE, Contents, Held, Impossible

MAGIC = b"SQLite format 3\0"
ALL = -1  #: pages in one step: between two steps a change by another process would begin the copy anew
PATIENCE = 30.0  #: seconds to wait for whoever holds the file


def recognises(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def dump(url: str, file: Path) -> None:
    if not _path(url).is_file():
        raise Impossible(f"BANGBANG_DATABASE_URL: there is no database at {_path(url)}")
    _copy(_path(url), file)
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it


def load(url: str, file: Path) -> None:
    """Through the same interface, so that a process that has the database open sees all of it or nothing."""
    if fault_in(file):
        raise Impossible(f"{file}: is damaged")
    target = _path(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    _copy(file, target)


def contents(url: str) -> Contents:
    if not _path(url).is_file():
        return {}
    with _opened(_path(url)) as connection:
        connection.execute("BEGIN")  # one moment for every table
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        names = [name for (name,) in named if not name.startswith("sqlite_") and name not in VOLATILE]
        return {name: _held(connection, name) for name in names}


def fault(url: str) -> str | None:
    return fault_in(_path(url))


def fault_in(file: Path) -> str | None:
    """What SQLite finds wrong with a file; None when it is whole."""
    try:
        with _opened(file) as connection:
            [answer] = connection.execute("PRAGMA integrity_check(1)").fetchone()
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError:
        return "it cannot be read"
    if answer != "ok":
        return "pages are damaged"
    return f"{orphan[0]} has rows that belong to none" if orphan else None


@contextmanager
def throw_away(_url: str, folder: Path) -> Iterator[str]:
    yield f"sqlite+aiosqlite:///{folder / 'copy.db'}"


def _copy(source: Path, target: Path) -> None:
    try:
        with _opened(source) as read, closing(sqlite3.connect(target, timeout=PATIENCE)) as written:
            read.backup(written, pages=ALL)
    except sqlite3.Error as error:
        raise Impossible(f"{target}: cannot be written: {error}") from None


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as connection:
        yield connection


def _held(connection: sqlite3.Connection, table: str) -> Held:
    """The sum of the rows' digests: the same in any order, and another one for any other row."""
    total, rows = 0, 0
    for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  # a name out of the schema itself
        total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest())
        rows += 1
    return Held(rows, f"{total % 2**256:064x}")


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")
