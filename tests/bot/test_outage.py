"""After time out of reach every open question is asked again: once, soon, and at a polite pace."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.outage import BEAT, PACE, Outage
from conversations import vocabulary, wording
from conversations.events import Chose, Event, Said
from conversations.flow import Flow
from conversations.gathering import Busy
from conversations.store import Contact, Message, Store, pulse
from conversations.tables import SESSIONS
from conversations.turns import Handled, Turns
from scoring import policy
from tests.conversations.toy import ToyClock


class HinderedTurns(Turns):
    """Asks nobody again while there is trouble."""

    trouble: Exception | None = None

    async def handle_session(self, session_id: str, channel: str, arrival: str, event: Event) -> Handled:
        if self.trouble:
            raise self.trouble
        return await super().handle_session(session_id, channel, arrival, event)


class Scene:
    """Merchants on the real conversation, a clock that stands still, and pauses that are only counted."""

    def __init__(self, store: Store) -> None:
        self.clock, self.store = ToyClock(), store
        flow = Flow(policy.load(), vocabulary.load())
        self.turns = HinderedTurns(
            store, flow, lambda *_: "https://x.test", self.clock, frozenset({"telegram"}), wording
        )
        self.outage = Outage(self.turns, "telegram", self.pause)
        self.pauses: list[float] = []
        self._arrivals = 0

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def does(self, address: str, *events: str) -> str:
        for what in events:
            self._arrivals += 1
            event = Chose(self.clock(), what) if what == "agree" else Said(self.clock(), what)
            contact = Contact("telegram", address)
            handled = await self.turns.handle(contact, str(self._arrivals), event, language="en")
        return handled.session_id

    async def pulse(self) -> datetime | None:
        return await self.store.read(lambda connection: pulse.last(connection, "telegram"))

    async def last(self, session_id: str) -> Message:
        return (await self.turns.messages(session_id))[-1]


@pytest.fixture
def scene(store: Store) -> Scene:
    return Scene(store)


AGAIN = wording.phrase("were_away", "en")


async def test_the_open_question_is_asked_again_in_one_message_after_a_gap(scene: Scene) -> None:
    one = await scene.does("1", "/start", "agree")
    await scene.outage.beat()
    before = await scene.last(one)
    scene.clock.pass_by(minutes=10)

    assert await scene.outage.beat() == 1
    after = await scene.last(one)
    assert (after.n, after.text) == (before.n + 1, f"{AGAIN}\n{before.text}")
    assert (after.step, after.choices) == (before.step, before.choices)


async def test_a_short_gap_and_a_first_start_ask_nothing(scene: Scene) -> None:
    await scene.does("1", "/start", "agree")
    first = await scene.outage.beat()
    scene.clock.pass_by(seconds=149)

    assert (first, await scene.outage.beat()) == (0, 0)


async def test_whoever_was_heard_after_the_gap_or_cannot_be_reached_is_left_alone(scene: Scene) -> None:
    spoke, gone, left = [await scene.does(chat, "/start", "agree") for chat in "123"]
    await scene.outage.beat()
    scene.clock.pass_by(minutes=10)
    await scene.does("1", "nonsense")
    await scene.turns.reachable(Contact("telegram", "2"), alive=False)
    scene.clock.pass_by(seconds=1)

    assert await scene.outage.beat() == 1
    texts = [(await scene.last(each)).text.startswith(AGAIN) for each in (spoke, gone, left)]
    assert texts == [False, False, True]


async def test_a_question_left_open_for_weeks_is_not_raised_again(scene: Scene) -> None:
    await scene.does("1", "/start", "agree")
    await scene.outage.beat()
    scene.clock.pass_by(days=8)

    assert await scene.outage.beat() == 0


async def test_after_a_crash_in_the_middle_the_rest_is_asked_and_nobody_twice(scene: Scene) -> None:
    ids = [await scene.does(str(n), "/start", "agree") for n in range(PACE + 5)]
    await scene.outage.beat()
    scene.clock.pass_by(minutes=10)

    async def crash(_seconds: float) -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await Outage(scene.turns, "telegram", crash).beat()
    assert await scene.outage.beat() == 5

    for each in ids:
        asked = [m for m in await scene.turns.messages(each) if m.text.startswith(AGAIN)]
        assert len(asked) == 1


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # what counts here are the pauses
async def test_seven_hundred_chats_are_asked_within_thirty_seconds(scene: Scene) -> None:
    await asyncio.gather(*(scene.does(str(n), "/start", "agree") for n in range(700)))
    await scene.outage.beat()
    scene.clock.pass_by(minutes=10)

    assert await scene.outage.beat() == 700
    assert sum(scene.pauses) <= 28
    assert 700 / sum(scene.pauses) <= PACE


async def test_a_conversation_that_cannot_be_asked_keeps_nobody_else_waiting(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    first, broken, last = [await scene.does(chat, "/start", "agree") for chat in "123"]
    await scene.outage.beat()
    scene.clock.pass_by(minutes=10)
    unreadable = update(SESSIONS).where(SESSIONS.c.id == broken).values(state="{}")
    await scene.store.write(lambda connection: connection.execute(unreadable))

    assert await scene.outage.beat() == 2
    assert [(await scene.last(each)).text.startswith(AGAIN) for each in (first, last)] == [True, True]
    assert caplog.text.count("cannot be asked again") == 1
    assert await scene.pulse() == scene.clock()


@pytest.mark.parametrize("trouble", [Busy(), OSError("no database")])
async def test_what_stands_in_everybodys_way_leaves_the_pulse_old(scene: Scene, trouble: Exception) -> None:
    await scene.does("1", "/start", "agree")
    await scene.outage.beat()
    before = await scene.pulse()
    scene.clock.pass_by(minutes=10)
    scene.turns.trouble = trouble

    with pytest.raises(type(trouble)):
        await scene.outage.beat()
    assert await scene.pulse() == before


@pytest.mark.parametrize(("hours", "asked"), [(23, 1), (25, 2)])
async def test_questions_without_buttons_are_asked_again_once_words_are_forgotten_too(
    scene: Scene, hours: int, asked: int
) -> None:
    await scene.does("1", "/start", "agree")
    writes = await scene.does("2", "/start", "agree", "店主", "餐馆")
    before = await scene.last(writes)
    assert before.choices == ()
    await scene.outage.beat()
    scene.clock.pass_by(hours=hours)

    assert await scene.outage.beat() == asked
    assert (await scene.last(writes)).n == before.n + asked - 1


async def test_no_pulse_is_written_while_the_channel_is_out_of_reach(scene: Scene) -> None:
    in_reach, beats = asyncio.Event(), asyncio.Event()

    async def slept(seconds: float) -> None:
        assert seconds == BEAT
        beats.set()
        in_reach.clear()

    watching = asyncio.create_task(Outage(scene.turns, "telegram", slept).watch(in_reach))
    await asyncio.sleep(0)
    assert await scene.store.read(lambda connection: pulse.last(connection, "telegram")) is None
    in_reach.set()
    await asyncio.wait_for(beats.wait(), 5)
    watching.cancel()

    last = await scene.store.read(lambda connection: pulse.last(connection, "telegram"))
    assert last == scene.clock() - timedelta(0)
