"""Alive is the process; ready is the process with its database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.health import Health
from tests.conversations.toy import ToyClock
from tests.running import running


class Gone:
    """A database that has stopped."""

    async def read(self, body: Callable[..., Any]) -> Any:
        raise ConnectionRefusedError

    async def write(self, body: Callable[..., Any]) -> Any:
        raise ConnectionRefusedError


async def test_a_running_product_is_alive_and_ready(tmp_path: Path) -> None:
    async with running(tmp_path) as product, aiohttp.ClientSession() as watcher:
        for path, status in (("/healthz", "alive"), ("/readyz", "ready")):
            async with watcher.get(product.url + path) as answer:
                assert (answer.status, (await answer.json())["status"]) == (200, status)


async def test_without_its_database_it_is_alive_and_not_ready() -> None:
    site = web.Application()
    site.add_routes(Health(Gone(), ToyClock()).routes())
    async with TestClient(TestServer(site)) as watcher:
        alive, ready = await watcher.get("/healthz"), await watcher.get("/readyz")

        assert (alive.status, ready.status) == (200, 503)
        assert (await ready.json())["status"] == "database unavailable"
