"""Schedules run against one product after the other, and what they broke."""

import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from conversations.session import BOT
from tests.faults.outcome import Outcome
from tests.interleavings import facts, world
from tests.interleavings.schedule import ROUNDS, Schedule
from tests.interleavings.world import World

TOWN = 100  #: schedules on one database
ABREAST = 50  #: of them at the same time
PATIENCE = 60.0  #: seconds until everything that is due has been sent


async def run(seed: int, schedules: int, *, heedless: bool = False) -> Outcome:
    """So many schedules, each by a chance of its own."""
    figures, broken = Counter[str](schedules=schedules), list[str]()
    for numbers in _parts(range(1, schedules + 1), TOWN):
        with tempfile.TemporaryDirectory() as folder:
            file, chance = Path(folder) / "town.db", random.Random(f"{seed}:{numbers[0]}")
            async with world.opened(file, chance, heedless=heedless) as town:
                for abreast in _parts(numbers, ABREAST):
                    broken += await _abreast(town, seed, abreast, figures)
                figures.update(_figures(town))
                broken += _handed_back(town)
        sys.stderr.write(f"    {numbers[-1]} of {schedules}, broken {len(broken)}\n")
    return Outcome("interleavings", figures, broken)


def _parts(numbers: range, size: int) -> Iterator[range]:
    return (numbers[first : first + size] for first in range(0, len(numbers), size))


async def _abreast(town: World, seed: int, numbers: Iterable[int], figures: Counter[str]) -> list[str]:
    people = [Schedule(town, number, random.Random(f"{seed}:{number}")) for number in numbers]
    found = await asyncio.gather(*map(_one, people))
    for one in people:
        figures.update(one.acts)
        figures["acts"] += one.acts.total()
        figures["words"] += one.words.total()
    return [fact for told in found for fact in told]


async def _one(one: Schedule) -> list[str]:
    """What the schedule broke, named so that it can be looked for."""
    broken = list[str]()
    try:
        await one.begin()
        for _ in range(one.chance.choice(ROUNDS)):
            await one.round()
            broken += facts.somebody_has_it(await facts.owned(one))
        held = one.newest.holder != BOT
        await one.everybody_leaves()
        broken += await _at_the_end(one, held=held)
    except Exception as error:  # one that cannot go on is a result, and the others are still wanted
        broken.append(f"{type(error).__name__}: {error}")
    return [f"schedule {one.number}: {fact}" for fact in broken]


async def _at_the_end(one: Schedule, *, held: bool) -> list[str]:
    owned = await facts.owned(one)
    async with asyncio.timeout(PATIENCE):
        while not (kept := await facts.kept(one)).settled:  # noqa: ASYNC110  # tables ring no event
            await asyncio.sleep(0.05)
    return [
        *facts.somebody_has_it(owned),
        *facts.nobody_is_left_alone(owned, held=held),
        *facts.the_bot_is_silent_beside_a_person(one, kept),
        *facts.nothing_is_lost(one, kept),
    ]


def _handed_back(town: World) -> Iterator[str]:
    for before, turn in town.flow.back:
        yield from facts.went_on_where_it_stood(before, turn)


def _figures(town: World) -> Counter[str]:
    return Counter(
        deaths=town.deaths,
        hand_backs=len(town.flow.back),
        sent=sum(map(len, town.wire.begun.values())),
    )
