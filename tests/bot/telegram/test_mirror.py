"""Telling the group: in order, again after a crash, and patiently where the group does not let us."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from telegram.error import NetworkError

from bot.telegram.group.allowance import Allowance
from bot.telegram.group.mirror import LONGEST_PAUSE, Mirror
from bot.telegram.group.supergroup import Supergroup
from bot.telegram.transport import Flooded
from conversations.store import Store
from tests import databases
from tests.bot.telegram.fakes import Wire, refusal
from tests.conversations.desk.rows import Row, put, waiting
from tests.conversations.toy import START

TOPIC = {"message_thread_id": 3, "name": "x", "icon_color": 1}


async def at_once(_seconds: float) -> None:
    """Nobody waits."""


@dataclass
class Telling:
    """The mirror of a store before a wire that answers as told."""

    store: Store
    wire: Wire

    def mirror(self) -> Mirror:
        """Another one is another process, or this one after a crash."""
        group = Supergroup(self.wire.bot(), -100500, Allowance(lambda: 0.0, at_once))
        return Mirror(self.store, lambda: START, group, lambda id: f"https://desk/{id}", at_once)

    @property
    def posts(self) -> list[str]:
        return [str(given["text"]).splitlines()[-1] for given in self.wire.made("sendMessage")]


@pytest.fixture
def telling(store: Store) -> Telling:
    wire = Wire()
    wire.usual["createForumTopic"] = TOPIC
    return Telling(store, wire)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return databases.with_tables(tmp_path / "test.db")


async def test_a_group_that_does_not_let_the_bot_in_is_tried_again_later(
    telling: Telling, caplog: pytest.LogCaptureFixture
) -> None:
    await telling.store.write(lambda c: put(c, waiting("a", 1)))
    telling.wire.answers["createForumTopic"].append(refusal(400, "Bad Request: not enough rights"))

    assert await telling.mirror().round() == LONGEST_PAUSE
    assert "BANGBANG_TELEGRAM_DESK" in caplog.text
    await telling.mirror().round()
    assert telling.wire.made("sendMessage")


async def test_a_flood_is_waited_out(telling: Telling) -> None:
    await telling.store.write(lambda c: put(c, waiting("a", 1)))
    telling.wire.answers["sendMessage"].append(Flooded(7))

    assert await telling.mirror().round() == 7


async def test_what_was_told_is_not_told_again_by_the_next_process(telling: Telling) -> None:
    await telling.store.write(lambda c: put(c, Row("a", said=("one", "two"), holder="mei")))
    await telling.mirror().round()
    before = telling.posts
    await telling.mirror().round()

    assert telling.posts == before
    assert before[-1] == "two"


async def test_a_topic_that_nobody_told_of_begins_with_its_first_post(telling: Telling) -> None:
    """The connection, or the process, died between making the topic and writing in it."""
    await telling.store.write(lambda c: put(c, Row("a", said=("one",), holder="mei")))
    telling.wire.answers["sendMessage"].append(NetworkError("cut"))
    with pytest.raises(NetworkError):
        await telling.mirror().round()
    await telling.mirror().round()

    assert len(telling.wire.made("createForumTopic")) == 1
    assert telling.posts[-1] == "one"
    assert "https://desk/a" in telling.wire.made("sendMessage")[-2]["text"]


async def test_a_message_that_telegram_will_not_take_holds_up_no_other_topic(telling: Telling) -> None:
    await telling.store.write(lambda c: put(c, waiting("a", 1), waiting("b", 2)))
    telling.wire.answers["createForumTopic"].extend([TOPIC, {**TOPIC, "message_thread_id": 4}])
    telling.wire.answers["sendMessage"].append(refusal(400, "Bad Request: text is odd"))
    await telling.mirror().round()

    assert [given["message_thread_id"] for given in telling.wire.made("sendMessage")] == [3, 4]
