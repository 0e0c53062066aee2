"""The product as it is put together: its routes, its settings, and nothing left running."""

import asyncio
import json
import threading
from importlib import resources
from pathlib import Path

import aiohttp
import pytest

from bot import app, settings
from bot.settings import SettingsError
from scoring.policy import PolicyError
from tests.running import SECRET, running

GOOD = {"_env_file": None, "secret_key": SECRET, "weibo_app_key": "1234567"}


async def assembled(folder: Path, **given: object) -> None:
    url = f"sqlite+aiosqlite:///{folder / 'bangbang.db'}"
    async with app.assembled(settings.read(**{**GOOD, "database_url": url, **given})):
        pass


async def test_every_channel_has_its_routes_and_telegram_only_with_a_token(tmp_path: Path) -> None:
    async with running(tmp_path) as product:
        site = app.application(product.parts)
        paths = {route.canonical for route in site.router.resources()}

    assert {"/", "/chat/sessions", "/chat/messages", "/chat/stream", "/weibo/callback"} <= paths
    assert {"/healthz", "/readyz"} <= paths
    assert "/telegram/webhook" not in paths


async def test_a_webhook_s_route_is_there_in_webhook_mode(tmp_path: Path) -> None:
    given = {
        "telegram_token": "42:TEST", "telegram_api_url": "http://127.0.0.1:9", "telegram_mode": "webhook",
        "telegram_webhook_secret": "a_secret_of_the_tests",
    }  # fmt: skip
    async with running(tmp_path, given=given) as product, aiohttp.ClientSession() as stranger:
        async with stranger.post(f"{product.url}/telegram/webhook", json={}) as refused:
            assert refused.status in (401, 403)
        assert (
            await session_cookie(stranger, product.url)
        ).status == 200  # Telegram away, the web chat there


async def test_the_operator_s_own_files_are_the_ones_in_use(tmp_path: Path) -> None:
    packaged = json.loads(resources.files("scoring").joinpath("data/policy.json").read_bytes())
    (tmp_path / "policy.json").write_text(json.dumps({**packaged, "version": ""}) + "}")

    with pytest.raises(PolicyError, match=r"policy\.json"):
        await assembled(tmp_path, policy_file=tmp_path / "policy.json")


async def test_a_weibo_address_in_the_open_is_refused_by_its_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^BANGBANG_WEIBO_API_URL: .*https"):
        await assembled(tmp_path, weibo_api_url="http://weibo.example")


async def test_nothing_is_left_running(tmp_path: Path) -> None:
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())

    async with running(tmp_path) as product, aiohttp.ClientSession() as visitor:
        await session_cookie(visitor, product.url)

    assert asyncio.all_tasks() == tasks
    assert {thread.name for thread in set(threading.enumerate()) - threads if "store" in thread.name} == set()


async def session_cookie(visitor: aiohttp.ClientSession, url: str) -> aiohttp.ClientResponse:
    async with visitor.post(f"{url}/chat/sessions") as answer:
        return answer
