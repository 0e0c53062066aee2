"""Weibo slow, broken and lying, and a clock that jumps: every chat still ends with an outcome."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from tests.faults import market, program
from tests.faults.market import Market
from tests.faults.outcome import Outcome
from tests.faults.weibo import Lie
from tests.running import MovingClock, running

JUMP = timedelta(hours=1)
JUMPS = 20


async def lying(seed: int, *, chats: int, lie: Lie) -> Outcome:
    async with market.opened(seed) as world:
        world.weibo.lie = lie
        await world.program().start()
        world.enter(chats)
        await world.everyone_is_done(patience=120)
        broken = await world.close()
        return Outcome(f"Weibo: {lie}", {"chats": chats, "asked": world.weibo.calls}, broken)


async def jumping(seed: int, *, chats: int, every: float = 0.2) -> Outcome:
    """The product's clock goes an hour ahead, and back, again and again."""
    async with market.opened(seed) as world, _in_this_process(world) as clock:
        world.enter(chats)
        for _ in range(JUMPS):
            await asyncio.sleep(every)
            clock.ahead = JUMP - clock.ahead
        clock.ahead = timedelta()  # what was put off while it was ahead lies an hour in the future
        await world.everyone_is_done(patience=120)
        broken = await world.close()
        return Outcome("clock jumps by an hour", {"chats": chats}, broken)


@asynccontextmanager
async def _in_this_process(world: Market) -> AsyncIterator[MovingClock]:
    clock, given = MovingClock(), program.settings(world.url, world.api.url, world.weibo.url)
    async with running(world.disk, clock, given):
        yield clock
