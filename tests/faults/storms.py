"""Telegram that asks to wait, fails and breaks off, while merchants talk: everything arrives, in order."""

from tests.faults import market
from tests.faults.kills import sends
from tests.faults.outcome import Outcome


async def run(seed: int, *, chats: int) -> Outcome:
    async with market.opened(seed) as world:
        faults = world.api.faults
        faults.floods, faults.errors, faults.cut_before, faults.cut_after = 0.1, 0.02, 0.02, 0.02
        await world.program().start()
        world.enter(chats)
        await world.everyone_is_done()
        broken = await world.close()
        return Outcome("Telegram fails", {"chats": chats, "cuts": faults.cuts, **sends(world)}, broken)
