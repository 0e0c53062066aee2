"""`kill -9` at random moments while every chat is alive; each time the product begins again on the same data.

Mostly the process that serves is killed and its keeper begins the next. Every tenth kill takes the keeper
too, as a machine that goes down does, and everything is started anew.
"""

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
LONGEST_RECOVERY = 2.0  #: seconds from a death to the first reply, on a machine that does nothing else
EVERYTHING = 10  #: one kill in so many takes the keeper too
ON_THEIR_WAY = 0.05  #: seconds after which no reply of the dead arrives any more; no start is as short
MOST_REPEATS = 1.0  #: messages that a chat sees twice, for each kill


async def run(
    seed: int,
    *,
    kills: int,
    chats: int,
    mode: str = "polling",
    think: float = 0,
    kept: bool = False,
    judged: bool = False,
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
        program.kept = kept
        back = await _lives(world, program, kills, acts, longest)
        pressed = sum(map(len, world.api.chats.values()))
        world.pace.hurry()
        world.pace.allow(None)
        await world.everyone_is_done()
        broken = await world.close()
        figures = {"kills": kills, "chats": chats, "think s": think, "sent among kills": pressed}
        figures |= {**back, **sends(world)}
        return Outcome(f"kill -9 at random, {mode}", figures, broken + (_missed(figures) if judged else []))


async def _everyone_talks(world: Market, program: Program, chats: int) -> None:
    """Everybody has heard the bot before the first kill."""
    world.pace.allowed = chats
    await program.start()
    world.enter(chats)
    await world.until(world.is_quiet, patience=120)
    await program.kill()
    world.pace.allow(None)


async def _lives(world: Market, program: Program, kills: int, acts: int, longest: float) -> dict[str, float]:
    """So many lives and their deaths, and a start after the last; how soon it was back, in seconds."""
    starts, returns = list[float](), list[float]()
    begun, anew = await _begin(world, program), True
    for number in range(1, kills + 1):
        (starts if anew else returns).append(await _life(world, begun, acts, longest))
        world.kills += 1
        anew = not program.kept or number % EVERYTHING == 0
        if anew:
            await program.kill()
            begun = await _begin(world, program)
        else:
            begun = await _die(world, program)
    return {**_spread("started", starts), **_spread("back", returns)}


async def _begin(world: Market, program: Program) -> float:
    """Start everything; when that was."""
    world.api.first_reply.clear()
    begun = asyncio.get_running_loop().time()
    await program.start()
    return begun


async def _die(world: Market, program: Program) -> float:
    """Kill the process that serves; when that was."""
    begun = asyncio.get_running_loop().time()
    await program.kill_what_serves()
    await asyncio.sleep(ON_THEIR_WAY)
    world.api.first_reply.clear()
    return begun


async def _life(world: Market, begun: float, acts: int, longest: float) -> float:
    """Let the merchants act until a moment after the first reply; the seconds until that reply."""
    if acts:
        world.pace.allow(acts)
    await asyncio.wait_for(world.api.first_reply.wait(), market.PATIENCE)
    back = asyncio.get_running_loop().time() - begun
    await asyncio.sleep(world.dice.uniform(0, longest))
    return back


def _missed(figures: Mapping[str, float]) -> list[str]:
    """The figures that are worse than promised."""
    goals = {"back max s": LONGEST_RECOVERY, "repeats a kill": MOST_REPEATS}
    return [
        f"{name} is {figures[name]}, at most {most} is promised"
        for name, most in goals.items()
        if figures[name] > most
    ]


def _spread(name: str, seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {f"{name} p50 s": round(statistics.median(seconds), 2), f"{name} max s": round(max(seconds), 2)}


def sends(world: Market) -> dict[str, float]:
    """Messages sent, and how many of them a chat saw twice."""
    sent = sum(map(len, world.api.chats.values()))
    repeats = facts.repeats(evidence(world))
    a_kill = {"repeats a kill": round(repeats / world.kills, 2)} if world.kills else {}
    return {"sent": sent, "repeats": repeats, **a_kill}
