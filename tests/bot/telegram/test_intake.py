"""From an update to its committed effect, and the courtesies around it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError
from telegram.error import BadRequest, TimedOut

from bot.telegram import callback_data, courtesy
from bot.telegram.courtesy import Courtesy, Once
from bot.telegram.intake import Intake, StoreAway
from conversations import wording
from conversations.events import Chose, Said
from conversations.session import Session
from conversations.store import Contact, Contended
from tests.bot.telegram.builders import CHAT, GROUP, NOW, READER, SIGNER, membership, tap, update
from tests.bot.telegram.fakes import Letters, Turns, Wire
from tests.telegram_peer.waiting import until

ME = Contact("telegram", str(CHAT))
FULL = OperationalError("INSERT", None, Exception("database or disk is full"))
CORRUPT = DBAPIError("INSERT", None, Exception("could not read block 0"))
SKIP = callback_data.pack(SIGNER, str(CHAT), "rent", "skip")


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
async def manners(wire: Wire, turns: Turns) -> AsyncIterator[Courtesy]:
    manners = Courtesy(wire.bot(), turns.quiet, lambda: NOW)
    yield manners
    await manners.close()


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def intake(turns: Turns, manners: Courtesy, letters: Letters) -> Intake:
    return Intake(READER, turns, manners, letters)


async def test_words_become_a_turn(intake: Intake, turns: Turns, wire: Wire, manners: Courtesy) -> None:
    await intake.take(update(text="三万五"))
    await manners.close()

    assert turns.handled == [(ME, "5", Said(NOW, "三万五"), "zh-hans")]
    assert wire.calls == []


async def test_a_tap_is_answered_after_its_turn(
    intake: Intake, turns: Turns, wire: Wire, manners: Courtesy
) -> None:
    await intake.take(tap(SKIP))
    await manners.close()

    assert turns.handled == [(ME, "5", Chose(NOW, "skip", "rent"), "zh-hans")]
    assert wire.made("answerCallbackQuery") == [{"callback_query_id": "q1"}]


async def test_a_tap_delivered_twice_is_answered_once(
    intake: Intake, turns: Turns, wire: Wire, manners: Courtesy
) -> None:
    await intake.take(tap(SKIP))
    await intake.take(tap(SKIP))
    await manners.close()

    assert len(turns.handled) == 2
    assert len(wire.made("answerCallbackQuery")) == 1


async def test_a_tap_whose_turn_could_not_be_stored_is_not_answered(
    intake: Intake, turns: Turns, wire: Wire, manners: Courtesy
) -> None:
    turns.trouble.append(OSError())
    with pytest.raises(StoreAway):
        await intake.take(tap(SKIP))
    await manners.close()

    assert wire.calls == []


@pytest.mark.parametrize("error", [BadRequest("query is too old"), TimedOut(), RuntimeError("a bug")])
async def test_an_answer_that_fails_is_swallowed(
    intake: Intake, turns: Turns, wire: Wire, manners: Courtesy, error: Exception
) -> None:
    wire.answers["answerCallbackQuery"].append(error)
    await intake.take(tap(SKIP))
    await manners.close()

    assert len(turns.handled) == 1


async def test_a_forged_tap_gets_an_explanation_and_no_turn(
    intake: Intake, turns: Turns, wire: Wire, manners: Courtesy
) -> None:
    await intake.take(tap("forged"))
    await manners.close()

    assert turns.handled == []
    [answer] = wire.made("answerCallbackQuery")
    assert answer["text"] == wording.phrase("telegram.stale", "zh-Hans")


async def test_the_explanation_is_in_the_language_of_the_conversation(
    intake: Intake, turns: Turns, wire: Wire, manners: Courtesy
) -> None:
    turns.session = replace(Session("s1"), language="en")
    await intake.take(tap("forged"))
    await manners.close()

    assert wire.made("answerCallbackQuery")[0]["text"] == wording.phrase("telegram.stale", "en")


async def test_a_block_and_a_return_are_noted(intake: Intake, turns: Turns) -> None:
    await intake.take(membership("member", "kicked"))
    await intake.take(membership("kicked", "member"))

    assert turns.reached == [(ME, False), (ME, True)]
    assert [event for _, _, event, _ in turns.handled] == [Said(NOW, "/start")]


async def test_a_group_is_told_once_where_to_talk(
    intake: Intake, turns: Turns, wire: Wire, manners: Courtesy
) -> None:
    await intake.take(update(text="hello", chat=GROUP))
    await intake.take(update(text="anybody?", chat=GROUP))
    await intake.take(update(text="elsewhere", chat=GROUP | {"id": -7}))
    await manners.close()

    assert turns.handled == []
    texts = [(given["chat_id"], given["text"]) for given in wire.made("sendMessage")]
    link = wording.phrase("telegram.elsewhere", "zh-Hans", link="https://t.me/test_bot")
    assert sorted(texts) == [(-100500, link), (-7, link)]


@pytest.mark.parametrize("error", [OSError("disk"), ConnectionRefusedError(), Contended(), FULL])
async def test_a_store_that_says_it_is_away_leaves_the_update_with_telegram(
    intake: Intake, turns: Turns, letters: Letters, error: Exception
) -> None:
    turns.trouble.append(error)

    with pytest.raises(StoreAway):
        await intake.take(update(text="hi"))
    assert letters.kept == []


async def test_a_store_that_cannot_be_read_is_away_whatever_it_says(intake: Intake, turns: Turns) -> None:
    turns.trouble.append(RuntimeError("?"))
    turns.broken = ConnectionError()

    with pytest.raises(StoreAway):
        await intake.take(update(text="hi"))


@pytest.mark.parametrize("sent", [update(text="hi"), tap("forged")])
async def test_a_conversation_that_cannot_be_loaded_holds_up_nothing(
    intake: Intake, turns: Turns, letters: Letters, sent: dict[str, object]
) -> None:
    turns.trouble.append(ValueError("an unreadable state"))
    turns.broken = ValueError("an unreadable state")

    await intake.take(sent)

    assert [why for _, _, why, _ in letters.kept] == ["failed with ValueError"]


async def test_a_forged_tap_waits_for_the_store_too(intake: Intake, turns: Turns) -> None:
    turns.broken = ConnectionError()

    with pytest.raises(StoreAway):
        await intake.take(tap("forged"))


async def test_an_update_that_breaks_its_turn_is_put_aside_and_the_merchant_told(
    intake: Intake, turns: Turns, wire: Wire, manners: Courtesy, caplog: pytest.LogCaptureFixture
) -> None:
    turns.trouble.append(KeyError("三万五"))
    await intake.take(tap(SKIP))
    await manners.close()

    assert "update 5 put aside: failed with KeyError" in caplog.text
    assert "三万五" not in caplog.text
    assert wire.made("sendMessage")[0]["text"] == wording.phrase("telegram.trouble", "zh-Hans")
    assert len(wire.made("answerCallbackQuery")) == 1


async def test_a_block_that_cannot_be_noted_is_put_aside_silently(
    intake: Intake, turns: Turns, wire: Wire, manners: Courtesy, letters: Letters
) -> None:
    turns.trouble.append(KeyError())
    await intake.take(membership("member", "kicked"))
    await manners.close()

    assert [why for _, _, why, _ in letters.kept] == ["failed with KeyError"]
    assert wire.calls == []


async def test_what_is_put_aside_is_kept_as_it_came(intake: Intake, turns: Turns, letters: Letters) -> None:
    turns.trouble.append(KeyError())
    await intake.take(update(text="三万五"), b'{"as": "it came"}')
    await intake.take({"update_id": 6, "message": 7})

    assert letters.kept == [
        ("telegram", "5", "failed with KeyError", b'{"as": "it came"}'),
        ("telegram", "6", "malformed message", b'{"update_id": 6, "message": 7}'),
    ]


async def test_a_letter_that_cannot_be_sealed_holds_nobody_up(
    intake: Intake, letters: Letters, caplog: pytest.LogCaptureFixture
) -> None:
    letters.trouble.append(ValueError())
    await intake.take(update(text=7))

    assert "a dead letter could not be kept: ValueError" in caplog.text


@pytest.mark.parametrize("error", [FULL, CORRUPT])
async def test_a_letter_that_the_database_refuses_must_come_again(
    intake: Intake, letters: Letters, error: Exception
) -> None:
    letters.trouble.append(error)

    with pytest.raises(StoreAway):
        await intake.take(update(text=7))


async def test_what_is_malformed_is_put_aside_with_its_reason(
    intake: Intake, turns: Turns, letters: Letters
) -> None:
    await intake.take(update(text=7))
    await intake.take({"update_id": 6})
    await intake.take(None)

    assert [why for _, _, why, _ in letters.kept] == ["malformed text", "malformed update"]
    assert turns.handled == []


async def test_typing_is_shown_while_work_goes_on(
    intake: Intake, turns: Turns, wire: Wire, manners: Courtesy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy, "TYPING_SECONDS", 0.001)
    turns.waiting = None
    turns.busy.extend([True, True])
    await intake.take(update(text="submit"))
    await intake.take(update(text="hello?") | {"update_id": 6})
    await asyncio.sleep(0.05)

    assert wire.made("sendChatAction") == [{"chat_id": CHAT, "action": "typing"}] * 2


async def test_typing_ends_even_if_the_work_does_not(
    turns: Turns, wire: Wire, manners: Courtesy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy, "TYPING_SECONDS", 0.0001)
    turns.busy.extend([True] * 100)
    manners.type_until_done("s1", "7")
    await until(lambda: len(wire.made("sendChatAction")) == courtesy.LONGEST_TYPING)
    await asyncio.sleep(0.01)

    assert len(wire.made("sendChatAction")) == courtesy.LONGEST_TYPING


async def test_beyond_a_thousand_courtesies_there_is_none(
    wire: Wire, manners: Courtesy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy, "MOST", 2)
    for chat in "1234":
        manners.apologise(chat, "en")
    await manners.close()

    assert [given["chat_id"] for given in wire.made("sendMessage")] == [1, 2]


async def test_courtesies_on_their_way_are_stopped_in_the_end(turns: Turns, wire: Wire) -> None:
    turns.busy.append(True)
    manners = Courtesy(wire.bot(), turns.quiet, lambda: NOW)
    manners.type_until_done("s1", "7")
    await manners.close()

    assert len(wire.made("sendChatAction")) == 1


def test_the_newest_are_remembered() -> None:
    once = Once(2)

    assert [once.first(key) for key in "aabca"] == [True, False, True, True, True]
