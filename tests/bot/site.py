"""The web side of the product on a real store and the real conversation, for a test client to visit."""

import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer

from bot import devices, pages, refusals, security_headers, webchat, weibo_connect
from bot.device_links import DeviceLinks
from bot.signing import Signer
from bot.weibo_connect import Weibo
from conversations import vocabulary, wording
from conversations.flow import Flow
from conversations.store import Store
from conversations.turns import Turns
from scoring import policy
from tests import databases
from tests.conversations.toy import ToyClock

PUBLIC_URL = "http://127.0.0.1:8080"
BOT = "https://t.me/shop_bot"
PROXIES = "127.0.0.0/8,::1"


class Visitor:
    """A browser of its own: one cookie jar."""

    def __init__(self, client: ClientSession) -> None:
        self.client = client

    async def start(self, **headers: str) -> dict[str, Any]:
        answer = await self.client.post("/chat/sessions", headers=headers)
        assert answer.status == 200
        found: dict[str, Any] = await answer.json()
        return found

    async def send(self, id: str | None = None, **fields: object) -> tuple[int, dict[str, Any]]:
        answer = await self.client.post("/chat/messages", json={"id": id or str(uuid.uuid4())} | fields)
        return answer.status, await answer.json()

    async def messages(self, after: int = 0) -> list[dict[str, Any]]:
        answer = await self.client.get("/chat/messages", params={"after": after})
        assert answer.status == 200
        found: list[dict[str, Any]] = await answer.json()
        return found

    async def page(self, path: str = "/", **headers: str) -> str:
        answer = await self.client.get(path, headers={"Accept": "text/html", **headers})
        return await answer.text()

    async def agrees(self) -> None:
        await self.start()
        assert (await self.send(choice="agree"))[0] == 200


class Site:
    """Everything a merchant's browser reaches, and the clock it runs on."""

    def __init__(self, store: Store, weibo: Weibo, public_url: str = PUBLIC_URL) -> None:
        self.clock = ToyClock()
        self.signer = Signer("a secret for tests, long enough to be one")
        self.links = DeviceLinks(self.signer, public_url, self.clock)
        links = self.links.beside(weibo_connect.links(self.signer, public_url))
        self.turns = Turns(store, _flow(), links, self.clock, frozenset(), wording)
        shown = pages.Pages()
        self.app = web.Application(middlewares=[refusals.middleware(shown)])
        security_headers.attach(self.app, public_url.startswith("https://"))
        self.app.add_routes([pages.static()])
        self.streams = webchat.attach(self.app, self.turns, shown, public_url, self.clock, PROXIES)
        connect = weibo_connect.WeiboConnect(self.turns, self.signer, weibo, shown, public_url, self.clock)
        self.app.add_routes(connect.routes())
        moving = devices.Devices(self.turns, self.links, shown, public_url, lambda: BOT)
        self.app.add_routes(moving.routes())
        self.app.router.add_get("/crash", _crash)
        self._server = TestServer(self.app)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Site"]:
        async with self._server:
            yield self

    @asynccontextmanager
    async def visitor(self, **headers: str) -> AsyncIterator[Visitor]:
        jar = CookieJar(unsafe=True)
        async with ClientSession(self._server.make_url("/"), cookie_jar=jar, headers=headers) as client:
            yield Visitor(client)


@cache
def _flow() -> Flow:
    return Flow(policy.load(), vocabulary.load())


async def _crash(_request: web.Request) -> web.Response:
    raise RuntimeError("the secret of the inside")


@asynccontextmanager
async def site_in(folder: Path, weibo: Weibo, public_url: str = PUBLIC_URL) -> AsyncIterator[Site]:
    url = databases.with_tables(folder / "web.db")
    async with Store.open(url) as store, Site(store, weibo, public_url).opened() as site:
        yield site


def kept_in(folder: Path) -> bytes:
    """All that is on disk."""
    return b"".join(file.read_bytes() for file in folder.iterdir())


def link_in(html: str, path: str) -> str:
    """The first address on a page that begins with a path, without its host."""
    found = re.search(rf'href="(?:https?://[^/"]+)?({path}[^"]*)"', html)
    assert found, f"no link to {path}"
    return found[1]
