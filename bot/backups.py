"""Copies of the whole database: taken while it serves, restored, and proven to be what they were taken from.

A backup is as confidential as the database: its owner alone can read it. What differs between the databases
stays in `bot.sqlite_copies` and `bot.postgres_copies`.
"""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot import postgres_copies, sqlite_copies
from bot.copies import Contents, Impossible
from bot.database import is_sqlite

__all__ = ["Impossible", "Rehearsal", "backup", "contents", "rehearse", "restore"]


class Copies(Protocol):
    """How one kind of database is copied; `sqlite_copies` and `postgres_copies` serve."""

    def recognises(self, file: Path, /) -> bool: ...
    def dump(self, url: str, file: Path, /) -> None: ...
    def load(self, url: str, file: Path, /) -> None: ...
    def contents(self, url: str, /) -> Contents: ...
    def fault(self, url: str, /) -> str | None: ...
    def throw_away(self, url: str, folder: Path, /) -> AbstractContextManager[str]: ...


@dataclass
class Rehearsal:
    """What a rehearsal found, for the operator, and whether the copy is whole."""

    same: bool = True
    lines: list[str] = field(default_factory=list)


def backup(url: str, file: Path) -> int:
    """Copy the database to a new file of mode 0600, which appears when it is complete; its bytes.

    Raises:
        Impossible: the file exists, or the database or PostgreSQL's programs cannot be used.
        OSError: the file cannot be written.
    """
    if file.exists():
        raise Impossible(f"{file}: exists already; a backup replaces no other")
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _of(url).dump(url, unfinished)
        os.link(unfinished, file)  # refuses where a rename would replace what came meanwhile
    finally:
        unfinished.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path, *, force: bool = False) -> None:
    """Fill an empty database from a backup; with `force`, in place of what it holds.

    Raises:
        Impossible: the file is no backup of this kind of database, or the database is not empty.
        OSError: the file cannot be read.
    """
    copies = _of(url)
    if not copies.recognises(file):
        raise Impossible(f"{file}: is no backup of the kind of database that BANGBANG_DATABASE_URL names")
    if not force and copies.contents(url):
        raise Impossible("BANGBANG_DATABASE_URL: the database is not empty; --force replaces what it holds")
    copies.load(url, file)


def rehearse(url: str, file: Path | None = None) -> Rehearsal:
    """Restore a backup, or one taken now, into a database of its own and compare.

    One taken now must hold what the database held before or after it was taken, table by table; a file from
    earlier must be whole, and what has changed since is told.

    Raises:
        Impossible, OSError: as `backup` and `restore` do.
    """
    copies, found = _of(url), Rehearsal()
    with tempfile.TemporaryDirectory(prefix="bangbang-") as folder:
        taken, before = file or Path(folder) / "backup", contents(url)
        if file is None:
            _timed(found, "backed up", lambda: backup(url, taken), taken)
        after = contents(url)
        with copies.throw_away(url, Path(folder)) as copy:
            _timed(found, "restored", lambda: restore(copy, taken), taken)
            fault = copies.fault(copy)
            found.same = fault is None
            found.lines.append(f"integrity: {fault or 'ok'}")
            _compare(found, (before, after), contents(copy), since=file is not None)
    return found


def contents(url: str) -> Contents:
    """How many rows each table holds, and a digest of them that no order of rows changes."""
    return _of(url).contents(url)


def _of(url: str) -> Copies:
    return sqlite_copies if is_sqlite(url) else postgres_copies


def _timed(found: Rehearsal, done: str, step: Callable[[], object], file: Path) -> None:
    began = time.perf_counter()
    step()
    found.lines.append(f"{done} in {time.perf_counter() - began:.2f} s, {file.stat().st_size} bytes")


def _compare(found: Rehearsal, held: tuple[Contents, Contents], copy: Contents, *, since: bool) -> None:
    """Table by table; `since` when the backup is older than what is held."""
    before, after = held
    for table in sorted({*before, *after, *copy}):
        now, restored = after.get(table), copy.get(table)
        known = restored is not None and now is not None
        changed = since or before.get(table) != now
        same = known and (restored in (before.get(table), now) or changed)
        exact = restored == now
        found.same &= same
        rows = restored.rows if restored else 0
        verdict = "same" if exact else "changed since" if same else "DIFFERENT"
        found.lines.append(f"{table}: {rows} rows, {verdict}")
