"""Starting and stopping the channel, whatever state Telegram is in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram.error import TimedOut

from bot.settings import Settings, TelegramMode
from bot.telegram import channel, commands
from bot.telegram.channel import Telegram
from tests.bot.telegram.builders import LINKS, NOW, SIGNER
from tests.bot.telegram.fakes import Letters, Turns, Wire, alone, no_watch, refusal
from tests.telegram_peer.waiting import until

SECRET = "0123456789abcdef"


def build(monkeypatch: pytest.MonkeyPatch, wire: Wire, **settings: Any) -> Telegram:
    monkeypatch.setattr(channel, "Transport", lambda: wire)
    leading = settings.pop("leading", alone)
    given = {"telegram_token": "42:SECRET", "public_url": "https://loans.example.cn/"} | settings
    return Telegram(
        Settings.model_validate(given), Turns(), SIGNER, lambda: NOW, Letters(), no_watch, leading, LINKS
    )


async def started(telegram: Telegram) -> None:
    await telegram.start()
    async with asyncio.timeout(5):
        await telegram.ready.wait()


async def test_polling_takes_the_webhook_away_and_keeps_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    wire.usual["getUpdates"] = []
    telegram = build(monkeypatch, wire)
    await started(telegram)
    await asyncio.sleep(0.01)
    await telegram.stop()

    assert wire.made("deleteWebhook") == [{"drop_pending_updates": False}]
    assert wire.made("getUpdates")
    assert telegram.routes() == []


async def test_the_webhook_is_set_with_its_secret_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    telegram = build(monkeypatch, wire, telegram_mode=TelegramMode.WEBHOOK, telegram_webhook_secret=SECRET)
    await started(telegram)
    await telegram.stop()

    [given] = wire.made("setWebhook")
    assert given["url"] == "https://loans.example.cn/telegram/webhook"
    assert (given["secret_token"], given["max_connections"]) == (SECRET, 40)
    assert given["drop_pending_updates"] is False
    assert wire.made("deleteWebhook") == wire.made("getUpdates") == []
    assert [route.path for route in telegram.routes()] == ["/telegram/webhook"]


async def test_the_menu_is_published_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    wire.usual["getUpdates"] = []
    telegram = build(monkeypatch, wire)
    await started(telegram)
    await until(lambda: len(wire.made("setMyCommands")) == 3)
    await telegram.stop()

    made = wire.made("setMyCommands")
    assert [given.get("language_code") for given in made] == [None, "zh", "en"]
    assert all(
        [command["command"] for command in given["commands"]] == list(commands.NAMES) for given in made
    )


@pytest.mark.parametrize("answer", [TimedOut(), refusal(401), refusal(502)])
async def test_telegram_being_away_at_the_start_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr(channel, "LONGEST_PAUSE", 0.001)
    monkeypatch.setattr(channel, "FIRST_PAUSE", 0.001)
    wire = Wire()
    wire.usual["getUpdates"] = []
    wire.answers["getMe"].extend([answer, answer])
    telegram = build(monkeypatch, wire)
    await started(telegram)
    await telegram.stop()

    assert len(wire.made("getMe")) == 3


@pytest.mark.parametrize("answer", [{"id": 42}, [], "三万五"])
async def test_an_answer_that_nobody_can_read_does_not_end_the_channel(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, answer: Any
) -> None:
    monkeypatch.setattr(channel, "FIRST_PAUSE", 0.001)
    wire = Wire()
    wire.usual["getUpdates"] = []
    wire.answers["getMe"].append(answer)
    telegram = build(monkeypatch, wire)
    await started(telegram)
    async with asyncio.timeout(5):
        await telegram.in_reach.wait()
    await telegram.stop()

    assert "the channel goes on after a failure" in caplog.text


async def test_a_lead_that_fails_is_sought_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "FIRST_PAUSE", 0.001)
    troubles = [OSError("no database"), RuntimeError("a mistake")]

    @asynccontextmanager
    async def in_the_end(matter: str) -> AsyncIterator[asyncio.Event]:
        if troubles:
            raise troubles.pop()
        async with alone(matter) as lost:
            yield lost

    wire = Wire()
    wire.usual["getUpdates"] = []
    telegram = build(monkeypatch, wire, leading=in_the_end)
    await started(telegram)
    async with asyncio.timeout(5):
        await telegram.in_reach.wait()
    await telegram.stop()

    assert troubles == []


@pytest.mark.parametrize("answer", [refusal(409), refusal(401)])
async def test_a_bot_that_another_polls_or_whose_token_is_revoked_is_out_of_reach(
    monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    wire = Wire()
    wire.usual["getUpdates"] = answer
    telegram = build(monkeypatch, wire)
    await started(telegram)
    await until(lambda: bool(wire.made("getUpdates")))

    assert not telegram.in_reach.is_set()
    await telegram.stop()


async def test_a_refused_webhook_names_the_setting_to_look_at(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(channel, "LONGEST_PAUSE", 0.001)
    wire = Wire()
    wire.answers["setWebhook"].append(refusal(400, "Bad Request: an HTTPS URL must be provided for webhook"))
    telegram = build(monkeypatch, wire, telegram_mode=TelegramMode.WEBHOOK, telegram_webhook_secret=SECRET)
    await started(telegram)
    await telegram.stop()

    assert "refuses choose_road: check BANGBANG_PUBLIC_URL" in caplog.text
    assert "must be provided" not in caplog.text


async def test_stopping_before_telegram_answered_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    wire.usual["getMe"] = refusal(401)
    telegram = build(monkeypatch, wire)
    await telegram.start()
    await asyncio.sleep(0.01)
    async with asyncio.timeout(1):
        await telegram.stop()

    assert not telegram.ready.is_set()


async def test_stopping_what_was_never_started_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    await build(monkeypatch, Wire()).stop()


def test_without_a_token_there_is_no_channel() -> None:
    with pytest.raises(ValueError, match="token"):
        Telegram(Settings(), Turns(), SIGNER, lambda: NOW, Letters(), no_watch, alone, LINKS)
