"""The peer refuses what Telegram refuses: a bot that passes here is not merely unopposed."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError

from bot.telegram.transport import Flooded, Transport
from tests import telegram_peer
from tests.telegram_peer.waiting import until

if TYPE_CHECKING:
    from tests.telegram_peer.peer import Peer

GROUP = -100500


@pytest.fixture
async def peer() -> "AsyncIterator[Peer]":
    async with telegram_peer.running() as peer:
        yield peer


@pytest.fixture
async def bot(peer: "Peer") -> AsyncIterator[Bot]:
    carrier = Transport()
    await carrier.initialize()
    yield _bot(peer, "42:TEST", carrier)
    await carrier.shutdown()


def _bot(peer: "Peer", token: str, carrier: Transport) -> Bot:
    return Bot(token, f"{peer.url}/bot", f"{peer.url}/file/bot", request=carrier, get_updates_request=carrier)


def keyboard(**button: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("x", **button)]])


async def test_what_is_sent_is_kept_and_comes_back(peer: "Peer", bot: Bot) -> None:
    sent = await bot.send_message(
        7, "<b>5 &lt; 6</b>", parse_mode="HTML", reply_markup=keyboard(callback_data="a")
    )

    [shown] = peer.chats.messages[7]
    assert (shown.id, shown.text, shown.rows) == (sent.message_id, "5 < 6", [["x"]])


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ("", {}),
        ("x" * 4097, {}),
        ("<b>", {"parse_mode": "HTML"}),
        ("5 < 6", {"parse_mode": "HTML"}),
        ("x", {"reply_markup": keyboard(callback_data="x" * 65)}),
        ("x", {"reply_markup": keyboard(url="http://localhost/x")}),
        ("x", {"reply_markup": keyboard(url="http://127.0.0.1:8080/x")}),
        ("x", {"api_kwargs": {"colour": "red"}}),
        ("x", {"message_effect_id": 7}),
    ],
)
async def test_a_wrong_message_is_refused(peer: "Peer", bot: Bot, text: str, extra: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        await bot.send_message(7, text, **extra)
    assert not peer.chats.messages


async def test_an_edit_needs_a_message_and_a_change(peer: "Peer", bot: Bot) -> None:
    sent = await bot.send_message(7, "one")
    await bot.edit_message_text("two", 7, sent.message_id)

    assert [shown.text for shown in peer.chats.messages[7]] == ["two"]
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("two", 7, sent.message_id)
    with pytest.raises(BadRequest, match="not found"):
        await bot.edit_message_text("two", 7, 999)


async def test_a_tap_is_answered_once_and_in_time(peer: "Peer", bot: Bot) -> None:
    person = peer.person()
    person.taps_data("a")
    person.taps_data("b")
    first, second = peer.chats.taps

    await bot.answer_callback_query(first, "thanks")
    assert peer.chats.taps[first].answer == "thanks"
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query(first)
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query("unknown")
    peer.ahead += timedelta(seconds=151)
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query(second)


async def test_updates_wait_until_confirmed_and_taps_die_first(peer: "Peer", bot: Bot) -> None:
    person = peer.person()
    person.says("hi")
    person.taps_data("a")
    both = await bot.get_updates()
    again = await bot.get_updates(both[0].update_id)
    peer.ahead += timedelta(seconds=151)
    one = await bot.get_updates()
    none = await bot.get_updates(both[0].update_id + 1)

    assert [len(batch) for batch in (both, again, one, none)] == [2, 2, 1, 0]


async def test_a_long_poll_ends_when_something_arrives(peer: "Peer", bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    peer.person().says("hi")

    assert len(await poll) == 1


async def test_two_pollers_and_a_webhook_exclude_each_other(peer: "Peer", bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    await bot.get_updates()
    with pytest.raises(Conflict, match="terminated"):
        await poll
    await bot.set_webhook("https://loans.example.cn/telegram/webhook")
    with pytest.raises(Conflict, match="webhook"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url.endswith("/telegram/webhook")


async def test_a_webhook_that_does_not_answer_is_tried_again(peer: "Peer", bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/telegram/webhook")
    peer.person().says("hi")
    await until(lambda: len(peer.pushes) >= 2)
    await bot.delete_webhook(drop_pending_updates=True)

    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_faults_strike_when_told(peer: "Peer", bot: Bot) -> None:
    faults = peer.faults
    faults.blocked.add(7)
    faults.flood[8] = 3
    faults.fail["getme"] = 500
    with pytest.raises(Forbidden):
        await bot.send_message(7, "x")
    with pytest.raises(Flooded):
        await bot.send_message(8, "x")
    with pytest.raises(NetworkError):
        await bot.get_me()
    await bot.send_message(8, "x")
    await bot.get_me()


async def test_a_connection_is_cut_before_or_after_the_effect(peer: "Peer", bot: Bot) -> None:
    for struck in (peer.faults.cut_before, peer.faults.cut_after):
        struck.add("sendmessage")
        with pytest.raises(NetworkError):
            await bot.send_message(7, "x")

    assert len(peer.chats.messages[7]) == 1


async def test_another_token_and_an_unknown_method_are_not_known(peer: "Peer", bot: Bot) -> None:
    request = bot.request
    assert isinstance(request, Transport)
    with pytest.raises(InvalidToken):
        await _bot(peer, "42:OTHER", request).get_me()
    with pytest.raises(InvalidToken):
        await request.post(f"{peer.url}/bot42:TEST/getMoon")


async def test_forms_and_numbers_as_text_are_understood(peer: "Peer", bot: Bot) -> None:
    await bot.send_document("7", b"paper", caption="c")

    [(method, given)] = peer.calls
    assert (method, given["chat_id"], given["caption"]) == ("senddocument", "7", "c")


async def test_commands_are_kept_by_language(bot: Bot) -> None:
    await bot.set_my_commands([("help", "What I can do")], language_code="en")

    assert [command.command for command in await bot.get_my_commands(language_code="en")] == ["help"]
    assert await bot.get_my_commands() == ()


async def test_after_a_quiet_week_numbers_begin_anew_and_an_old_offset_confirms_nothing(
    peer: "Peer", bot: Bot
) -> None:
    person = peer.person()
    person.says("before")
    [old] = await bot.get_updates()
    assert await bot.get_updates(old.update_id + 1) == ()
    peer.mailbox.restart_at(300)
    person.says("after")

    for _ in range(2):
        [new] = await bot.get_updates(old.update_id + 1)
        assert new.update_id == 300
    assert await bot.get_updates(301) == ()


async def test_a_webhook_is_tried_on_telegrams_schedule_and_obeyed(peer: "Peer") -> None:
    schedule = []
    for _ in range(8):
        schedule.append(peer.retry_after(1))
        peer.failures[1] += 1

    assert schedule == [0, 0, 2, 4, 8, 16, 32, 60]


async def test_what_waits_can_be_delivered_out_of_order(peer: "Peer", bot: Bot) -> None:
    person = peer.person()
    numbers = [person.says(str(n))["update_id"] for n in range(20)]
    peer.mailbox.shuffle(random.Random(1))
    got = [update.update_id for update in await bot.get_updates()]

    assert sorted(got) == numbers
    assert got != numbers


async def test_a_post_needs_a_topic_that_is_there(peer: "Peer", bot: Bot) -> None:
    made = await bot.create_forum_topic(GROUP, "shop")
    await bot.send_message(GROUP, "in it", message_thread_id=made.message_thread_id)
    await bot.send_message(GROUP, "beside it")

    assert peer.forum.topics[made.message_thread_id].posts == ["in it"]
    assert peer.forum.general == ["beside it"]
    await bot.delete_forum_topic(GROUP, made.message_thread_id)
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_message(GROUP, "x", message_thread_id=made.message_thread_id)


async def test_a_topic_is_closed_once(peer: "Peer", bot: Bot) -> None:
    thread = (await bot.create_forum_topic(GROUP, "shop")).message_thread_id
    await bot.close_forum_topic(GROUP, thread)
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await bot.close_forum_topic(GROUP, thread)
    await bot.reopen_forum_topic(GROUP, thread)
    with pytest.raises(BadRequest, match=r"(?i)topic_id_invalid"):
        await bot.close_forum_topic(GROUP, thread + 1)

    assert not peer.forum.topics[thread].closed


async def test_a_group_takes_twenty_messages_in_a_minute(peer: "Peer", bot: Bot) -> None:
    for n in range(20):
        await bot.send_message(GROUP, str(n))
    with pytest.raises(Flooded) as held:
        await bot.send_message(GROUP, "one too many")
    peer.ahead += timedelta(seconds=61)
    await bot.send_message(GROUP, "and on")

    assert 50 < held.value.seconds <= 61
    assert len(peer.forum.general) == 21


async def test_only_what_people_wrote_there_can_be_marked_and_removed(peer: "Peer", bot: Bot) -> None:
    written = peer.person().writes("hi")["message_id"]
    await bot.set_message_reaction(GROUP, written, "👍")
    await bot.delete_message(GROUP, written)

    assert peer.forum.marked == [written]
    with pytest.raises(BadRequest):
        await bot.delete_message(GROUP, written)
