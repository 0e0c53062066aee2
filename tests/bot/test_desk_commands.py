"""`bangbang staff` and `bangbang audit verify`, beside a demonstration and on settings of one's own."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli, database

GOOD = {
    "DATABASE_URL": "sqlite+aiosqlite:///shop/bangbang.db",
    "SECRET_KEY": "a secret of the tests, long enough to be one",
    "PUBLIC_URL": "https://loans.example",
}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema of this release and nothing in it."""
    file = tmp_path_factory.mktemp("empty") / "bangbang.db"
    asyncio.run(database.upgrade(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(autouse=True)
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in GOOD.items():
        monkeypatch.setenv(f"BANGBANG_{name}", value)
    Path("shop").mkdir()
    shutil.copy(empty, "shop/bangbang.db")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, arguments)


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    [line] = result.stderr.splitlines()
    return line.removeprefix("bangbang: ")


def change(statement: str) -> None:
    with closing(sqlite3.connect("shop/bangbang.db")) as connection, connection:
        connection.executescript(statement)


def test_inviting_prints_a_link_and_the_list_tells_of_it() -> None:
    link, once = run("staff", "add", "小李", "--role", "administrator").stdout.splitlines()

    assert link.startswith("https://loans.example/desk/invitation/")
    assert "once" in once
    assert run("staff", "list").stdout == "小李\tadministrator\tinvited\t-\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("staff", "add", "  ", "--role", "agent"), "1 to 40 characters"),
        (("staff", "disable", "nobody"), "no account of this name"),
        (("staff", "reset", "nobody"), "no account of this name"),
        (("staff", "list", "--data", "elsewhere"), "no demonstration ran there"),
        (("audit", "verify", "--anchor", "shop"), "Is a directory"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(arguments: tuple[str, ...], says: str) -> None:
    assert says in refusal(*arguments)


def test_an_unknown_role_is_wrong_usage() -> None:
    result = run("staff", "add", "Ann", "--role", "king")

    assert result.exit_code == 2
    assert "administrator" in result.output


def test_without_a_secret_the_demonstration_in_this_folder_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BANGBANG_SECRET_KEY")
    assert "BANGBANG_SECRET_KEY" in refusal("staff", "list")
    Path("shop/secret").write_text("the demonstration's own secret, made once")
    Path("shop/address").write_text("http://127.0.0.1:8123")

    link = run("staff", "add", "Ann", "--role", "agent", "--data", "shop").stdout
    assert link.startswith("http://127.0.0.1:8123/desk/invitation/")


def test_the_record_is_verified_and_anchored() -> None:
    run("staff", "add", "Ann", "--role", "agent")
    run("staff", "add", "Bob", "--role", "agent")
    whole = run("audit", "verify", "--anchor", "anchor.jsonl")
    assert (whole.exit_code, whole.stdout.startswith("2 rows, all of them whole")) == (0, True)

    change("DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE n = 2")
    assert run("audit", "verify").exit_code == 0  # a chain cannot tell that its end is gone
    cut = run("audit", "verify", "--anchor", "anchor.jsonl")
    assert (cut.exit_code, cut.stdout.startswith("row 2: is gone")) == (1, True)

    change("DROP TRIGGER audit_no_update; UPDATE audit SET who = 'nobody' WHERE n = 1")
    changed = run("audit", "verify")
    assert (changed.exit_code, changed.stdout.startswith("row 1: was changed")) == (1, True)


def test_the_report_is_empty_where_nobody_has_come() -> None:
    told = run("report", "--from", "2026-11-01", "--to", "2026-11-23").stdout.splitlines()

    assert told[0] == "conversations begun from 2026-11-01 to 2026-11-23"
    assert told[1].split() == ["question", "seen", "answered", "left", "seconds", "corrected", "unclear"]
    assert len(told) == 2


def test_the_report_goes_into_a_file_as_well(tmp_path: Path) -> None:
    assert run("report", "--csv", "report.csv").exit_code == 0

    assert (tmp_path / "report.csv").read_text() == "question,seen,answered,left,seconds,corrected,unclear\n"


def test_a_report_that_cannot_be_written_is_refused() -> None:
    result = run("report", "--csv", "nowhere/report.csv")

    assert result.exit_code == 2
    assert "--csv: nowhere/report.csv: No such file or directory" in result.stderr


def test_a_day_that_is_none_is_refused() -> None:
    assert run("report", "--from", "yesterday").exit_code == 2
