"""A line says what happened in which conversation, and nothing of what anybody wrote."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from telegram.error import BadRequest

from bot import logs
from bot.telegram import channel as telegram_channel
from conversations import watch
from conversations.events import Arrived, Event
from conversations.session import Session, Stage, Turn
from conversations.store import Store
from conversations.turns import Turns
from tests.channels import CHANNELS
from tests.conversations.toy import START, Merchant, ToyClock, ToyFlow, ToySpeech
from tests.journeying import journey
from tests.running import SECRET
from tests.telegram_peer.peer import TOKEN
from tests.test_journeys import FOLDER, STORIES

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


ACCEPTED = "happy_path/a_restaurant_connects_weibo_and_accepts.yaml"
NUMBER = "91350100M000100Y43"  #: of the licence, told on the way
FIRST_NAME = "小夏"  #: of the person in Telegram; the accounts' names begin with it too


def personal(session: Session) -> Iterator[str]:
    """What the merchant said and what is known of their accounts."""
    for account in session.accounts.values():
        yield from (account.screen_name or "", account.phrase or "")
    yield from (answer.said for answer in session.answers.values())


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_whole_journey_leaves_nothing_of_the_merchant_in_the_log(
    channel: str, tmp_path: Path, stream: io.StringIO
) -> None:
    told = STORIES[FOLDER / ACCEPTED]["steps"]
    said: list[dict[str, Any]] = [{"said": CANARY}, {"said": f"{CANARY} 13812345678"}]
    async with asyncio.timeout(60), journey(channel, "zh-Hans", tmp_path) as on_the_way:
        for step in [{"arrived": True}, *told[:7], said[0], *told[7:], said[1]]:
            await on_the_way.act(step)
        session = on_the_way.session
        address = on_the_way.user.contact.address
    assert session.decision is not None
    assert session.stage is Stage.ACCEPTED

    written = stream.getvalue()
    assert written
    secrets = {CANARY, "13812345678", NUMBER, FIRST_NAME, TOKEN, TOKEN.partition(":")[2], SECRET}
    secrets |= {"xiaoxia", *(each for each in (address, *personal(session)) if len(each) > 4)}
    assert [secret for secret in secrets if secret in written] == []


async def test_what_telegram_says_of_a_refused_set_up_is_not_repeated(stream: io.StringIO) -> None:
    tried = asyncio.Event()

    async def publish() -> None:
        tried.set()
        raise BadRequest(CANARY)

    insisting = asyncio.create_task(telegram_channel.insist(publish))
    await tried.wait()
    await asyncio.sleep(0)  # it has told, and waits for its next try
    insisting.cancel()
    await asyncio.gather(insisting, return_exceptions=True)

    [line] = [line for line in lines(stream) if line["logger"] == "bot.telegram.channel"]
    assert line["event"] == "Telegram refuses publish: check BANGBANG_PUBLIC_URL"
    assert CANARY not in stream.getvalue()
