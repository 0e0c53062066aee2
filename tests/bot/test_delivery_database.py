"""Messages arrive whatever the database does: it is locked, or its answer to a commit is lost."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import delivery
from bot.delivery import Delivery
from conversations import events, rounds
from conversations.store import Store
from conversations.store.presence import Alone
from tests.bot.letterbox import Letterbox, states, until, until_settled
from tests.conversations.toy import SHOP, START, Merchant, ToyClock, toy_turns


@pytest.fixture
def clock() -> ToyClock:
    return ToyClock()


class Failing:
    """A store's database that fails as a locked one does, so many times."""

    def __init__(self, inner: Any, troubles: int) -> None:
        self.inner, self.reads, self.writes = inner, troubles, troubles

    async def read(self, body: Any) -> Any:
        self.reads -= 1
        if self.reads >= 0:
            raise OperationalError("", None, Exception("locked"))
        return await self.inner.read(body)

    async def write(self, body: Any) -> Any:
        self.writes -= 1
        if self.writes >= 0:
            raise OperationalError("", None, Exception("locked"))
        return await self.inner.write(body)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class Unanswered(Failing):
    """Commits, and then the answer is lost, so many times."""

    async def write(self, body: Any) -> Any:
        written = await self.inner.write(body)
        self.writes -= 1
        if self.writes >= 0:
            raise OperationalError("", None, Exception("connection lost"))
        return written


async def test_messages_of_a_commit_that_was_not_answered_are_sent_all_the_same(
    store: Store, clock: ToyClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(delivery, "RECOVERY", 0.01)
    box, given = Letterbox(), list[object]()
    troubled = Store(Unanswered(store._database, 1), Alone(tmp_path / "o.db"), store.bell, shared=False)
    with troubled.handover.taken(frozenset({"telegram"}), given.append), pytest.raises(OperationalError):
        await Merchant(toy_turns(troubled, clock)).sends(events.Arrived(START))
    assert (await states(store), given) == (["sending"], [])

    async def sent() -> bool:
        sender.wake()
        return await states(store) == ["sent"]

    async with Delivery(troubled, {"telegram": box}, clock=clock) as sender:
        await until(sent)

    assert box.arrived == [(SHOP, 1)]


async def test_messages_go_once_the_database_is_back_and_only_once(
    store: Store, clock: ToyClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rounds, "AGAIN", 0.01)
    box = Letterbox()
    await Merchant(toy_turns(store, clock)).agrees()
    troubled = Store(Failing(store._database, 2), Alone(tmp_path / "other.db"), store.bell, shared=False)

    async with Delivery(troubled, {"telegram": box}, clock=clock):
        await until_settled(store, "sent", "sent")

    assert len(box.arrived) == len(set(box.arrived)) == 2


async def test_what_was_sent_and_not_yet_noted_before_a_kill_is_not_sent_again(
    store: Store, clock: ToyClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(delivery, "SOON", 3600.0)
    served = tmp_path / "served.db"
    await Merchant(toy_turns(store, clock)).agrees()
    first, box = Store(store._database, Alone(served), store.bell, shared=False), Letterbox()
    killed = asyncio.create_task(Delivery(first, {"telegram": box}, clock=clock).run())

    async def arrived() -> bool:
        return len(box.arrived) == 2

    await until(arrived)
    killed.cancel()
    assert await states(store) == ["sending", "sending"]

    second, again = Store(store._database, Alone(served), store.bell, shared=False), Letterbox()
    async with Delivery(second, {"telegram": again}, clock=clock):
        await until_settled(store, "sent", "sent")
    assert again.arrived == []
