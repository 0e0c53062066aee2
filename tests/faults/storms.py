"""Telegram that asks to wait, fails and breaks off, and merchants who block the bot: nobody else notices."""

import itertools
import statistics

from tests.faults import market
from tests.faults.kills import sends
from tests.faults.market import Market
from tests.faults.outcome import Outcome

FLOODED = 3  #: chats that are told to wait, again and again
PROMPT = 2.0  #: seconds within which 95 of 100 replies to the others come
ACTS = 7  #: of each merchant until half of them block the bot


async def run(seed: int, *, chats: int) -> Outcome:
    async with market.opened(seed) as world:
        faults = world.api.faults
        faults.floods, faults.errors, faults.cut_before, faults.cut_after = 0.1, 0.02, 0.02, 0.02
        await world.program().start()
        world.enter(chats)
        await world.everyone_is_done()
        broken = await world.close()
        return Outcome("Telegram fails", {"chats": chats, "cuts": faults.cuts, **sends(world)}, broken)


async def flooded(seed: int, *, chats: int) -> Outcome:
    """A few chats are told to wait every now and then; the others are answered as ever."""
    async with market.opened(seed) as world:
        world.pace.think = 3.0  # what a slow machine carries: waiting for it is not waiting for the flooded
        await world.program().start()
        world.enter(chats)
        world.api.faults.flooded = {one.chat for one in world.merchants[:FLOODED]}
        await world.everyone_is_done()
        broken = await world.close()
        others = [one for one in world.merchants if one.chat not in world.api.faults.flooded]
        slow = statistics.quantiles(itertools.chain(*(one.waits for one in others)), n=20)[-1]
        late = [f"others wait {slow:.1f} s (p95)"] if slow > PROMPT else []
        figures = {"chats": chats, "others p95 s": round(slow, 3), **sends(world)}
        return Outcome("some chats flooded", figures, broken + late)


async def blocked(seed: int, *, chats: int) -> Outcome:
    """Half of the merchants block the bot after an act of theirs, and greet it again later."""
    async with market.opened(seed) as world:
        world.pace.allowed = chats * ACTS
        await world.program().start()
        world.enter(chats, accounts=False)
        await world.until(world.is_quiet)
        gone = world.merchants[::2]
        world.api.faults.blocked = {one.chat for one in gone}
        world.pace.allow(chats)
        await world.until(world.is_quiet)
        knocked = [f"{chat} was written to {n} times" for chat, n in world.api.faults.knocks.items() if n > 1]
        _come_back(world)
        world.pace.allow(None)
        await world.everyone_is_done()
        broken = await world.close()
        figures = {"chats": chats, "blocked": len(gone), "refused": len(world.api.faults.knocks)}
        return Outcome("merchants block the bot", figures, knocked + broken)


def _come_back(world: Market) -> None:
    """Whoever missed a message greets, and is asked what is open; it may be what they know already."""
    missed = set(world.api.faults.knocks)
    world.api.faults.blocked.clear()
    for merchant in world.merchants:
        if merchant.chat in missed:
            merchant.come_back()
