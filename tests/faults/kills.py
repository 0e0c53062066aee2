"""`kill -9` at random moments while every chat is alive, each time followed by a start on the same data."""

import asyncio
import statistics
from collections.abc import Mapping

from tests.faults import facts, market
from tests.faults.evidence import evidence
from tests.faults.market import Market
from tests.faults.outcome import Outcome
from tests.faults.program import Program

ACTS = 21  #: what a merchant does on the way to an accepted loan
#: seconds between the first reply and the next kill: a rush is killed in the middle of catching up, the
#: thinking mostly when all is quiet again
LONGEST_LIFE, LONGEST_THINKING_LIFE = 0.5, 3.0
LONGEST_RECOVERY = 2.0  #: seconds from a start to the first reply, on a machine that does nothing else
MOST_REPEATS = 1.0  #: messages that a chat sees twice, for each kill


async def run(
    seed: int, *, kills: int, chats: int, mode: str = "polling", think: float = 0, judged: bool = False
) -> Outcome:
    """Merchants who think, or who act as fast as they can and wait for the next process in between.

    A few kills on a machine that others use too say nothing of figures; only many are `judged` by them.
    """
    async with market.opened(seed, mode) as world:
        program = world.program()
        if think:
            await _everyone_talks(world, program, chats)
            world.pace.think = think
        else:
            world.pace.allowed = 0
            world.enter(chats)
        acts = 0 if think else max(chats * ACTS // kills, 1)
        longest = LONGEST_THINKING_LIFE if judged else LONGEST_LIFE
        recoveries = [await _life(world, program, acts, longest) for _ in range(kills)]
        pressed = sum(map(len, world.api.chats.values()))
        world.pace.hurry()
        await program.start()
        world.pace.allow(None)
        await world.everyone_is_done()
        broken = await world.close()
        figures = {"kills": kills, "chats": chats, "think s": think, "sent among kills": pressed}
        figures |= {**_spread(recoveries), **sends(world)}
        return Outcome(f"kill -9 at random, {mode}", figures, broken + (_missed(figures) if judged else []))


async def _everyone_talks(world: Market, program: Program, chats: int) -> None:
    """Everybody has heard the bot before the first kill."""
    world.pace.allowed = chats
    await program.start()
    world.enter(chats)
    await world.until(world.is_quiet, patience=120)
    await program.kill()
    world.pace.allow(None)


async def _life(world: Market, program: Program, acts: int, longest: float) -> float:
    """Start, let the merchants act, and kill a moment after the first reply; the seconds until that reply."""
    clock = asyncio.get_running_loop().time
    world.api.first_reply.clear()
    begun = clock()
    await program.start()
    if acts:
        world.pace.allow(acts)
    await asyncio.wait_for(world.api.first_reply.wait(), market.PATIENCE)
    recovered = clock() - begun
    await asyncio.sleep(world.dice.uniform(0, longest))
    await program.kill()
    world.kills += 1
    return recovered


def _missed(figures: Mapping[str, float]) -> list[str]:
    """The figures that are worse than promised."""
    goals = {"recovery max s": LONGEST_RECOVERY, "repeats a kill": MOST_REPEATS}
    return [
        f"{name} is {figures[name]}, at most {most} is promised"
        for name, most in goals.items()
        if figures[name] > most
    ]


def _spread(seconds: list[float]) -> dict[str, float]:
    return {"recovery p50 s": round(statistics.median(seconds), 2), "recovery max s": round(max(seconds), 2)}


def sends(world: Market) -> dict[str, float]:
    """Messages sent, and how many of them a chat saw twice."""
    sent = sum(map(len, world.api.chats.values()))
    repeats = facts.repeats(evidence(world))
    a_kill = {"repeats a kill": round(repeats / world.kills, 2)} if world.kills else {}
    return {"sent": sent, "repeats": repeats, **a_kill}
