"""What the commands have in common: their settings, a word to the operator, and why one does not start."""

import os
import secrets
import sys
from pathlib import Path

from bot import database, settings
from bot.settings import Settings, SettingsError

SECRET_LEAST = 32  #: characters
NO_SECRET = f"BANGBANG_SECRET_KEY: should hold at least {SECRET_LEAST} random characters"


class CannotStart(Exception):
    """Why a command does not run, in one line for the operator."""


def read(**given: object) -> Settings:
    try:
        return settings.read(**given)
    except SettingsError as error:
        raise CannotStart(str(error)) from None


def desk_settings(data: Path | None, usual: Path = Path("bangbang-data")) -> Settings:
    """Whose desk a command is about: the settings', or a demonstration's with its own secret.

    Raises:
        CannotStart: neither is there.
    """
    given = read()
    if data is None and len(given.secret_key.get_secret_value()) >= SECRET_LEAST:
        return given
    folder = data or usual
    if not (folder / "secret").is_file():
        where = f"--data {folder}: no demonstration ran there" if data else NO_SECRET
        raise CannotStart(where)
    url, at = f"sqlite+aiosqlite:///{folder / 'bangbang.db'}", kept_at(folder)
    known = {"public_url": at.read_text()} if at.is_file() else {}
    return read(database_url=url, secret_key=secret_of(folder), **known)


def kept_at(folder: Path) -> Path:
    """Where a demonstration notes its address, for links that lead to it."""
    return folder / "address"


def secret_of(data: Path) -> str:
    """The demonstration's own secret, made once and readable by its owner only."""
    file = data / "secret"
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
                made.write(secrets.token_urlsafe(48))
        return file.read_text()
    except OSError as error:
        raise CannotStart(f"{data}: cannot be used: {error.strerror}") from None


async def usable(given: Settings, where: str = "BANGBANG_DATABASE_URL") -> Settings:
    """The same settings; `where` says whence they have their database.

    Raises:
        CannotStart: its schema is not that of this release.
    """
    if problem := await database.check(given.database_url):
        raise CannotStart(f"{where}: {problem}")
    return given


def say(*lines: str) -> None:
    write("".join(f"{line}\n" for line in lines))


def write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
