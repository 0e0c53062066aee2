"""A disk that is full, or read-only: nothing is acknowledged that is not stored, and it heals."""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.faults import market
from tests.faults.evidence import evidence
from tests.faults.market import Market
from tests.faults.outcome import Outcome

ROOM = "24m"
MISSING = "a small file system can only be mounted by root"


def mountable() -> bool:
    return os.geteuid() == 0 and _mount("-t", "tmpfs", "-o", "size=1m", "none", "/mnt") and _unmount("/mnt")


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of its own in this folder."""
    folder.mkdir(exist_ok=True)
    if not _mount("-t", "tmpfs", "-o", f"size={ROOM}", "none", str(folder)):
        raise RuntimeError(MISSING)
    try:
        yield
    finally:
        _unmount(str(folder))


async def full(seed: int, *, chats: int, seconds: float = 2.0) -> Outcome:
    """The disk fills up while the merchants talk; then there is room again."""
    async with market.opened(seed, disk=small_disk) as world:
        world.pace.allowed = chats * 5
        await world.program().start()
        world.enter(chats)
        await world.until(lambda: world.pace.allowed == 0)
        filler = world.disk / "filler"
        _fill(filler)
        world.pace.allow(chats * 5)
        await asyncio.sleep(seconds)  # the fault lasts that long, whatever happens in it
        lost = _acknowledged_and_missing(world)
        filler.unlink()
        world.pace.allow(None)
        await world.everyone_is_done()
        broken = await world.close()
        return Outcome("disk full", {"chats": chats}, lost + broken + _damaged(world))


async def read_only(seed: int, *, chats: int) -> Outcome:
    """A start on a read-only disk acknowledges nothing; the next start goes on."""
    async with market.opened(seed, disk=small_disk) as world:
        world.pace.allowed = chats * 5
        program = world.program()
        await program.start()
        world.enter(chats)
        await world.until(lambda: world.pace.allowed == 0 and not world.api.mailbox.waiting)
        await program.stop()
        _mount("-o", "remount,ro", str(world.disk))
        await program.start()
        world.pace.allow(chats)
        await program.ended(patience=5)
        await program.kill()
        _mount("-o", "remount,rw", str(world.disk))
        lost = _acknowledged_and_missing(world)
        await program.start()
        world.pace.allow(None)
        await world.everyone_is_done()
        world.kills += 1
        broken = await world.close()
        return Outcome("disk read-only", {"chats": chats}, lost + broken + _damaged(world))


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(b"x" * 4096):
            pass


def _acknowledged_and_missing(world: Market) -> list[str]:
    """Updates that are not Telegram's any more and not ours either."""
    inbox = {row.arrival for row in evidence(world).rows["inbox"]}
    missing = [number for number in world.api.mailbox.confirmed if str(number) not in inbox]
    return [f"{len(missing)} updates were acknowledged and not stored"] if missing else []


def _damaged(world: Market) -> list[str]:
    with contextlib.closing(sqlite3.connect(world.disk / "bangbang.db")) as connection:
        [(verdict,)] = connection.execute("PRAGMA integrity_check").fetchall()
    return [] if verdict == "ok" else [f"the database is damaged: {verdict}"]


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode == 0


def _unmount(folder: str) -> bool:
    return subprocess.run(["umount", "-l", folder], check=False, capture_output=True).returncode == 0
