"""Start a program under test on its own core, and end it."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PATIENCE = 60.0  #: seconds until a program must listen, and must have ended

_READY = re.compile(rb"(?:listening |serving \S+ on \S+:)(\d+)")


class DidNotStart(Exception):
    """What the program wrote before it ended, or why it was not even begun."""


@dataclass(frozen=True)
class Program:
    """A module of `programs` and how it is told to run; `environment` is added to its own."""

    module: str
    variant: str = ""
    users: int = 0
    profile: Path | None = None
    environment: Mapping[str, str] | None = None

    def command(self, api: str, folder: Path, core: int) -> list[str]:
        more = ["--profile", str(self.profile)] if self.profile else []
        return [
            sys.executable, "-m", f"tests.benchmarks.programs.{self.module}", "--api", api,
            "--folder", str(folder), "--core", str(core), "--variant", self.variant,
            "--users", str(self.users), *more,
        ]  # fmt: skip


@dataclass(frozen=True)
class Running:
    pid: int
    port: int

    @property
    def memory(self) -> float:
        """Resident megabytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def surroundings(program: Program) -> dict[str, str]:
    """The caller's environment without settings of a product of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BANGBANG_")}
    return kept | dict(program.environment or {})


@asynccontextmanager
async def running(program: Program, api: str, folder: Path, core: int) -> AsyncIterator[Running]:
    """The program, listening.

    Raises:
        DidNotStart: it ended before it listened.
    """
    log = _log(folder)
    process = await asyncio.create_subprocess_exec(
        *program.command(api, folder, core),
        env=surroundings(program),
        stdout=asyncio.subprocess.PIPE,
        stderr=log,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            port = await _port(process)
        if port is None:
            raise DidNotStart(_end_of_log(folder))
        yield Running(process.pid, port)
    finally:
        log.close()
        await _ended(process)


def _log(folder: Path) -> BinaryIO:
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / "log").open("ab")


def _end_of_log(folder: Path) -> str:
    return (folder / "log").read_text("utf-8", "replace")[-2000:]


async def _port(process: asyncio.subprocess.Process) -> int | None:
    assert process.stdout is not None
    async for line in process.stdout:
        if found := _READY.match(line):
            return int(found[1])
    return None


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
