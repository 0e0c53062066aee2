"""Pushes that do not arrive are an outage, though nothing here could see one that was turned away."""

import asyncio
from typing import Any

import pytest
from telegram import Bot
from telegram.error import TimedOut

from bot.telegram.pushing import QUIET, Pushing
from bot.telegram.transport import Flooded, Transport
from tests import telegram_peer
from tests.bot.telegram.fakes import Wire, refusal
from tests.telegram_peer.waiting import until


def info(waiting: int, failed: int | None = None) -> dict[str, Any]:
    said = {"url": "https://loans.example.cn", "pending_update_count": waiting}
    return said if failed is None else said | {"last_error_date": failed}


class Scene:
    """`hears` gives one answer after another and returns what was in reach after the last one."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.pushing = Pushing(self.wire.bot(), look=0)

    async def hears(self, *answers: Any) -> bool:
        self.wire.answers["getWebhookInfo"].extend(answers)
        self.wire.usual["getWebhookInfo"] = Flooded(1)  # learns nothing more
        running = asyncio.create_task(self.pushing.run())
        await until(lambda: len(self.wire.made("getWebhookInfo")) > len(answers) + 1)
        reached = self.pushing.in_reach.is_set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return reached


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_an_old_failure_and_what_just_waits_are_no_outage(scene: Scene) -> None:
    assert await scene.hears(info(3, 100), info(5, 100), info(4, 100))


async def test_failures_with_updates_that_wait_are_an_outage(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    assert not await scene.hears(info(0), info(2, 200), info(3, 220))
    assert caplog.text.count("look at the proxy and its certificate") == 1


async def test_it_goes_on_between_two_tries_of_telegram(scene: Scene) -> None:
    assert not await scene.hears(info(0), info(2, 200), info(2, 210), info(2, 210))


async def test_one_failure_alone_is_none(scene: Scene) -> None:
    assert await scene.hears(info(0), info(2, 200), info(2, 200))


async def test_it_ends_when_no_try_fails_any_more_however_many_wait(scene: Scene) -> None:
    assert await scene.hears(info(0), info(2, 200), info(2, 210), *[info(2, 210)] * QUIET)


@pytest.mark.parametrize("better", [info(0, 210), info(1, 210)])
async def test_it_ends_when_what_waits_becomes_less(scene: Scene, better: dict[str, Any]) -> None:
    assert await scene.hears(info(0), info(2, 200), info(2, 210), better)


async def test_a_failure_that_left_nothing_waiting_is_none(scene: Scene) -> None:
    assert await scene.hears(info(0, 100), info(0, 200))


@pytest.mark.parametrize("trouble", [TimedOut(), refusal(401), True, {"pending_update_count": "many"}])
async def test_a_telegram_that_does_not_answer_is_out_of_reach_until_it_does(
    scene: Scene, trouble: Any
) -> None:
    assert not await scene.hears(info(0), trouble)


async def test_after_an_answer_it_is_in_reach_again(scene: Scene) -> None:
    assert await scene.hears(info(0), True, info(0))


async def test_what_waits_is_known_while_it_is_asked_for(scene: Scene) -> None:
    scene.wire.usual["getWebhookInfo"] = info(4)
    asking = asyncio.create_task(scene.pushing.run())
    await until(lambda: scene.pushing.waiting == 4)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)

    assert (scene.pushing.waiting, scene.pushing.in_reach.is_set()) == (0, False)


async def test_a_proxy_that_takes_nothing_is_found_out_and_found_mended() -> None:
    carrier = Transport()
    await carrier.initialize()
    async with telegram_peer.running() as telegram:
        bot = Bot("42:TEST", f"{telegram.url}/bot", request=carrier, get_updates_request=carrier)
        pushing = Pushing(bot, look=0.3)
        asking = asyncio.create_task(pushing.run())
        await asyncio.wait_for(pushing.in_reach.wait(), 10)
        await bot.set_webhook("http://127.0.0.1:9/nobody", secret_token="x")
        telegram.person().says("/start")
        await until(lambda: not pushing.in_reach.is_set())
        telegram.mailbox.clear()
        await asyncio.wait_for(pushing.in_reach.wait(), 10)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    await carrier.shutdown()
