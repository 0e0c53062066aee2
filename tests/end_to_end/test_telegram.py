"""A merchant on Telegram, through the whole product: over real HTTP, by polling and by webhook."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession

from bot.settings import TelegramMode
from conversations import wording
from conversations.session import Stage
from conversations.store import dead_letters
from conversations.store.bell import OUTBOX
from tests import telegram_peer
from tests.telegram_peer.waiting import until

if TYPE_CHECKING:
    from tests.telegram_peer.peer import Peer
    from tests.telegram_peer.person import Person
    from tests.telegram_peer.product import Product

LICENCE = "91110000600037341L"
GROUP = -100500


@asynccontextmanager
async def opened(
    folder: Path, peer: "Peer", mode: TelegramMode = TelegramMode.POLLING
) -> "AsyncIterator[Product]":
    from tests.telegram_peer import product

    async with product.opened(folder, peer, mode) as running:
        yield running


async def authorise(link: str) -> None:
    from tests.telegram_peer import product

    await product.authorise(link)


@pytest.fixture
async def peer() -> "AsyncIterator[Peer]":
    async with telegram_peer.running() as peer:
        yield peer


@pytest.fixture(params=list(TelegramMode))
def mode(request: pytest.FixtureRequest) -> TelegramMode:
    return TelegramMode(request.param)


def zh(key: str, **values: str) -> str:
    return wording.phrase(key, "zh-Hans", **values)


async def agrees(person: "Person") -> None:
    person.says("/start")
    await person.hears("18")
    person.taps(zh("choice.agree"))
    await person.hears(zh("ask.role"))


async def names_the_shop(person: "Person") -> str:
    """As far as the shop's account; what is said there."""
    person.taps(zh("choice.owner"))
    await person.hears(zh("ask.trade"))
    person.taps(zh("choice.restaurant"))
    await person.hears(zh("ask.city").splitlines()[0])
    person.says("昆明，2017年2月")
    await person.hears(zh("ask.licence"))
    person.taps(zh("choice.individual_business"))
    return (await person.hears("微博")).text


async def gives_the_figures(person: "Person") -> None:
    """From the turnover to the summary card, which is submitted."""
    for heard, said in (
        ("ask.sales_last_month", "13万"),
        ("ask.orders_per_day", "37单 120元 30天"),
        ("ask.rent", "15000"),
        ("ask.staff_count", "6.5人 29900"),
        ("ask.debt_balance", "没有"),
        ("ask.amount", "5万 12期"),
        ("ask.purpose", "进货"),
    ):
        await person.hears(zh(heard).splitlines()[0])
        person.says(said)
    await person.hears(zh("ask.check"))
    person.taps(zh("choice.submit"))


async def accepts(person: "Person") -> None:
    """From the offers to the receipt."""
    offered = await person.hears(zh("ask.offer"))
    person.taps(offered.rows[1][0])
    await person.hears(zh("ask.licence_number"))
    person.says(LICENCE)
    await person.hears(zh("ask.acknowledge"))
    person.taps(zh("choice.acknowledge"))
    await person.hears("接受")
    person.taps(zh("choice.accept"))
    await person.hears("已接受，编号")


async def test_from_start_to_acceptance(peer: "Peer", mode: TelegramMode, tmp_path: Path) -> None:
    async with opened(tmp_path, peer, mode) as product:
        xia = peer.person()
        await agrees(xia)
        [link] = re.findall(r"http://127\S+", await names_the_shop(xia))
        await authorise(link)
        await xia.hears(zh("account.connected", handle="小夏雲味小館"))
        await xia.hears("个人微博")
        xia.says("@小夏Xia")
        await gives_the_figures(xia)
        assert "年化利率" in (await xia.hears("第 12 期")).text.splitlines()[1]
        await accepts(xia)
        await until(lambda: all(tap.answered for tap in peer.chats.taps.values()))

        assert xia.received[-1].raw["text"].startswith("<b>")
        session = await product.turns.session_of(xia.contact)
        assert session is not None
        assert session.stage is Stage.ACCEPTED
        assert await product.store.read(lambda connection: dead_letters.newest(connection, 1)) == []


async def test_what_is_delivered_twice_changes_nothing(
    peer: "Peer", mode: TelegramMode, tmp_path: Path
) -> None:
    async with opened(tmp_path, peer, mode) as product:
        xia = peer.person()
        await agrees(xia)
        before = await product.turns.session_of(xia.contact)
        for update in list(peer.mailbox.sent) * 3:
            peer.mailbox.put_again(update, chat=xia.id)
        await until(lambda: not len(peer.mailbox) or mode is TelegramMode.POLLING)
        xia.sends("sticker")
        await xia.hears(zh("ask.role"))
        after = await product.turns.session_of(xia.contact)

        assert before is not None
        assert after is not None
        assert (after.answers, after.version) == (before.answers, before.version + 1)
        assert len(xia.replies) == 5
        assert len([name for name, _ in peer.calls if name == "answercallbackquery"]) == 1


async def test_old_and_forged_buttons_change_nothing_and_are_answered(peer: "Peer", tmp_path: Path) -> None:
    async with opened(tmp_path, peer) as product:
        xia, other = peer.person(), peer.person("en")
        await agrees(xia)
        old = xia.taps(zh("choice.agree"))
        await xia.hears(zh("stale"))
        await xia.hears(zh("ask.role"))
        data = xia.received[-1].buttons[zh("choice.owner")]["callback_data"]
        foreign, forged = other.taps_data(data), xia.taps_data(data[:-1] + "?")
        await until(lambda: old.answered and foreign.answered and forged.answered)

        assert old.answer is None
        assert forged.answer == zh("telegram.stale")
        assert foreign.answer == wording.phrase("telegram.stale", "en")
        assert await product.turns.session_of(other.contact) is None
        session = await product.turns.session_of(xia.contact)
        assert session is not None
        assert session.waiting == "role"


async def test_what_cannot_be_read_gets_an_answer_and_the_question_again(
    peer: "Peer", tmp_path: Path
) -> None:
    async with opened(tmp_path, peer):
        xia = peer.person()
        await agrees(xia)
        for what in ("sticker", "photo", "voice", "video", "document", "location"):
            xia.sends(what)
            await xia.hears(zh(f"cannot_read.{what}"))
            await xia.hears(zh("ask.role"))
        xia.sends("contact")
        await xia.hears(zh("cannot_read.other"))
        xia.edits("老板")
        await xia.hears(zh("edited_message"))
        xia.says("/Help@test_bot")
        await xia.hears(zh("help").splitlines()[0])


async def test_in_a_group_nothing_is_talked_about(peer: "Peer", tmp_path: Path) -> None:
    async with opened(tmp_path, peer) as product:
        xia = peer.person()
        xia.says_in_group("/start@test_bot")
        xia.says_in_group("我想借五万")
        await agrees(xia)

        [told] = peer.chats.messages[GROUP]
        assert "https://t.me/test_bot" in told.text
        session = await product.turns.session_of(xia.contact)
        assert session is not None
        assert list(session.answers) == ["consent"]


@pytest.mark.parametrize("away", [timedelta(minutes=3), timedelta(days=3)], ids=["minutes", "days"])
async def test_who_blocked_the_bot_finds_everything_where_it_stood(
    peer: "Peer", tmp_path: Path, away: timedelta
) -> None:
    async with opened(tmp_path, peer) as product:
        xia, other = peer.person(), peer.person()
        await agrees(xia)
        xia.blocks()
        await agrees(other)
        heard = len(xia.replies)
        product.ahead += away
        xia.returns()
        await xia.hears(zh("recap.applying", answered="0"))
        await xia.hears(zh("ask.role"))

        assert len(xia.replies) == heard + 2


async def test_a_message_that_meets_a_block_is_kept_for_the_return(peer: "Peer", tmp_path: Path) -> None:
    async with opened(tmp_path, peer) as product:
        xia = peer.person()
        await agrees(xia)
        peer.faults.blocked.add(xia.id)
        xia.sends("sticker")
        await until(lambda: [name for name, _ in peer.calls].count("sendmessage") == 4)
        product.ahead += timedelta(days=3)
        xia.returns()

        await xia.hears(zh("ask.role"))


async def test_a_flood_a_fault_and_a_cut_delay_a_chat_and_lose_nothing(peer: "Peer", tmp_path: Path) -> None:
    async with opened(tmp_path, peer) as product:
        xia, other = peer.person(), peer.person()
        peer.faults.flood[xia.id] = 600
        xia.says("/start")
        await agrees(other)
        assert not xia.received
        product.ahead += timedelta(seconds=601)
        product.store.bell.ring(OUTBOX)
        await xia.hears("18")
        peer.faults.fail["sendmessage"] = 500
        peer.faults.fail["getupdates"] = 502
        xia.taps(zh("choice.agree"))
        await xia.hears(zh("ask.role"))
        peer.faults.cut_before.add("sendmessage")
        xia.taps(zh("choice.owner"))
        await xia.hears(zh("ask.trade"))

        assert [len(person.received) for person in (xia, other)] == [4, 3]


async def test_a_restart_in_the_middle_goes_on_at_the_same_question(
    peer: "Peer", mode: TelegramMode, tmp_path: Path
) -> None:
    xia = peer.person()
    async with opened(tmp_path, peer, mode):
        await agrees(xia)
    xia.taps(zh("choice.owner"))
    xia.sends("sticker")
    async with opened(tmp_path, peer, mode):
        await xia.hears(zh("ask.trade"))
        xia.says("/status")
        await xia.hears(zh("recap.applying", answered="1"))

    assert all(tap.answered for tap in peer.chats.taps.values())


async def test_a_tap_that_outlived_its_answer_counts_all_the_same(peer: "Peer", tmp_path: Path) -> None:
    xia = peer.person()
    async with opened(tmp_path, peer):
        await agrees(xia)
    late = xia.taps(zh("choice.owner"))
    late.at -= timedelta(seconds=151)
    async with opened(tmp_path, peer):
        await xia.hears(zh("ask.trade"))

    assert not late.answered


async def test_a_wrong_secret_opens_nothing(peer: "Peer", tmp_path: Path) -> None:
    async with opened(tmp_path, peer, TelegramMode.WEBHOOK) as product:
        xia = peer.person()
        secret, peer.webhook["secret_token"] = peer.webhook["secret_token"], "wrong"
        xia.says("/start")
        await until(lambda: peer.pushes)
        assert set(peer.pushes) == {403}
        assert await product.turns.session_of(xia.contact) is None
        peer.webhook["secret_token"] = secret
        await xia.hears("18")


async def test_a_second_poller_is_told_apart_and_nothing_is_lost(peer: "Peer", tmp_path: Path) -> None:
    async with opened(tmp_path, peer), ClientSession() as stranger:
        xia = peer.person()
        await agrees(xia)
        await stranger.get(f"{peer.url}/bot42:TEST/getUpdates")
        xia.taps(zh("choice.owner"))
        await xia.hears(zh("ask.trade"))


async def test_the_menu_is_there_in_both_languages(peer: "Peer", tmp_path: Path) -> None:
    async with opened(tmp_path, peer):
        await until(lambda: set(peer.commands) == {None, "zh", "en"})
        assert {"command": "human", "description": "Talk to a person"} in peer.commands["en"]
