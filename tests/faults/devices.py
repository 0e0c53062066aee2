"""Merchants who go on with their conversations in a browser that holds none yet."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import aiohttp

from bot.device_links import DeviceLinks
from bot.signing import Signer
from tests.faults.evidence import holders
from tests.faults.program import SECRET
from tests.faults.visitors import AGAIN, AWAY, LATE


async def moved(url: str, door: str) -> None:
    """Every conversation, one after the other, each by one link, whatever dies meanwhile."""
    links = DeviceLinks(Signer(SECRET), door, lambda: datetime.now(UTC))
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=LATE) as browser:
        for each in holders(url):
            await _followed(browser, links.browser(each), door)


async def _followed(browser: aiohttp.ClientSession, link: str, door: str) -> None:
    """Until the conversation is here, or the link is used up: who died had brought it here."""
    while True:
        with suppress(*AWAY):
            async with browser.post(link, headers={"Origin": door}, allow_redirects=False) as page:
                if page.status in (303, 400):
                    return
        await asyncio.sleep(AGAIN)
