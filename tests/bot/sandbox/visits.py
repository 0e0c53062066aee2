"""A running sandbox and a plain browser for its tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bot.sandbox.memory import SandboxConfig
from bot.sandbox.server import start

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BACK = "http://localhost:8080/weibo/callback"


class Visit:
    """Calls one sandbox; its clock moves only when told to."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self.http = http
        self.base = base
        self.now = START

    def later(self, span: timedelta) -> None:
        self.now += span

    async def get(self, path: str, **query: str) -> Any:
        async with self.http.get(self.base + path, params=query) as response:
            return await response.json()

    async def read(self, path: str, **query: str) -> Any:
        """As the application itself."""
        return await self.get(path, source="sandbox", **query)

    async def post(self, path: str, **form: str) -> Any:
        async with self.http.post(self.base + path, data=form) as response:
            return await response.json()

    async def answer(self, **form: str) -> dict[str, str]:
        """Where the authorisation form leads back to, as the query of that address."""
        fields = {"client_id": "sandbox", "redirect_uri": BACK, "state": "s t&", "account": "xiaoxia"} | form
        url = f"{self.base}/oauth2/authorize"
        async with self.http.post(url, data=fields, allow_redirects=False) as response:
            query = parse_qs(urlsplit(response.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}

    async def exchange(self, code: str, **form: str) -> Any:
        fields = {
            "client_id": "sandbox",
            "client_secret": "sandbox-secret",
            "grant_type": "authorization_code",
        }
        return await self.post(
            "/oauth2/access_token", **(fields | {"code": code, "redirect_uri": BACK} | form)
        )

    async def token(self, account: str = "xiaoxia") -> str:
        answer = await self.answer(account=account, answer="approve")
        return str((await self.exchange(answer["code"]))["access_token"])


@asynccontextmanager
async def visiting(**settings: Any) -> AsyncIterator[Visit]:
    async with aiohttp.ClientSession() as http:
        visit = Visit(http, "")
        runner, visit.base = await start("127.0.0.1", 0, SandboxConfig(now=lambda: visit.now, **settings))
        try:
            yield visit
        finally:
            await runner.cleanup()
