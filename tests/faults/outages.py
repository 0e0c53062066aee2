"""PostgreSQL that stops and comes back under load, and two processes of which one is killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests import postgres
from tests.faults import market
from tests.faults.kills import ACTS, sends
from tests.faults.market import Market
from tests.faults.outcome import Outcome

Seconds = tuple[float, float]  #: from, to


@asynccontextmanager
async def _opened(seed: int, mode: str) -> AsyncIterator[tuple[postgres.Server, Market]]:
    """A market on a server that keeps what it has acknowledged, as in production."""
    with postgres.started(durable=True) as server:
        async with market.opened(seed, mode, server.url) as world:
            yield server, world


UP, DOWN = (5, 40), (0.2, 2)  #: seconds that the server runs and is away at a time


async def stopped(
    seed: int, *, chats: int, stops: int, up: Seconds = UP, down: Seconds = DOWN, think: float = 0
) -> Outcome:
    """The server stops as if its power failed, while merchants think, or act as fast as they may."""
    async with _opened(seed, "webhook") as (server, world):
        world.pace.allowed = 0
        await world.program().start()
        world.pace.think = think
        world.enter(chats)
        for _ in range(stops):
            world.pace.allow(None if think else chats * ACTS // stops)
            await world.api.first_reply.wait()  # a start without a database is refused, which is another fact
            await asyncio.sleep(world.dice.uniform(*up))
            await asyncio.to_thread(server.stop)
            await asyncio.sleep(world.dice.uniform(*down))
            await asyncio.to_thread(server.start)
        world.pace.hurry()
        world.pace.allow(None)
        await world.everyone_is_done()
        broken = await world.close()
        figures = {"chats": chats, "stops": stops, **sends(world)}
        return Outcome("PostgreSQL stops and starts", figures, broken)


async def starting(seed: int, *, chats: int, starts: int, down: float = 2.0) -> Outcome:
    """PostgreSQL is away while a process starts; whoever watches over it starts it until it stays."""
    async with _opened(seed, "webhook") as (server, world):
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
    async with _opened(seed, mode) as (_, world):
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
