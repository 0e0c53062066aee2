"""`kill -9` at random moments while every chat is alive, each time followed by a start on the same data."""

import asyncio
import statistics

from tests.faults import facts, market
from tests.faults.evidence import evidence
from tests.faults.market import Market
from tests.faults.outcome import Outcome
from tests.faults.program import Program

ACTS = 21  #: what a merchant does on the way to an accepted loan
LONGEST_LIFE = 0.5  #: seconds between the first reply and the next kill


async def run(seed: int, *, kills: int, chats: int, mode: str = "polling") -> Outcome:
    async with market.opened(seed, mode) as world:
        world.pace.allowed = 0
        world.enter(chats)
        program = world.program()
        recoveries = [await _life(world, program, chats * ACTS // kills) for _ in range(kills)]
        await program.start()
        world.pace.allow(None)
        await world.everyone_is_done()
        broken = await world.close()
        figures = {"kills": kills, "chats": chats, **_spread(recoveries), **sends(world)}
        return Outcome(f"kill -9 at random, {mode}", figures, broken)


async def _life(world: Market, program: Program, acts: int) -> float:
    """Start, let the merchants act, and kill a moment after the first reply; the seconds until that reply."""
    clock = asyncio.get_running_loop().time
    world.api.first_reply.clear()
    begun = clock()
    await program.start()
    world.pace.allow(acts)
    await asyncio.wait_for(world.api.first_reply.wait(), market.PATIENCE)
    recovered = clock() - begun
    await asyncio.sleep(world.dice.uniform(0, LONGEST_LIFE))
    await program.kill()
    world.kills += 1
    return recovered


def _spread(seconds: list[float]) -> dict[str, float]:
    return {"recovery p50 s": round(statistics.median(seconds), 2), "recovery max s": round(max(seconds), 2)}


def sends(world: Market) -> dict[str, float]:
    """Messages sent, and how many of them a chat saw twice."""
    sent = sum(map(len, world.api.chats.values()))
    repeats = facts.repeats(evidence(world))
    a_kill = {"repeats a kill": round(repeats / world.kills, 2)} if world.kills else {}
    return {"sent": sent, "repeats": repeats, **a_kill}
