"""What Telegram and outages do to a bot: numbers that restart, storms, lost taps. Nobody is left waiting."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.settings import TelegramMode
from conversations import wording
from tests import telegram_peer
from tests.telegram_peer.waiting import until

if TYPE_CHECKING:
    from tests.telegram_peer.peer import Peer
    from tests.telegram_peer.person import Person
    from tests.telegram_peer.product import Product


@asynccontextmanager
async def opened(
    folder: Path, peer: "Peer", mode: TelegramMode = TelegramMode.POLLING, ahead: timedelta = timedelta()
) -> "AsyncIterator[Product]":
    from tests.telegram_peer import product

    async with product.opened(folder, peer, mode, ahead) as running:
        yield running


@pytest.fixture
async def peer() -> "AsyncIterator[Peer]":
    async with telegram_peer.running() as peer:
        yield peer


@pytest.fixture(params=list(TelegramMode))
def mode(request: pytest.FixtureRequest) -> TelegramMode:
    return TelegramMode(request.param)


def zh(key: str) -> str:
    return wording.phrase(key, "zh-Hans")


async def agrees(person: "Person") -> None:
    person.says("/start")
    await person.hears("18")
    person.taps(zh("choice.agree"))
    await person.hears(zh("ask.role"))


async def test_a_tap_that_died_during_an_outage_is_asked_for_again(
    peer: "Peer", mode: TelegramMode, tmp_path: Path
) -> None:
    tapped, quiet = peer.person(), peer.person()
    away = timedelta(minutes=10)
    async with opened(tmp_path, peer, mode) as product:
        await agrees(tapped)
        await agrees(quiet)
        await until(lambda: product.outage.beats)
    tapped.taps(zh("choice.owner"))
    peer.ahead += away
    async with opened(tmp_path, peer, mode, away):
        for person in (tapped, quiet):
            again = await person.hears(zh("were_away"))
            assert zh("ask.role") in again.text
        tapped.taps(zh("choice.owner"))
        await tapped.hears(zh("ask.trade"))


async def test_whoever_wrote_meanwhile_is_answered_and_not_asked_twice(peer: "Peer", tmp_path: Path) -> None:
    xia, other = peer.person(), peer.person()
    away = timedelta(minutes=10)
    async with opened(tmp_path, peer) as product:
        await agrees(xia)
        await agrees(other)
        await until(lambda: product.outage.beats)
    xia.says("老板")
    peer.ahead += away
    async with opened(tmp_path, peer, ahead=away):
        await other.hears(zh("were_away"))
        await xia.hears(zh("ask.trade"))

    assert not any(zh("were_away") in reply for reply in xia.replies)


async def test_numbers_that_restart_lower_lose_nothing(
    peer: "Peer", mode: TelegramMode, tmp_path: Path
) -> None:
    async with opened(tmp_path, peer, mode):
        xia = peer.person()
        await agrees(xia)
        await until(lambda: not len(peer.mailbox))  # a week of silence confirms everything
        peer.mailbox.restart_at(3)
        xia.taps(zh("choice.owner"))
        await xia.hears(zh("ask.trade"))
        xia.taps(zh("choice.restaurant"))
        await xia.hears(zh("ask.city").splitlines()[0])
        await until(lambda: not len(peer.mailbox))


async def test_everything_ten_times_and_shuffled_changes_nothing(
    peer: "Peer", mode: TelegramMode, tmp_path: Path
) -> None:
    async with opened(tmp_path, peer, mode) as product:
        xia = peer.person()
        await agrees(xia)
        before = await product.turns.session_of(xia.contact)
        for update in list(peer.mailbox.sent) * 10:
            peer.mailbox.put_again(update, chat=xia.id)
        peer.mailbox.shuffle(random.Random(7))
        await until(lambda: not len(peer.mailbox))
        after = await product.turns.session_of(xia.contact)

    assert before == after
    assert len(xia.replies) == 3


async def test_a_storm_of_floods_loses_nothing_and_keeps_each_order(peer: "Peer", tmp_path: Path) -> None:
    async with opened(tmp_path, peer):
        people = [peer.person() for _ in range(12)]
        for person in people[:6]:
            peer.faults.flood[person.id] = 1
        for person in people:
            person.says("/start")
        for person in people:
            await person.hears("18")

    assert all(len(person.replies) == 2 for person in people)
