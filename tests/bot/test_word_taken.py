"""What the bot has said and not yet sent when a person takes the word is never sent, wherever it lies."""

import asyncio
from datetime import timedelta

import pytest

from bot.delivery import Delivery
from conversations.store import Store
from conversations.store.floor import Floor
from conversations.turns import Turns
from tests.bot.letterbox import Letterbox, states, until, until_settled
from tests.conversations.toy import SHOP, Merchant, ToyClock, toy_turns


@pytest.fixture
def clock() -> ToyClock:
    return ToyClock()


@pytest.fixture
def turns(store: Store, clock: ToyClock) -> Turns:
    return toy_turns(store, clock)


async def test_what_waits_in_the_table_is_cancelled_with_the_takeover(store: Store, turns: Turns) -> None:
    merchant = Merchant(turns)
    await merchant.agrees()
    await merchant.says("take over")

    assert await states(store) == ["cancelled", "cancelled"]


async def test_what_lies_with_the_sender_is_not_begun_any_more(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box, merchant = Letterbox(gate=asyncio.Event()), Merchant(turns)
    async with Delivery(store, {"telegram": box}, clock=clock):
        await merchant.agrees()
        await until(lambda: _true(box.tried == 1))
        await merchant.says("take over", "staff")
        assert box.gate is not None
        box.gate.set()
        await until_settled(store, "cancelled", "cancelled", "sent")

    assert [n for _, n in box.arrived] == [6]


async def test_what_was_on_its_way_at_that_moment_counts_as_said_before(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box, merchant = Letterbox(wire=asyncio.Event()), Merchant(turns)
    async with Delivery(store, {"telegram": box}, clock=clock):
        await merchant.agrees()
        await until(lambda: _true(box.begun == 1))
        await merchant.says("take over")
        assert box.wire is not None
        box.wire.set()
        await until_settled(store, "sent", "cancelled")


async def test_what_another_process_took_the_word_from_is_not_begun_any_more(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    """Where several processes write, the table is asked again about what has lain here for a moment."""
    if not store.shared:
        pytest.skip("one process alone writes to a file")
    box, merchant = Letterbox(gate=asyncio.Event()), Merchant(turns)
    other = Store(store._database, store.presence, store.bell, shared=True)
    async with Delivery(store, {"telegram": box}, clock=lambda: clock() + timedelta(seconds=1)):
        await merchant.agrees()
        await until(lambda: _true(box.tried == 1))
        elsewhere = Merchant(toy_turns(other, clock))
        elsewhere.sent = merchant.sent
        await elsewhere.says("take over")
        assert box.gate is not None
        box.gate.set()
        await until_settled(store, "cancelled", "cancelled")

    assert box.arrived == []


async def test_an_answer_that_the_bot_owes_beside_a_person_is_sent_even_when_the_word_changes(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    merchant = Merchant(turns)
    await merchant.agrees()
    await merchant.says("take over", "rent")  # the toy answers beside a person, as a right is answered

    box = Letterbox()
    async with Delivery(store, {"telegram": box}, clock=clock):
        await until_settled(store, "cancelled", "cancelled", "sent")


async def test_an_edit_waits_for_the_channel_s_number_of_what_it_edits(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box, merchant = Letterbox(), Merchant(turns)
    await merchant.agrees()
    await merchant.says("staff", "edit 5")
    async with Delivery(store, {"telegram": box}, clock=clock):
        await until_settled(store, "sent", "sent", "sent", "sent")
        await merchant.says("edit 5")
        await until_settled(store, "sent", "sent", "sent", "sent", "sent")

    assert box.edited == [f"{SHOP.address}/5"] * 2


# --- the floor itself --------------------------------------------------------------------------------------


async def test_nothing_is_begun_while_it_is_undecided_who_has_the_word() -> None:
    floor = Floor()
    with floor.undecided(["s"]):
        asked = asyncio.create_task(floor.still_has("s", 0))
        assert await floor.still_has("another", 0)
        await asyncio.sleep(0)
        assert not asked.done()
        floor.taken({"s": 1})

    assert not await asked
    assert await floor.still_has("s", 1)


async def test_an_attempt_that_fails_leaves_the_word_with_the_bot() -> None:
    floor = Floor()
    with pytest.raises(OSError, match="disk"), floor.undecided(["s"]):
        raise OSError("disk full")

    assert await floor.still_has("s", 0)


async def _true(value: bool) -> bool:
    return value
