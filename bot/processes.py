"""What the commands run that stay: each reads its settings, assembles the parts, and ends cleanly."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from pathlib import Path

from bot import app, database, logs, terminal
from bot.commanding import NO_SECRET, SECRET_LEAST, CannotStart, kept_at, read, say, secret_of, usable, write
from bot.keeper import Kept
from bot.languages import Language
from bot.settings import Settings
from conversations.store.presence import AlreadyServed
from scoring.policy import PolicyError

LOOPBACK = "127.0.0.1"


async def demo(port: int, data: Path) -> int:
    """Everything on one machine with nothing to configure."""
    async with _demonstration(data, port) as (given, listening):
        logs.configure(given.log_level, sys.stderr, machine=False)
        async with _assembled(given) as parts, app.serving(parts, listening, sandbox=True):
            kept_at(data).write_text(given.public_url)
            telegram = "on" if given.telegram_token else "off (set BANGBANG_TELEGRAM_TOKEN to turn it on)"
            say(
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


def opened() -> tuple[Settings, socket.socket]:
    """The product's settings and its open door; refuses a weak secret and a missing Weibo key."""
    given = read()
    if len(given.secret_key.get_secret_value()) < SECRET_LEAST:
        raise CannotStart(NO_SECRET)
    if not given.weibo_app_key:
        raise CannotStart("BANGBANG_WEIBO_APP_KEY: should hold the application key that Weibo gave you")
    logs.configure(given.log_level, sys.stderr, machine=True)
    return given, _listening(given.host, given.port, "BANGBANG_HOST, BANGBANG_PORT")


def load(given: Settings) -> None:
    """Import what a start would import later: processes forked from this one share it."""
    database.load_driver(given.database_url)
    if not database.is_sqlite(given.database_url):
        import_module("procrastinate.worker")
    if given.telegram_token:
        import_module("bot.telegram.channel")


async def serve(given: Settings, listening: socket.socket, kept: Kept | None = None) -> int:
    """The product behind its open door; refuses an older schema."""
    with listening:
        await usable(given)
        async with _assembled(given) as parts, app.serving(parts, listening):
            if kept is None or kept.first:  # later nobody may read it any more
                say(f"serving {given.public_url} on {given.host}:{listening.getsockname()[1]}")
            if kept:
                kept.serves()
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
        plain = terminal.PlainScreen(write, prompt=sys.stdin is not None and sys.stdin.isatty())
        screen = terminal.JsonScreen(write) if as_json else plain
        here = terminal.Terminal(parts.turns, screen, parts.clock, language, since=opened)
        await here.run(terminal.typed())
    return 0


async def sandbox(port: int) -> int:
    from bot.sandbox import server as weibo_sandbox

    try:
        runner, url = await weibo_sandbox.start(LOOPBACK, port)
    except OSError as error:
        raise CannotStart(f"--port: port {port} cannot be used: {error.strerror}") from None
    say(f"weibo sandbox {url}/  (invented merchants)", "stop with Ctrl-C")
    try:
        await _until_stopped()
    finally:
        await runner.cleanup()
    return 0


@asynccontextmanager
async def _demonstration(
    data: Path, port: int, **own: object
) -> AsyncIterator[tuple[Settings, socket.socket]]:
    """Settings of a machine of one's own: a sandbox is running and the schema is up to date."""
    from bot.database_work import upgraded
    from bot.sandbox import server as weibo_sandbox
    from bot.sandbox.memory import SandboxConfig

    secret = secret_of(data)
    with _listening(LOOPBACK, port, "--port") as listening:
        url = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
        config = SandboxConfig(redirect_uris=frozenset({f"{url}/weibo/callback"}))
        runner, weibo = await weibo_sandbox.start(LOOPBACK, 0, config)
        try:
            given = read(
                database_url=f"sqlite+aiosqlite:///{data / 'bangbang.db'}",
                secret_key=secret,
                public_url=url,
                weibo_api_url=weibo,
                weibo_app_key=config.app_key,
                weibo_app_secret=config.app_secret,
                **own,
            )
            await upgraded(given.database_url, f"--data {data}")
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


def _listening(host: str, port: int, where: str) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except (OSError, UnicodeError) as error:  # a host that is no name at all cannot be encoded
        reason = getattr(error, "strerror", None) or str(error)
        plain = reason.partition(" (while")[0]  # Python adds the address, which is named already
        raise CannotStart(f"{where}: port {port} on {host} cannot be used: {plain}") from None


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
