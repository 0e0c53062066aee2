"""Nothing is confirmed to Telegram before it is committed, and nothing stops the loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram.error import TimedOut

from bot.telegram.courtesy import Courtesy
from bot.telegram.intake import Intake
from bot.telegram.polling import Polling
from bot.telegram.transport import Flooded
from conversations.events import Said
from tests.bot.telegram.builders import NOW, PRIVATE, READER, message
from tests.bot.telegram.fakes import Letters, Turns, Wire, refusal
from tests.telegram_peer.waiting import until


def said(number: int, text: str = "hi", chat: int = 1) -> dict[str, Any]:
    return {"update_id": number, "message": message(text=text, chat=PRIVATE | {"id": chat})}


class Scene:
    def __init__(self) -> None:
        self.wire, self.turns = Wire(), Turns()
        self.wire.usual["getUpdates"] = []
        self.bot = self.wire.bot()
        self.letters = Letters()
        courtesy = Courtesy(self.bot, self.turns.quiet, lambda: NOW)
        self.intake = Intake(READER, self.turns, courtesy, self.letters)
        self.polling = Polling(self.bot, self.intake, wait=1, first_pause=0.001)

    @property
    def offsets(self) -> list[int]:
        return [given["offset"] for given in self.wire.made("getUpdates")]

    @property
    def arrivals(self) -> list[str]:
        return [arrival for _, arrival, _, _ in self.turns.handled]

    @asynccontextmanager
    async def polled(self, *answers: Any) -> AsyncIterator[None]:
        """Runs until every answer was fetched, and two polls more."""
        self.wire.answers["getUpdates"].extend(answers)
        task = asyncio.create_task(self.polling.run())
        await until(lambda: len(self.offsets) >= len(answers) + 2)
        yield
        self.polling.stop()
        await task


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_the_offset_moves_on_after_the_turns(scene: Scene) -> None:
    async with scene.polled([said(10), said(11)]):
        assert scene.arrivals == ["10", "11"]
        assert scene.offsets[:2] == [0, 12]


async def test_only_what_we_understand_is_asked_for_and_nothing_is_dropped(scene: Scene) -> None:
    async with scene.polled():
        [first, given, *_] = scene.wire.made("getUpdates")

    assert first["timeout"] == 0
    assert given == {
        "offset": 0, "timeout": 1,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"],
    }  # fmt: skip


async def test_a_chat_keeps_its_order(scene: Scene) -> None:
    async with scene.polled([said(n, str(n), chat=n % 3 + 1) for n in range(30)]):
        for chat in "123":
            mine = [event for to, _, event, _ in scene.turns.handled if to.address == chat]
            assert mine == [Said(NOW, str(n)) for n in range(30) if n % 3 + 1 == int(chat)]


async def test_while_the_store_is_away_the_same_updates_are_fetched_again(scene: Scene) -> None:
    scene.turns.trouble.append(OSError())
    async with scene.polled([said(10)], [said(10)]):
        assert scene.arrivals == ["10"]
        assert scene.offsets[:3] == [0, 0, 11]


async def test_a_poison_update_is_passed_over(scene: Scene) -> None:
    scene.turns.trouble.append(KeyError())
    async with scene.polled([said(10), said(11), {"update_id": 12, "message": {"text": 7}}, said(13)]):
        assert scene.arrivals == ["11", "13"]
        assert scene.offsets[1] == 14
        assert len(scene.letters.kept) == 2


async def test_numbers_that_begin_anew_lower_are_taken_and_confirmed(scene: Scene) -> None:
    async with scene.polled([said(9000)], [said(17)], [said(18)]):
        assert scene.arrivals == ["9000", "17", "18"]
        assert scene.offsets[:4] == [0, 9001, 18, 19]


async def test_what_is_confirmed_is_confirmed_once(scene: Scene) -> None:
    """Else numbers that begin anew while a poll is open would lie below the offset for ever."""
    async with scene.polled([said(9000)], [], [said(17)]):
        assert scene.offsets[:4] == [0, 9001, 0, 18]


async def test_the_channel_is_in_reach_while_polls_are_answered(scene: Scene) -> None:
    async with scene.polled():
        assert scene.polling.in_reach.is_set()
        scene.wire.usual["getUpdates"] = refusal(502)
        await until(lambda: not scene.polling.in_reach.is_set())


async def test_an_update_without_a_number_does_not_stop_the_others(scene: Scene) -> None:
    async with scene.polled([{"message": "?"}, None, said(10)]):
        assert scene.arrivals == ["10"]
        assert scene.offsets[1] == 11


@pytest.mark.parametrize(
    "answer", [TimedOut(), refusal(500), (200, []), True, [[1]], Flooded(0.001), refusal(409)]
)
async def test_polling_goes_on_after_an_error(scene: Scene, answer: Any) -> None:
    async with scene.polled(answer, [said(10)]):
        assert scene.arrivals == ["10"]


async def test_a_second_poller_is_said_clearly(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    async with scene.polled(refusal(409)):
        assert "another program polls this bot" in caplog.text


async def test_a_long_pause_does_not_hold_up_the_stop(scene: Scene) -> None:
    scene.wire.usual["getUpdates"] = Flooded(60)
    task = asyncio.create_task(scene.polling.run())
    await asyncio.sleep(0.01)
    scene.polling.stop()

    async with asyncio.timeout(1):
        await task


async def test_being_stopped_from_outside_is_not_mistaken_for_our_own_stop(scene: Scene) -> None:
    scene.wire.usual["getUpdates"] = Flooded(60)
    task = asyncio.create_task(scene.polling.run())
    await asyncio.sleep(0.01)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
