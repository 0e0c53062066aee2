"""What the commands of the database do: schema, backup, restore, replay, and what could not be acted on."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from bot import app, backups, database, dead_letters, signing
from bot.commanding import CannotStart, read, say, usable, write
from bot.dead_letters import DeadLetters
from conversations.store import Store
from scoring.policy import PolicyError

T = TypeVar("T")

LETTERS = 1000  #: shown at most; more than that is an outage, not letters


async def upgrade() -> int:
    await upgraded(read().database_url, "BANGBANG_DATABASE_URL")
    say("the schema is up to date")
    return 0


async def upgraded(url: str, where: str) -> None:
    try:
        await database.upgrade(url)
    except Exception as error:  # drivers and migrations raise what they like; an operator reads one line
        why = (str(error) or type(error).__name__).splitlines()[0]
        raise CannotStart(f"{where}: the schema cannot be upgraded: {why}") from error


async def check() -> int:
    problem = await database.check(read().database_url)
    say(problem or "the schema fits this release")
    return 1 if problem else 0


async def replay(url: str | None, models: Path | None) -> int:
    """Make every stored decision again and compare; 1 on the first that differs."""
    from bot import replaying
    from scoring import archive, policy, registry

    given = await usable(read(**({"database_url": url} if url else {})))
    try:
        loaded = policy.load(given.products_file, given.policy_file)
        model = registry.model(given.model_file)
        kept = archive.read(models) if models else archive.EMPTY
        async with Store.open(given.database_url) as store:
            found = await replaying.Replay(model, loaded, kept).run(store, replaying.progress())
    except PolicyError as error:
        raise CannotStart(str(error)) from None
    say(*found.lines())
    return 1 if found.differs else 0


async def backup(file: Path) -> int:
    url = (await usable(read())).database_url
    began = time.perf_counter()
    size = await _kept(lambda: backups.backup(url, file), file)
    say(f"{file}: {size} bytes in {time.perf_counter() - began:.1f} s")
    return 0


async def restore(file: Path, *, force: bool) -> int:
    began = time.perf_counter()
    url = read().database_url
    await _kept(lambda: backups.restore(url, file, force=force), file)
    say(f"restored from {file} in {time.perf_counter() - began:.1f} s")
    return 0


async def rehearse(file: Path | None) -> int:
    """What a restored backup holds, table by table; 1 when it is not what was backed up."""
    url = (await usable(read())).database_url
    found = await _kept(lambda: backups.rehearse(url, file), file)
    say(*found.lines)
    return 0 if found.same else 1


async def letters() -> int:
    """What could not be acted on, a line a letter."""
    async with _letters() as kept:
        write("".join(f"{dead_letters.line(letter)}\n" for letter in await kept.newest(LETTERS)))
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
    given = await usable(read())
    signer = signing.Signer(given.secret_key.get_secret_value())
    async with Store.open(given.database_url) as store:
        yield DeadLetters(store, signer, app.now)


async def _kept(step: Callable[[], T], file: Path | None) -> T:
    try:
        return await asyncio.to_thread(step)
    except backups.Impossible as error:
        raise CannotStart(str(error)) from None
    except OSError as error:
        raise CannotStart(f"{error.filename or file}: {error.strerror or error}") from None
