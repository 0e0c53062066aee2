"""Small numbers of what `python -m tests.faults` does at full size."""

import pytest

from tests import postgres
from tests.faults import (
    absences,
    crashes,
    deliveries,
    disks,
    durability,
    kills,
    outages,
    poison,
    sources,
    storms,
)
from tests.faults.weibo import Lie

SEED = 20261123


#: one of each kind; the full sweep dies at every place, several times
CHOSEN = {
    "polling": ["turns written", "after send", "job done"],
    "webhook": ["webhook stored"],
}


@pytest.mark.parametrize(("mode", "kept"), [("polling", False), ("webhook", True)])
async def test_a_bot_killed_at_random_loses_and_doubles_nothing(mode: str, *, kept: bool) -> None:
    assert (await kills.run(SEED, kills=1, chats=6, mode=mode, kept=kept)).broken == []


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_bot_killed_at_each_named_place_goes_on_from_there(mode: str) -> None:
    assert await crashes.one_after_the_other(SEED, CHOSEN[mode]) == []


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_updates_that_come_again_late_and_mixed_change_nothing(mode: str) -> None:
    assert (await deliveries.run(SEED, chats=6, mode=mode, late=1)).broken == []


async def test_everything_arrives_in_order_through_floods_and_broken_connections() -> None:
    assert (await storms.run(SEED, chats=4)).broken == []


async def test_after_ten_minutes_away_every_open_chat_is_asked_again() -> None:
    assert (await absences.run(SEED, chats=8)).broken == []


async def test_what_nobody_can_read_holds_up_no_chat() -> None:
    assert (await poison.run(SEED, chats=15, think=0.1)).broken == []


@pytest.mark.parametrize("lie", [Lie.GARBAGE, Lie.OTHER])
async def test_a_lying_source_keeps_nobody_from_an_outcome(lie: Lie) -> None:
    assert (await sources.lying(SEED, chats=3, lie=lie)).broken == []


@pytest.mark.skipif(not disks.mountable(), reason=disks.MISSING)
async def test_a_full_disk_heals_and_nothing_was_promised_on_it() -> None:
    assert (await disks.full(SEED, chats=4, seconds=0.5)).broken == []


@pytest.mark.skipif(not durability.available(), reason=durability.MISSING)
async def test_what_is_acknowledged_has_reached_the_disk() -> None:
    assert (await durability.run(SEED)).broken == []


@pytest.mark.skipif(not postgres.available(), reason=postgres.MISSING)
async def test_postgresql_may_stop_in_the_middle() -> None:
    assert (await outages.stopped(SEED, chats=6, stops=1, up=(0.2, 2), down=(0.1, 1))).broken == []


@pytest.mark.skipif(not postgres.available(), reason=postgres.MISSING)
async def test_of_two_processes_one_may_be_killed() -> None:
    assert (await outages.two(SEED, chats=6, kills=1)).broken == []
