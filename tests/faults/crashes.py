"""A process that dies at each named place, at its first passes, and one that goes on where it died."""

from tests.faults import market, places
from tests.faults.market import Market
from tests.faults.outcome import Outcome
from tests.faults.program import Program

MERCHANTS = 6  #: enough for five jobs


async def run(seed: int, *, hits: int) -> Outcome:
    """Every place, every pass, each on a database of its own."""
    broken: list[str] = []
    visits = [(place, hit) for place in places.visited() for hit in range(1, hits + 1)]
    for place, hit in visits:
        broken += await at(seed, place, hit)
    return Outcome("kill at named places", {"places": len(places.visited()), "kills": len(visits)}, broken)


async def at(seed: int, place: str, hit: int) -> list[str]:
    """What is broken after a death at this pass of this place; a place that is never reached is, too."""
    async with market.opened(seed, places.mode(place)) as world:
        program = world.program()
        world.enter(MERCHANTS)
        await _dies(world, program, place, hit)
        await program.start()
        await world.everyone_is_done()
        return [f"{place}:{hit}: {fact}" for fact in await world.close()]


async def one_after_the_other(seed: int, chosen: list[str]) -> list[str]:
    """The same on one database: each process dies at the next place. Quicker, and a harder test."""
    async with market.opened(seed, places.mode(chosen[0])) as world:
        program = world.program()
        for place in chosen:
            world.enter(2)
            await _dies(world, program, place, 1)
        await program.start()
        await world.everyone_is_done()
        return await world.close()


async def _dies(world: Market, program: Program, place: str, hit: int) -> None:
    await program.start(f"{place}:{hit}")
    if await program.ended() != -9:
        raise AssertionError(f"no process ever passed {place!r} {hit} times: {program.log[-2000:]}")
    world.kills += 1
