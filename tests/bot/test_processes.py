"""What stops a command from starting is one line with the name of the setting at fault, and exit code 2."""

import asyncio
import os
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.dead_letters import DeadLetters
from bot.signing import Signer
from conversations.store import Store
from tests.conversations.toy import ToyClock

GOOD = {
    "DATABASE_URL": "sqlite+aiosqlite:///shop/bangbang.db",
    "SECRET_KEY": "a secret of the tests, long enough to be one",
    "WEIBO_APP_KEY": "1234567",
}


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An empty folder, and settings that `serve` takes."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("BANGBANG_")]:
        monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(f"BANGBANG_{name}", value)
    return monkeypatch


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, arguments)


def refusal(*arguments: str) -> str:
    """The one line of a command that does not start."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    [line] = result.stderr.splitlines()
    return line.removeprefix("bangbang: ")


def change(statement: str) -> None:
    with closing(sqlite3.connect("shop/bangbang.db")) as connection, connection:
        connection.execute(statement)


def test_the_schema_is_brought_up_to_date_and_checked() -> None:
    missing = run("db", "check")
    assert (missing.exit_code, "there is no database at shop/bangbang.db" in missing.stdout) == (1, True)

    assert (run("db", "upgrade").exit_code, run("db", "upgrade").exit_code) == (0, 0)

    assert run("db", "check").exit_code == 0


def test_an_older_schema_fails_the_check_and_stops_serve() -> None:
    run("db", "upgrade")
    change("DELETE FROM alembic_version")

    checked = run("db", "check")

    assert (checked.exit_code, checked.stdout.count("\n")) == (1, 1)
    assert "bangbang db upgrade" in checked.stdout
    assert refusal("serve").startswith("BANGBANG_DATABASE_URL: the database has no schema yet")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "short", "should hold at least 32 random characters"),
        ("SECRET_KEY", "", "should hold at least 32 random characters"),
        ("WEIBO_APP_KEY", "", "should hold the application key"),
        ("DATABASE_URL", "sqlite+aiosqlite:///other.db", "there is no database at other.db"),
        ("PORT", "abc", "integer"),
        ("POLICY_FILE", "missing.json", "missing.json cannot be read"),
        ("WEIBO_API_URL", "http://weibo.example", "https"),
    ],
)
def test_serve_names_the_setting_at_fault(
    settings: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    run("db", "upgrade")
    settings.setenv(f"BANGBANG_{name}", value)

    line = refusal("serve")

    assert line.startswith(f"BANGBANG_{name}: ")
    assert said in line


def test_serve_refuses_a_webhook_without_a_secret(settings: pytest.MonkeyPatch) -> None:
    settings.setenv("BANGBANG_TELEGRAM_TOKEN", "42:TEST")
    settings.setenv("BANGBANG_TELEGRAM_MODE", "webhook")

    assert refusal("serve").startswith("BANGBANG_TELEGRAM_WEBHOOK_SECRET ")


@pytest.mark.parametrize("host", ["256.0.0.1", "x" * 64 + ".example"])
def test_serve_refuses_a_host_that_is_none(settings: pytest.MonkeyPatch, host: str) -> None:
    run("db", "upgrade")
    settings.setenv("BANGBANG_HOST", host)

    assert refusal("serve").startswith(f"BANGBANG_HOST, BANGBANG_PORT: port 8080 on {host} cannot be used")


def test_a_port_in_use_is_said(settings: pytest.MonkeyPatch) -> None:
    run("db", "upgrade")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        settings.setenv("BANGBANG_PORT", port)

        taken = f"port {port} on 127.0.0.1 cannot be used: Address already in use"
        assert refusal("serve") == f"BANGBANG_HOST, BANGBANG_PORT: {taken}"
        assert refusal("demo", "--port", port) == f"--port: {taken}"
        assert refusal("sandbox", "--port", port).startswith(f"--port: port {port} cannot be used: ")


def test_a_policy_with_a_fault_is_told_by_its_place(settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run("db", "upgrade")
    (tmp_path / "policy.json").write_text("{")
    settings.setenv("BANGBANG_POLICY_FILE", "policy.json")
    settings.setenv("BANGBANG_PORT", "0")

    assert refusal("serve").startswith("policy.json: should hold JSON")


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite:////dev/null/bangbang.db", "postgresql+asyncpg://shop@127.0.0.1:1/bangbang"]
)
def test_a_database_that_cannot_be_made_is_one_line(settings: pytest.MonkeyPatch, url: str) -> None:
    settings.setenv("BANGBANG_DATABASE_URL", url)

    assert refusal("db", "upgrade").startswith("BANGBANG_DATABASE_URL: the schema cannot be upgraded: ")


@pytest.mark.parametrize("command", ["demo", "chat"])
def test_a_folder_that_cannot_be_used_is_named(command: str) -> None:
    assert refusal(command, "--data", "/dev/null").startswith("/dev/null: cannot be used: ")


def test_a_folder_of_a_newer_release_is_left_alone() -> None:
    run("db", "upgrade")
    change("UPDATE alembic_version SET version_num = '9999'")

    line = refusal("chat", "--data", "shop")

    assert line.startswith(
        "--data shop: the schema cannot be upgraded: the database has schema 9999, made by"
    )
    assert "9999" in line


async def _put_aside(*raw: bytes) -> None:
    """Letters in the database of this folder, as the channel puts them there."""
    signer = Signer(GOOD["SECRET_KEY"])
    async with Store.open(GOOD["DATABASE_URL"]) as store:
        letters = DeadLetters(store, signer, ToyClock())
        for number, each in enumerate(raw):
            await letters.keep("telegram", str(number), "malformed\x1b[2J update", each)


def test_letters_are_listed_with_their_reason_and_without_their_content() -> None:
    run("db", "upgrade")
    assert (run("db", "letters").exit_code, run("db", "letters").stdout) == (0, "")
    asyncio.run(_put_aside(b"one", b"another"))

    listed = run("db", "letters").stdout.splitlines()

    assert listed == [f"{id}\t2026-11-23T09:00:00Z\ttelegram\tmalformed\\x1b[2J update" for id in (2, 1)]


def test_an_opened_letter_is_the_bytes_as_they_came(settings: pytest.MonkeyPatch) -> None:
    run("db", "upgrade")
    asyncio.run(_put_aside(bytes(range(256))))

    assert run("db", "letters", "--open", "1").stdout_bytes == bytes(range(256))

    assert "no letter 7" in refusal("db", "letters", "--open", "7")
    settings.setenv("BANGBANG_SECRET_KEY", "another secret of the tests, also long enough")
    assert refusal("db", "letters", "--open", "1").startswith("BANGBANG_SECRET_KEY")


def test_letters_of_a_database_that_is_not_there_are_refused() -> None:
    assert "there is no database" in refusal("db", "letters")
