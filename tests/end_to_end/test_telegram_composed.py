"""Telegram in the product as it is really put together, with the sandbox as Weibo."""

import html
import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession, CookieJar
from yarl import URL

from bot import app
from bot.sandbox import server as weibo_sandbox
from bot.settings import Settings, TelegramMode
from conversations import wording
from tests import telegram_peer

if TYPE_CHECKING:
    from tests.telegram_peer.peer import Peer

SHOP = "xiaoxia"


@pytest.fixture
async def peer() -> "AsyncIterator[Peer]":
    async with telegram_peer.running() as peer:
        yield peer


@pytest.fixture(params=list(TelegramMode))
async def bot(request: pytest.FixtureRequest, peer: "Peer", tmp_path: Path) -> AsyncIterator[None]:
    """The product as `bangbang serve` runs it, on free ports."""
    async with AsyncExitStack() as stack:
        sandbox, weibo = await weibo_sandbox.start("127.0.0.1", 0)
        stack.push_async_callback(sandbox.cleanup)
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        settings = Settings.model_validate(
            {
                "database_url": f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}",
                "secret_key": "a secret of the tests, long enough to be one",
                "public_url": f"http://127.0.0.1:{listening.getsockname()[1]}",
                "telegram_token": "42:TEST", "telegram_api_url": peer.url,
                "telegram_mode": request.param, "telegram_webhook_secret": "a_secret_of_the_tests",
                "weibo_api_url": weibo, "weibo_app_key": "sandbox", "weibo_app_secret": "sandbox-secret",
            }
        )  # fmt: skip
        parts = await stack.enter_async_context(app.assembled(settings))
        await parts.store.create()
        await stack.enter_async_context(app.serving(parts, listening))
        yield


async def authorise(link: str) -> str:
    """The owner agrees on our page, signs in at Weibo, and comes back; the page they end on."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        await browser.get(link)
        async with browser.post(link) as page:
            [leave, *_] = re.findall(r'http://[^"]+/oauth2/authorize[^"]+', await page.text())
        asked = URL(html.unescape(leave))
        form = {**asked.query, "account": SHOP, "answer": "approve"}
        async with browser.post(asked.with_query(None), data=form) as page:
            assert page.status == 200
            return await page.text()


def zh(key: str, **values: str) -> str:
    return wording.phrase(key, "zh-Hans", **values)


async def test_a_merchant_connects_the_shop_and_gets_a_decision(peer: "Peer", bot: None) -> None:
    xia = peer.person()
    xia.says("/start")
    for heard, tapped in (("18", "agree"), (zh("ask.role"), "owner"), (zh("ask.trade"), "restaurant")):
        await xia.hears(heard)
        xia.taps(zh(f"choice.{tapped}"))
    await xia.hears(zh("ask.city").splitlines()[0])
    xia.says("昆明，2017年2月")
    await xia.hears(zh("ask.licence"))
    xia.taps(zh("choice.individual_business"))
    [link] = re.findall(r"http://127\S+", (await xia.hears("微博")).text)
    await authorise(link)
    await xia.hears("小夏雲味小館")
    await xia.hears("个人微博")
    xia.taps(zh("choice.skip.personal"))
    for said in ("13万", "37单 120元 30天", "15000", "6.5人 29900", "没有", "2万 12期", "进货"):
        await xia.hears("项，共")
        xia.says(said)
    await xia.hears(zh("ask.check"))
    xia.taps(zh("choice.submit"))

    decided = await xia.hears("信用等级")
    assert decided.raw["text"].startswith("<b>")
    assert "年化利率" in (await xia.hears("第 6 期")).text.splitlines()[1]
    assert zh("choice.decline") in str((await xia.hears(zh("ask.only.offer"))).rows)
