"""A line says what happened in which conversation, and nothing of what anybody wrote."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from conversations import watch
from conversations.events import Arrived, Event
from conversations.session import Session, Turn
from conversations.store import Store
from conversations.turns import Turns
from tests.conversations.toy import START, Merchant, ToyClock, ToyFlow, ToySpeech
from tests.telegram_peer.peer import TOKEN
from tests.test_journeys import journey

CANARY = "金丝雀小卖部"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the lines go; what pytest had arranged comes back."""
    root = logging.getLogger()
    handlers, level, loud = root.handlers[:], root.level, logging.raiseExceptions
    written = io.StringIO()
    logs.configure("DEBUG", written, machine=True)
    for handler in handlers:
        root.addHandler(handler)
    yield written
    root.handlers[:], logging.raiseExceptions = handlers, loud
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_carries_its_conversation(stream: io.StringIO) -> None:
    with watch.about("c0ffee"):
        logging.getLogger("bot.shop").info("opened %d", 3)
    logging.getLogger("bot.shop").info("closed")

    opened, closed = lines(stream)
    assert (opened["event"], opened["conversation"], opened["level"]) == ("opened 3", "c0ffee", "info")
    assert "conversation" not in closed


async def test_what_a_turn_logs_names_its_conversation(tmp_path: Path, stream: io.StringIO) -> None:
    class Talkative(ToyFlow):
        def advance(self, session: Session, event: Event) -> Turn:
            logging.getLogger("bot.shop").info("advanced")
            return super().advance(session, event)

    async with Store.open(f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}") as store:
        await store.create()
        turns = Turns(store, Talkative(), lambda *_: "", ToyClock(), frozenset(), ToySpeech())
        session_id = await Merchant(turns).sends(Arrived(START))

    [line] = [line for line in lines(stream) if line["event"] == "advanced"]
    assert line["conversation"] == session_id


def test_an_exception_is_its_kinds_and_places(stream: io.StringIO) -> None:
    try:
        try:
            int(CANARY)
        except ValueError as error:
            raise RuntimeError(CANARY) from error
    except RuntimeError:
        logging.getLogger("bot.shop").exception("it failed")

    [line] = lines(stream)
    assert [cause.split()[0] for cause in line["error"]] == ["RuntimeError", "ValueError"]
    assert "bot/test_logs.py" in line["error"][0]
    assert CANARY not in stream.getvalue()


def test_other_libraries_and_unknown_keys_are_cut(stream: io.StringIO) -> None:
    logging.getLogger("asyncpg").warning("value %s", CANARY, extra={"chat": CANARY})
    logging.getLogger("bot.shop").warning("said", extra={"text": CANARY})

    assert CANARY not in stream.getvalue()
    assert [set(line) for line in lines(stream)] == [{"at", "level", "logger", "event"}] * 2


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_a_whole_journey_leaves_nothing_of_the_merchant_in_the_log(
    channel: str, tmp_path: Path, stream: io.StringIO
) -> None:
    async with asyncio.timeout(60), journey(channel, "zh-Hans", tmp_path) as on_the_way:
        steps: list[dict[str, Any]] = [{"arrived": True}, {"tapped": "agree"}, {"tapped": "owner"}]
        for step in [*steps, {"said": CANARY}, {"said": f"{CANARY} 13812345678"}]:
            await on_the_way.act(step)
        address = on_the_way.user.contact.address

    written = stream.getvalue()
    assert written
    secrets = (CANARY, "13812345678", address, TOKEN, TOKEN.partition(":")[2])
    assert [secret for secret in secrets if secret in written] == []
