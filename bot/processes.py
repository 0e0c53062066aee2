"""What the commands run: each reads its settings, assembles the parts, and ends cleanly."""

import asyncio
import gc
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

from bot import app, backups, database, dead_letters, logs, settings, signing, terminal
from bot.dead_letters import DeadLetters
from bot.languages import Language
from bot.settings import Settings, SettingsError
from conversations.store import Store
from conversations.store.presence import AlreadyServed
from scoring.policy import PolicyError

T = TypeVar("T")

SECRET_LEAST = 32  #: characters
LETTERS = 1000  #: shown at most; more than that is an outage, not letters
LOOPBACK = "127.0.0.1"
_NO_SECRET = f"BANGBANG_SECRET_KEY: should hold at least {SECRET_LEAST} random characters"


class CannotStart(Exception):
    """Why a command does not run, in one line for the operator."""


async def demo(port: int, data: Path) -> int:
    """Everything on one machine with nothing to configure."""
    async with _demonstration(data, port) as (given, listening):
        logs.configure(given.log_level, sys.stderr, machine=False)
        async with _assembled(given) as parts, app.serving(parts, listening, sandbox=True):
            _kept_at(data).write_text(given.public_url)
            telegram = "on" if given.telegram_token else "off (set BANGBANG_TELEGRAM_TOKEN to turn it on)"
            _say(
                f"web chat       {given.public_url}/",
                *await _desk(parts),
                f"weibo sandbox  {given.weibo_api_url}/  (the social data is a sandbox: invented merchants)",
                f"telegram       {telegram}",
                f"data           {data}",
                "stop with Ctrl-C",
            )
            _settled()
            await _until_stopped()
    return 0


async def _desk(parts: app.Parts) -> list[str]:
    """Where the desk is, and how its first administrator gets in as long as there is none."""
    from bot.access import administering

    at = f"{parts.settings.public_url}/desk"
    token = await administering.invite_first(parts.access)
    if token is None:
        return [f"staff desk     {at}"]
    return [
        f"staff desk     {at}/invitation/{token}",
        "               (opens once, for the first administrator)",
    ]


async def serve() -> int:
    """The product from its settings; refuses an older schema, a weak secret and a missing Weibo key."""
    given = _read()
    if len(given.secret_key.get_secret_value()) < SECRET_LEAST:
        raise CannotStart(_NO_SECRET)
    if not given.weibo_app_key:
        raise CannotStart("BANGBANG_WEIBO_APP_KEY: should hold the application key that Weibo gave you")
    if problem := await database.check(given.database_url):
        raise CannotStart(f"BANGBANG_DATABASE_URL: {problem}")
    logs.configure(given.log_level, sys.stderr, machine=True)
    with _listening(given.host, given.port, "BANGBANG_HOST, BANGBANG_PORT") as listening:
        async with _assembled(given) as parts, app.serving(parts, listening):
            _say(f"serving {given.public_url} on {given.host}:{listening.getsockname()[1]}")
            _settled()
            await _until_stopped()
    return 0


async def chat(language: Language | None, data: Path, *, as_json: bool) -> int:
    """One merchant in this terminal; a small server beside it lets accounts be connected."""
    opened = app.now()
    async with (
        _demonstration(data, 0, telegram_token=None) as (given, listening),
        _assembled(given) as parts,
        app.serving(parts, listening, sandbox=True),
    ):
        note = f"weibo sandbox {given.weibo_api_url}/  (invented merchants; profiles can be edited there)"
        sys.stderr.write(f"{note}\n")
        plain = terminal.PlainScreen(_write, prompt=sys.stdin is not None and sys.stdin.isatty())
        screen = terminal.JsonScreen(_write) if as_json else plain
        here = terminal.Terminal(parts.turns, screen, parts.clock, language, since=opened)
        await here.run(terminal.typed())
    return 0


async def sandbox(port: int) -> int:
    from bot.sandbox import server as weibo_sandbox

    try:
        runner, url = await weibo_sandbox.start(LOOPBACK, port)
    except OSError as error:
        raise CannotStart(f"--port: port {port} cannot be used: {error.strerror}") from None
    _say(f"weibo sandbox {url}/  (invented merchants)", "stop with Ctrl-C")
    try:
        await _until_stopped()
    finally:
        await runner.cleanup()
    return 0


async def upgrade() -> int:
    await _upgraded(_read().database_url, "BANGBANG_DATABASE_URL")
    _say("the schema is up to date")
    return 0


async def replay(url: str | None, models: Path | None) -> int:
    """Make every stored decision again and compare; 1 on the first that differs."""
    from bot import replaying
    from scoring import archive, policy, registry

    given = _read(**({"database_url": url} if url else {}))
    if problem := await database.check(given.database_url):
        raise CannotStart(f"BANGBANG_DATABASE_URL: {problem}")
    try:
        loaded = policy.load(given.products_file, given.policy_file)
        model = registry.model(given.model_file)
        kept = archive.read(models) if models else archive.EMPTY
        async with Store.open(given.database_url) as store:
            found = await replaying.Replay(model, loaded, kept).run(store, replaying.progress())
    except PolicyError as error:
        raise CannotStart(str(error)) from None
    _say(*found.lines())
    return 1 if found.differs else 0


async def check() -> int:
    problem = await database.check(_read().database_url)
    _say(problem or "the schema fits this release")
    return 1 if problem else 0


async def backup(file: Path) -> int:
    url = await _usable()
    began = time.perf_counter()
    size = await _kept(lambda: backups.backup(url, file), file)
    _say(f"{file}: {size} bytes in {time.perf_counter() - began:.1f} s")
    return 0


async def restore(file: Path, *, force: bool) -> int:
    began = time.perf_counter()
    url = _read().database_url
    await _kept(lambda: backups.restore(url, file, force=force), file)
    _say(f"restored from {file} in {time.perf_counter() - began:.1f} s")
    return 0


async def rehearse(file: Path | None) -> int:
    """What a restored backup holds, table by table; 1 when it is not what was backed up."""
    url = await _usable()
    found = await _kept(lambda: backups.rehearse(url, file), file)
    _say(*found.lines)
    return 0 if found.same else 1


async def letters() -> int:
    """What could not be acted on, a line a letter."""
    async with _letters() as kept:
        _write("".join(f"{dead_letters.line(letter)}\n" for letter in await kept.newest(LETTERS)))
    return 0


async def letter(id: int) -> int:
    """One letter's bytes as they came, to standard output."""
    async with _letters() as kept:
        try:
            raw = await kept.opened(id)
        except LookupError:
            raise CannotStart(f"--open: there is no letter {id}, or its time was up") from None
        except signing.BadSignature:
            raise CannotStart("BANGBANG_SECRET_KEY: the letter was sealed with another one") from None
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()
    return 0


@asynccontextmanager
async def _letters() -> AsyncIterator[DeadLetters]:
    url = await _usable()
    signer = signing.Signer(_read().secret_key.get_secret_value())
    async with Store.open(url) as store:
        yield DeadLetters(store, signer, app.now)


def desk_settings(data: Path | None, usual: Path = Path("bangbang-data")) -> Settings:
    """Whose desk a command is about: the settings', or a demonstration's with its own secret.

    Raises:
        CannotStart: neither is there.
    """
    given = _read()
    if data is None and len(given.secret_key.get_secret_value()) >= SECRET_LEAST:
        return given
    folder = data or usual
    if not (folder / "secret").is_file():
        where = f"--data {folder}: no demonstration ran there" if data else _NO_SECRET
        raise CannotStart(where)
    url, at = f"sqlite+aiosqlite:///{folder / 'bangbang.db'}", _kept_at(folder)
    known = {"public_url": at.read_text()} if at.is_file() else {}
    return _read(database_url=url, secret_key=_secret(folder), **known)


def _kept_at(folder: Path) -> Path:
    """Where a demonstration notes its address, for links that lead to it."""
    return folder / "address"


async def _usable() -> str:
    """The URL of a database with the schema of this release."""
    url = _read().database_url
    if problem := await database.check(url):
        raise CannotStart(f"BANGBANG_DATABASE_URL: {problem}")
    return url


async def _kept(step: Callable[[], T], file: Path | None) -> T:
    try:
        return await asyncio.to_thread(step)
    except backups.Impossible as error:
        raise CannotStart(str(error)) from None
    except OSError as error:
        raise CannotStart(f"{error.filename or file}: {error.strerror or error}") from None


@asynccontextmanager
async def _demonstration(
    data: Path, port: int, **own: object
) -> AsyncIterator[tuple[Settings, socket.socket]]:
    """Settings of a machine of one's own: a sandbox is running and the schema is up to date."""
    from bot.sandbox import server as weibo_sandbox
    from bot.sandbox.memory import SandboxConfig

    secret = _secret(data)
    with _listening(LOOPBACK, port, "--port") as listening:
        url = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
        config = SandboxConfig(redirect_uris=frozenset({f"{url}/weibo/callback"}))
        runner, weibo = await weibo_sandbox.start(LOOPBACK, 0, config)
        try:
            given = _read(
                database_url=f"sqlite+aiosqlite:///{data / 'bangbang.db'}",
                secret_key=secret,
                public_url=url,
                weibo_api_url=weibo,
                weibo_app_key=config.app_key,
                weibo_app_secret=config.app_secret,
                **own,
            )
            await _upgraded(given.database_url, f"--data {data}")
            yield given, listening
        finally:
            await runner.cleanup()


@asynccontextmanager
async def _assembled(given: Settings) -> AsyncIterator[app.Parts]:
    async with AsyncExitStack() as stack:
        try:
            parts = await stack.enter_async_context(app.assembled(given))
        except (AlreadyServed, PolicyError, ValueError) as error:
            raise CannotStart(str(error)) from None
        yield parts


async def _upgraded(url: str, where: str) -> None:
    try:
        await database.upgrade(url)
    except Exception as error:  # drivers and migrations raise what they like; an operator reads one line
        why = (str(error) or type(error).__name__).splitlines()[0]
        raise CannotStart(f"{where}: the schema cannot be upgraded: {why}") from error


def _listening(host: str, port: int, where: str) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except (OSError, UnicodeError) as error:  # a host that is no name at all cannot be encoded
        reason = getattr(error, "strerror", None) or str(error)
        plain = reason.partition(" (while")[0]  # Python adds the address, which is named already
        raise CannotStart(f"{where}: port {port} on {host} cannot be used: {plain}") from None


def _secret(data: Path) -> str:
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


def _read(**given: object) -> Settings:
    try:
        return settings.read(**given)
    except SettingsError as error:
        raise CannotStart(str(error)) from None


def _settled() -> None:
    """What the start made stays to the end: the collector of garbage need not look at it any more.

    It is a hundred thousand objects; every full collection stopped the event loop for 40 ms to look at them.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # a turn leaves few cycles: looking for them often cost a twelfth of it


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()


def _say(*lines: str) -> None:
    _write("\n".join(lines) + "\n")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
