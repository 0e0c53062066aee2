"""A process that dies at each named place, at its first passes, and one that goes on where it died."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext

from tests import postgres
from tests.faults import colleague, devices, market, past, places
from tests.faults.colleague import Colleague
from tests.faults.market import Market
from tests.faults.outcome import Outcome
from tests.faults.program import Program
from tests.faults.sandbox import sandbox

MERCHANTS = 6  #: enough for five jobs
SIDE_BY_SIDE = 3  #: worlds at a time
GROUP = -100_500  #: of the staff, on Telegram
TOLD = 1.5  #: seconds in which the group has been told
LONGEST = 90.0  #: seconds until a process has come to its place: a group is sent twenty messages a minute

Entrance = Callable[[Market, Program], Awaitable[None]]  #: how those come who lead the process to a place


async def run(seed: int, *, hits: int) -> Outcome:
    """Every place, every pass, each on a database of its own."""
    chosen = [place for place in places.visited() if places.mode(place) != "server" or postgres.available()]
    visits = [(place, hit) for place in chosen for hit in range(1, hits + 1)]
    room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def visit(place: str, hit: int) -> list[str]:
        async with room:
            broken = await _tried(seed, place, hit)
            sys.stderr.write(f"    {place}:{hit} {'broken' if broken else 'held'}\n")
            return broken

    found = await asyncio.gather(*(visit(*each) for each in visits))
    broken = [fact for facts in found for fact in facts]
    return Outcome("kill at named places", {"places": len(chosen), "kills": len(visits)}, broken)


async def _tried(seed: int, place: str, hit: int) -> list[str]:
    try:
        return await at(seed, place, hit)
    except Exception as error:  # one visit that cannot go on is a result, and the others are still wanted
        return [f"{place}:{hit}: {type(error).__name__}: {error}"]


async def at(seed: int, place: str, hit: int) -> list[str]:
    """What is broken after a death at this pass of this place; a place that is never reached is, too."""
    with postgres.server() if places.mode(place) == "server" else nullcontext() as url:
        async with market.opened(seed, _updates(place), url) as world, _entrance(place) as (enter, own):
            program = world.program(**own)
            await enter(world, program)
            times = hit if place in places.ONCE else 1
            for _ in range(times):
                await _dies(world, program, place, 1 if place in places.ONCE else hit)
            await program.start()
            await world.beside_is_done()
            world.pace.allow(None)
            await world.everyone_is_done()
            return [f"{place}:{hit}: {fact}" for fact in await world.close()]


async def one_after_the_other(seed: int, chosen: list[str]) -> list[str]:
    """The same on one database: each process dies at the next place. Quicker, and a harder test."""
    async with market.opened(seed, _updates(chosen[0])) as world, _entrance(chosen[0]) as (enter, own):
        program = world.program(**own)
        for place in chosen:
            await enter(world, program)
            await _dies(world, program, place, 1)
        await program.start()
        await world.everyone_is_done()
        return await world.close()


def _updates(place: str) -> str:
    return "webhook" if places.mode(place) == "webhook" else "polling"


@asynccontextmanager
async def _entrance(place: str) -> AsyncIterator[tuple[Entrance, dict[str, str]]]:
    """Who enters for this place, and the settings that it takes."""
    mode = places.mode(place)
    if mode == "connect":
        async with sandbox() as own:
            yield _owners, own
    elif mode == "group":
        yield _spoken_to_at_length, {"telegram_desk": str(GROUP)}
    else:
        yield _ENTRANCES.get(mode, _merchants), {}


async def _merchants(world: Market, _program: Program) -> None:
    world.enter(MERCHANTS)


async def _proven(world: Market, _program: Program) -> None:
    world.enter(MERCHANTS, proven=1)


async def _visitors(world: Market, program: Program) -> None:
    world.visit(MERCHANTS, program.door)


async def _owners(world: Market, program: Program) -> None:
    world.visit(MERCHANTS, program.door, owner="xiaoxia")


async def _left_alone(world: Market, program: Program) -> None:
    """Merchants in the middle of it, and then nobody for a while."""
    await _in_the_middle(world, program)
    past.minutes_ago(world.url, 10)
    world.absences += 1


async def _timers_due(world: Market, program: Program) -> None:
    """Merchants in the middle of it, whose timers fall due while the process is away."""
    await _in_the_middle(world, program)
    past.timers_due(world.url)


async def _spoken_to(world: Market, program: Program) -> None:
    """Merchants in the middle of it, and a colleague who has a word with each."""
    world.begin_beside((await _colleague(world, program)).has_a_word(program.door))


async def _spoken_to_at_length(world: Market, program: Program) -> None:
    """The same, so long that the group is told of it."""
    world.begin_beside((await _colleague(world, program)).has_a_word(program.door, staying=TOLD))


async def _helped(world: Market, program: Program) -> None:
    """The same, and each says afterwards what it was worth."""
    helping = (await _colleague(world, program)).has_a_word(program.door, words="您好")
    world.absences += 1  # who rates is asked once more

    async def and_rated() -> None:
        await helping
        for merchant in world.merchants:
            merchant.rate()

    world.begin_beside(and_rated())


async def _colleague(world: Market, program: Program) -> Colleague:
    """Somebody at the desk of merchants in the middle of it; each is asked again when handed back."""
    await _in_the_middle(world, program)
    world.absences += 1
    return await colleague.signed_in(world.url)


async def _moving(world: Market, program: Program) -> None:
    """Merchants in the middle of it, who go on in a browser."""
    await _in_the_middle(world, program)
    world.absences += 1
    world.begin_beside(devices.moved(world.url, program.door))


async def _made_to_wait(world: Market, _program: Program) -> None:
    """Merchants whom Telegram does not let the bot write to at once: their messages wait in the table."""
    world.api.faults.floods = 0.3
    world.enter(MERCHANTS)


async def _in_the_middle(world: Market, program: Program) -> None:
    world.pace.allowed = 2 * MERCHANTS * 3
    world.enter(2 * MERCHANTS)
    await program.start()
    await world.until(world.is_quiet)
    await program.stop()


async def _full_of_old(world: Market, program: Program) -> None:
    past.old_arrivals(world.url, 1000)
    await _merchants(world, program)


_ENTRANCES: dict[str, Entrance] = {
    "sources": _proven,
    "chat": _visitors,
    "absence": _left_alone,
    "old": _full_of_old,
    "timers": _timers_due,
    "desk": _spoken_to,
    "rating": _helped,
    "devices": _moving,
    "floods": _made_to_wait,
}


async def _dies(world: Market, program: Program, place: str, hit: int) -> None:
    await program.start(f"{place}:{hit}")
    if await program.ended(LONGEST) != -9:
        raise AssertionError(f"no process ever passed {place!r} {hit} times: {program.log[-2000:]}")
    world.kills += 1
