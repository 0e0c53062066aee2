"""Settings: nothing is needed, and whatever is wrong is named with what it should hold."""

import os
import sys
from pathlib import Path

import pytest

from bot import settings
from bot.settings import SettingsError, TelegramMode

Environment = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def environment(monkeypatch: Environment, tmp_path: Path) -> Environment:
    """An empty folder and no settings at all."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("BANGBANG_")]:
        monkeypatch.delenv(name)
    return monkeypatch


def problem() -> str:
    with pytest.raises(SettingsError) as refused:
        settings.read()
    return str(refused.value)


def test_nothing_needs_to_be_set() -> None:
    given = settings.read()

    assert given.database_url == "sqlite+aiosqlite:///bangbang-data/bangbang.db"
    assert (given.host, given.port, given.public_url) == ("127.0.0.1", 8080, "http://127.0.0.1:8080")
    assert given.telegram_token is None
    assert given.telegram_mode is TelegramMode.POLLING


@pytest.mark.parametrize(
    ("name", "value", "should"),
    [
        ("DATABASE_URL", "nonsense", "sqlite+aiosqlite:///FILE"),
        ("DATABASE_URL", "mysql://shop@db/bangbang", "postgresql+asyncpg://"),
        ("DATABASE_URL", "sqlite:///shop.db", "sqlite+aiosqlite:///FILE"),
        ("DATABASE_URL", "sqlite+aiosqlite:///:memory:", "sqlite+aiosqlite:///FILE"),
        ("DATABASE_URL", "sqlite+aiosqlite://", "sqlite+aiosqlite:///FILE"),
        ("DATABASE_URL", "postgresql+asyncpg://shop@db:http/bangbang", "postgresql+asyncpg://"),
        ("PUBLIC_URL", "shop.example", "https://"),
        ("PUBLIC_URL", "https://shop.example/?a=b", "https://"),
        ("PORT", "abc", "integer"),
        ("PORT", "65536", "65535"),
        ("PORT", "-1", "0"),
        ("TRUSTED_PROXIES", "nginx", "172.16.0.0/12"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "172.16.0.0/12"),
        ("TELEGRAM_API_URL", "telegram", "https://"),
        ("TELEGRAM_MODE", "pigeon", "'polling' or 'webhook'"),
        ("WEIBO_API_URL", "ftp://weibo.example", "https://"),
        ("PRODUCTS_FILE", "missing.json", "missing.json cannot be read"),
        ("POLICY_FILE", ".", ". cannot be read"),
        ("MODEL_FILE", "missing.json", "missing.json cannot be read"),
        ("LOG_LEVEL", "loud", "'WARNING'"),
        ("DESK_HOURS", "9-18", "like 1-5 09:00-18:00"),
        ("DESK_HOLIDAYS", "New Year", "like 2027-01-01"),
    ],
)
def test_a_wrong_value_is_one_line_with_its_variable(
    environment: Environment, name: str, value: str, should: str
) -> None:
    environment.setenv(f"BANGBANG_{name}", value)

    said = problem()

    assert said.startswith(f"BANGBANG_{name}: ")
    assert should in said
    assert "\n" not in said


def test_every_wrong_value_has_its_line(environment: Environment) -> None:
    environment.setenv("BANGBANG_PORT", "abc")
    environment.setenv("BANGBANG_LOG_LEVEL", "loud")

    assert [line.split(":")[0] for line in problem().splitlines()] == ["BANGBANG_PORT", "BANGBANG_LOG_LEVEL"]


@pytest.mark.parametrize(
    "secret", [None, "", "short", "with spaces in it, long enough", "小夏" * 20, "x" * 257]
)
def test_a_webhook_needs_a_secret_that_telegram_takes(environment: Environment, secret: str | None) -> None:
    environment.setenv("BANGBANG_TELEGRAM_TOKEN", "42:TEST")
    environment.setenv("BANGBANG_TELEGRAM_MODE", "webhook")
    if secret is not None:
        environment.setenv("BANGBANG_TELEGRAM_WEBHOOK_SECRET", secret)

    assert problem().startswith("BANGBANG_TELEGRAM_WEBHOOK_SECRET must hold 16 to 256 characters")

    environment.setenv("BANGBANG_TELEGRAM_WEBHOOK_SECRET", "a_secret_of_the-tests")
    assert settings.read().telegram_mode is TelegramMode.WEBHOOK


@pytest.mark.parametrize("given", ["1001234567890", "@shops", "-1.5", "-0"])
def test_the_group_of_the_staff_is_named_by_its_number(environment: Environment, given: str) -> None:
    environment.setenv("BANGBANG_TELEGRAM_TOKEN", "42:TEST")
    environment.setenv("BANGBANG_TELEGRAM_DESK", given)

    assert problem() == ("BANGBANG_TELEGRAM_DESK: should be the chat id of a supergroup, like -1001234567890")

    environment.setenv("BANGBANG_TELEGRAM_DESK", "-1001234567890")
    assert settings.read().telegram_desk == -1001234567890


def test_a_group_without_a_bot_is_none(environment: Environment) -> None:
    environment.setenv("BANGBANG_TELEGRAM_DESK", "-1001234567890")

    assert problem().startswith("BANGBANG_TELEGRAM_DESK needs BANGBANG_TELEGRAM_TOKEN")


def test_a_password_is_never_repeated(environment: Environment) -> None:
    environment.setenv("BANGBANG_DATABASE_URL", "postgres://shop:hunter2@db/bangbang")
    environment.setenv("BANGBANG_SECRET_KEY", "hunter3")

    assert "hunter" not in problem()
    assert "hunter" not in repr(settings.read(database_url="postgresql+asyncpg://shop@db/bangbang"))


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:////var/lib/bangbang/bangbang.db",
        "postgresql+asyncpg://shop:p%40ss:word@db.example:5432/bangbang",
        "postgresql+asyncpg://postgres@/postgres?host=/run/postgresql",
        "postgresql+asyncpg://shop@[::1]:5432/bangbang",
    ],
)
def test_databases_of_both_kinds_are_known(environment: Environment, url: str) -> None:
    environment.setenv("BANGBANG_DATABASE_URL", url)

    assert settings.read().database_url == url


def test_postgresql_without_its_driver_says_what_to_install(environment: Environment) -> None:
    environment.setitem(sys.modules, "asyncpg", None)
    environment.setenv("BANGBANG_DATABASE_URL", "postgresql+asyncpg://shop@db/bangbang")

    assert problem() == "BANGBANG_DATABASE_URL: needs asyncpg for PostgreSQL: install bangbang[scale]"


def test_an_empty_value_is_no_value(environment: Environment) -> None:
    """As `BANGBANG_POLICY_FILE=` in a file of settings that lists them all."""
    for name in ("POLICY_FILE", "PORT", "TELEGRAM_TOKEN", "LOG_LEVEL"):
        environment.setenv(f"BANGBANG_{name}", "")

    given = settings.read()

    assert (given.policy_file, given.port, given.telegram_token, given.log_level) == (
        None,
        8080,
        None,
        "INFO",
    )


def test_an_address_may_end_with_a_slash(environment: Environment) -> None:
    environment.setenv("BANGBANG_PUBLIC_URL", "https://shop.example/")

    assert settings.read().public_url == "https://shop.example"


def test_the_environment_wins_over_the_file_and_given_values_over_both(
    environment: Environment, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("BANGBANG_HOST=file\nBANGBANG_PORT=1\nBANGBANG_LOG_LEVEL=ERROR\nOTHER=1\n")
    environment.setenv("BANGBANG_HOST", "environment")
    environment.setenv("BANGBANG_PORT", "2")

    given = settings.read(port=3)

    assert (given.host, given.port, given.log_level) == ("environment", 3, "ERROR")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe")

    assert problem() == ".env: should hold UTF-8 text"
