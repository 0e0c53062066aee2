"""What the outbox holds arrives once, in order, whatever happens to the other contacts."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import delivery
from bot.delivery import Delivery, Refused, TryLater, Unreachable
from conversations import events
from conversations.store import Contact, Store, outbox
from conversations.store.presence import Alone
from conversations.tables import CONTACTS, OUTBOX
from conversations.turns import Turns
from tests.bot.letterbox import Letterbox, states, until, until_settled
from tests.conversations.toy import SHOP, START, Merchant, ToyClock, toy_turns

OTHER = Contact("telegram", "77")


@pytest.fixture
def clock() -> ToyClock:
    return ToyClock()


@pytest.fixture
def turns(store: Store, clock: ToyClock) -> Turns:
    return toy_turns(store, clock)


async def _delivered(store: Store, box: Letterbox, clock: ToyClock, *expected: str) -> None:
    """Deliver until the shop's rows are in these states."""
    async with Delivery(store, {"telegram": box}, clock=clock):
        await until_settled(store, *expected)


async def _held(store: Store, box: Letterbox, clock: ToyClock) -> None:
    """Deliver until the shop's first row was tried, and both wait."""

    async def reached() -> bool:
        return box.tried == 1 and await states(store) == ["queued", "queued"]

    async with Delivery(store, {"telegram": box}, clock=clock):
        await until(reached)


async def test_messages_arrive_in_order_and_only_once(store: Store, turns: Turns, clock: ToyClock) -> None:
    box = Letterbox()
    merchant = Merchant(turns)
    await merchant.agrees()
    await merchant.says("3000")

    await _delivered(store, box, clock, "sent", "sent", "sent")
    await _delivered(store, box, clock, "sent", "sent", "sent")

    assert box.arrived == [(SHOP, 1), (SHOP, 3), (SHOP, 5)]
    assert box.languages == {"zh-Hans"}


async def test_a_message_written_while_delivery_waits_goes_out_at_once(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box = Letterbox()

    async def arrived() -> bool:
        return box.arrived == [(SHOP, 1), (SHOP, 3)]

    async with Delivery(store, {"telegram": box}, clock=clock):
        await asyncio.sleep(0.02)
        await Merchant(turns).agrees()
        await until(arrived)


async def test_a_contact_that_must_wait_holds_up_only_itself(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box = Letterbox({SHOP: [TryLater(30)]})
    await Merchant(turns).agrees()
    await Merchant(turns, OTHER).agrees()

    async def others_served() -> bool:
        return await states(store, OTHER) == ["sent", "sent"] and box.tried >= 3

    async with Delivery(store, {"telegram": box}, clock=clock):
        await until(others_served)
    assert await states(store) == ["queued", "queued"]
    assert box.arrived == [(OTHER, 4 - 3), (OTHER, 3)]

    clock.pass_by(seconds=31)
    await _delivered(store, box, clock, "sent", "sent")
    assert box.arrived[2:] == [(SHOP, 1), (SHOP, 3)]


async def test_a_message_held_by_a_clock_that_has_gone_back_goes(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box = Letterbox({SHOP: [TryLater(30)]})
    await Merchant(turns).agrees()
    clock.pass_by(seconds=3600)
    await _held(store, box, clock)

    clock.pass_by(seconds=-3600)
    await _delivered(store, box, clock, "sent", "sent")


async def test_no_message_is_held_longer_than_the_longest_hold(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box = Letterbox({SHOP: [TryLater(86400)]})
    await Merchant(turns).agrees()
    await _held(store, box, clock)

    clock.pass_by(seconds=outbox.LONGEST_HOLD.total_seconds())
    await _delivered(store, box, clock, "sent", "sent")


async def test_delivery_wakes_by_itself_when_the_time_has_come(store: Store, turns: Turns) -> None:
    box = Letterbox({SHOP: [TryLater(0.05)]})
    await Merchant(turns).agrees()

    async def served() -> bool:
        return await states(store) == ["sent", "sent"]

    async with Delivery(store, {"telegram": box}):
        await until(served)


async def test_a_contact_out_of_reach_is_written_to_no_more_until_it_writes(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box = Letterbox({SHOP: [Unreachable("blocked")]})
    merchant = Merchant(turns)
    await merchant.agrees()

    await _delivered(store, box, clock, "cancelled", "cancelled")
    assert await store.read(lambda c: c.execute(select(CONTACTS.c.alive)).scalar_one()) is False

    await merchant.says("3000")
    await _delivered(store, box, clock, "cancelled", "cancelled", "sent")
    assert box.arrived == [(SHOP, 5)]


async def test_a_refused_message_is_parked_and_the_next_one_goes(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box = Letterbox({SHOP: [Refused("too long")]})
    await Merchant(turns).agrees()

    await _delivered(store, box, clock, "parked", "sent")

    errors = await store.read(
        lambda c: c.execute(select(OUTBOX.c.error).order_by(OUTBOX.c.id)).scalars().all()
    )
    assert list(errors) == ["too long", None]


async def test_a_failure_nobody_named_is_tried_again_and_parked_in_the_end(
    store: Store, turns: Turns, clock: ToyClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "LONGEST_PAUSE", 0.0)
    box = Letterbox({SHOP: [ConnectionError() for _ in range(delivery.UNEXPECTED)]})
    await Merchant(turns).agrees()

    await _delivered(store, box, clock, "parked", "sent")

    assert box.tried == delivery.UNEXPECTED + 1


async def test_what_the_bot_queued_before_it_lost_the_conversation_is_never_sent(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box = Letterbox()
    merchant = Merchant(turns)
    await merchant.agrees()
    await merchant.says("staff", "take over", "staff")

    await _delivered(store, box, clock, "cancelled", "cancelled", "sent", "sent")

    assert box.arrived == [(SHOP, 5), (SHOP, 8)]


async def test_what_was_not_marked_before_a_crash_is_sent_again(
    store: Store, turns: Turns, clock: ToyClock, tmp_path: Path
) -> None:
    stuck = Letterbox(gate=asyncio.Event())
    await Merchant(turns).agrees()
    another = Store(store._database, Alone(tmp_path / "other.db"), store.bell, shared=False)
    died = asyncio.create_task(Delivery(another, {"telegram": stuck}, clock=clock).run())

    async def sending() -> bool:
        return stuck.tried == 1

    await until(sending)
    died.cancel()

    box = Letterbox()
    await _delivered(store, box, clock, "sent", "sent")
    assert box.arrived == [(SHOP, 1), (SHOP, 3)]


async def test_stopping_lets_a_message_on_its_way_arrive_and_begins_no_other(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box = Letterbox(gate=asyncio.Event())
    await Merchant(turns).agrees()
    sender = Delivery(store, {"telegram": box}, clock=clock)
    running = asyncio.create_task(sender.run())
    while not box.tried:  # noqa: ASYNC110  # the letterbox rings no event
        await asyncio.sleep(0.005)

    await sender.stop()
    assert box.gate is not None
    box.gate.set()
    await asyncio.wait_for(running, 5)

    assert box.arrived == [(SHOP, 1)]
    assert await states(store) == ["sent", "queued"]


async def test_a_message_that_never_arrives_does_not_hold_the_end(
    store: Store, turns: Turns, clock: ToyClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PATIENCE", 0.01)
    box = Letterbox(gate=asyncio.Event())
    await Merchant(turns).agrees()
    async with Delivery(store, {"telegram": box}, clock=clock):
        while not box.tried:  # noqa: ASYNC110  # the letterbox rings no event
            await asyncio.sleep(0.005)

    assert await states(store) == ["queued", "queued"]


async def test_more_contacts_than_slots_are_all_served(store: Store, turns: Turns, clock: ToyClock) -> None:
    box = Letterbox()
    for number in range(5):
        await Merchant(turns, Contact("telegram", f"7{number}")).agrees()

    async def all_served() -> bool:
        return len(box.arrived) == 10

    async with Delivery(store, {"telegram": box}, clock=clock, slots=2):
        await until(all_served)


async def test_no_more_contacts_are_written_to_at_once_than_there_are_slots(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    box = Letterbox(gate=asyncio.Event())

    async def all_served() -> bool:
        return len(box.arrived) == 10

    async with Delivery(store, {"telegram": box}, clock=clock, slots=2) as sender:
        for number in range(5):
            await Merchant(turns, Contact("telegram", f"7{number}")).agrees()
        assert box.tried == 2
        assert await sender.round() > 0  # and the table is still looked at

        assert box.gate is not None
        box.gate.set()
        await until(all_served)


async def test_what_finds_no_place_to_wait_here_waits_in_the_table(
    store: Store, turns: Turns, clock: ToyClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "IN_HAND", 1)
    box = Letterbox(gate=asyncio.Event())

    async with Delivery(store, {"telegram": box}, clock=clock, slots=1):
        await Merchant(turns).agrees()
        await Merchant(turns, OTHER).agrees()
        await until_settled(store, "queued", "queued", contact=OTHER)

        assert box.gate is not None
        box.gate.set()
        await until_settled(store, "sent", "sent", contact=OTHER)


async def test_one_failure_does_not_park_a_message_that_stood_behind_many(
    store: Store, turns: Turns, clock: ToyClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "LONGEST_PAUSE", 0.0)
    head = [ConnectionError() for _ in range(delivery.UNEXPECTED - 1)]
    box = Letterbox({SHOP: [*head, None, ConnectionError()]})
    await Merchant(turns).agrees()

    await _delivered(store, box, clock, "sent", "sent")


async def test_a_channel_without_a_sender_keeps_its_messages(
    store: Store, turns: Turns, clock: ToyClock
) -> None:
    await turns.handle(SHOP, "1", events.Arrived(START))
    async with Delivery(store, {}, clock=clock):
        await asyncio.sleep(0.02)

    assert await states(store) == ["queued"]
