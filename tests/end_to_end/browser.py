"""A real Chromium on the real product: web chat, conversation, store, jobs, and the Weibo sandbox."""

import re
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from bot import app, database, settings
from bot.sandbox import server as weibo_sandbox
from bot.sandbox.memory import SandboxConfig
from tests import databases

MISSING = "needs Chromium: apt-get install --no-install-recommends chromium fonts-noto-cjk"
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
PATIENCE = 20_000  #: milliseconds, on a machine that may be busy
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@asynccontextmanager
async def product(folder: Path) -> AsyncIterator[str]:
    """The product and its sandbox on ports of their own; the web chat's address."""
    async with assembled_product(folder) as parts:
        yield parts.settings.public_url


@asynccontextmanager
async def assembled_product(folder: Path) -> AsyncIterator[app.Parts]:
    """The same, and what it is made of."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = SandboxConfig()
        runner, weibo = await weibo_sandbox.start("127.0.0.1", 0, config)
        given = settings.read(
            database_url=await databases.migrated(folder / "bangbang.db"),
            secret_key="a secret for tests, long enough to be one",
            public_url=url,
            weibo_api_url=weibo,
            weibo_app_key=config.app_key,
            weibo_app_secret=config.app_secret,
            telegram_token=None,
        )
        await database.upgrade(given.database_url)
        async with app.assembled(given) as parts, app.serving(parts, listening, sandbox=True):
            yield parts
        await runner.cleanup()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip(MISSING)
    async with async_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = await playwright.chromium.launch(executable_path=found)
        yield browser
        await browser.close()


@dataclass
class Merchant:
    """Somebody with the chat open, and everything the browser complained about."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    async def opens(self) -> None:
        await self.page.goto(self.url)

    async def says(self, text: str) -> None:
        await self.page.locator("#words").fill(text)
        await self.page.keyboard.press("Enter")

    async def taps(self, label: str) -> None:
        await self.page.get_by_role("button", name=re.compile(f"^{re.escape(label)}")).last.click()

    async def ticks(self, *labels: str) -> None:
        for label in labels:
            await self.page.locator(".chip", has_text=label).last.click()

    async def hears(self, text: str) -> None:
        """The newest of what the bot said holds this."""
        await expect(self.page.locator("#said > .bot", has_text=text).last).to_be_visible()

    async def connects(self, account: str) -> None:
        """By our consent page and Weibo's, and back."""
        page = self.page
        await page.locator("a.chip").last.click()
        await page.get_by_role("button", name="同意，去微博授权").click()
        await page.locator(f'input[value="{account}"]').check()
        await page.get_by_role("button", name="同意授权").click()
        await page.get_by_role("link", name="回到对话").click()

    async def troubles(self) -> list[dict[str, Any]]:
        """What axe finds wrong with the page as it is."""
        await self.page.evaluate(AXE.read_text("utf-8"))
        # what it finds right is far longer, and slow to come out of the browser
        found = "axe.run().then(({ violations }) => violations)"
        violations: list[dict[str, Any]] = await self.page.evaluate(found)
        return violations


@asynccontextmanager
async def merchant(
    browser: Browser, url: str, size: dict[str, int] = PHONE, **more: Any
) -> AsyncIterator[Merchant]:
    """A fresh browser profile; the page is not opened yet."""
    options = {"locale": "zh-CN", "viewport": size} | more
    context = await browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    yield Merchant(await context.new_page(), url)
    await context.close()
