"""Colleagues in real browsers, signed in already, and merchants who have come some way."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Browser
from sqlalchemy import Connection, insert

from bot import app
from bot.access import sessions
from bot.access.access import Where, begun
from bot.access.staff import Role, compared
from bot.visitors import contact_of, new_token
from conversations.events import Arrived, Chose, Connected, Event, Said
from conversations.store import Contact, staff_sessions
from conversations.store import staff as accounts
from conversations.store.bell import rung
from conversations.store.staff import Account
from conversations.tables import SNAPSHOTS
from tests.end_to_end.browser import DESKTOP, Merchant, merchant

#: taps and words that lead to the question of the shop's account
OPENING = ("=agree", "=owner", "=restaurant", "昆明 2017年2月", "=individual_business")
#: and from the owner's own account to the end
FIGURES = (
    "=skip", "13万", "37单 120元 30天", "一万五", "6.5人 29900", "没有", "10万 12期", "进货、工资", "=submit",
)  # fmt: skip


@asynccontextmanager
async def colleague(
    browser: Browser, parts: app.Parts, name: str, role: Role = Role.AGENT, language: str = "zh-Hans"
) -> AsyncIterator[Merchant]:
    """Somebody of the staff before the queue."""
    token, now = new_token(), datetime.now(UTC)
    account = Account(
        secrets.token_hex(8), compared(name), name, role, "", now, totp="set", language=language
    )

    def body(connection: Connection) -> None:
        accounts.add(connection, account)
        staff_sessions.begin(connection, begun(Where("", "Chromium"), account.id, sessions.kept(token), now))

    await parts.store.write(body)
    url = parts.settings.public_url
    async with merchant(browser, f"{url}/desk", DESKTOP) as one:
        await one.page.context.add_cookies([{"name": "desk", "value": token, "url": url}])
        yield one


@dataclass
class Visitor:
    """A merchant of the web chat without a browser, who taps what begins with "=" and says the rest."""

    parts: app.Parts
    contact: Contact = field(default_factory=lambda: contact_of(new_token()))
    id: str = ""

    async def hears_and_says(self, *texts: str, language: str = "zh-Hans") -> str:
        """Everything, one after the other; the conversation's id."""
        if not self.id:
            await self._does(Arrived(datetime.now(UTC), language), language)
        for text in texts:
            now = datetime.now(UTC)
            await self._does(Chose(now, text[1:]) if text.startswith("=") else Said(now, text))
        return self.id

    async def is_decided(self) -> None:
        """The rest of an application, and its decision."""
        await self.hears_and_says(*FIGURES)
        with self.parts.store.bell.listen(self.id) as bell:
            while not await self.parts.turns.idle(self.id):
                bell.clear()
                await rung(bell, 0.1)

    async def connects(self, screen_name: str, shown: dict[str, Any]) -> None:
        """The shop's account, by this name."""
        event = Connected(datetime.now(UTC), "brand", "1", screen_name, "sealed")
        await self.parts.turns.handle_session(self.id, "weibo", secrets.token_hex(8), event)
        await self.has_shown(shown)

    async def has_shown(self, shown: dict[str, Any]) -> None:
        """What was read of the account."""
        kept = {"session_id": self.id, "account": "brand", "uid": "1", "data": shown, "calls": 0}
        row = {**kept, "fetched_at": datetime.now(UTC)}
        await self.parts.store.write(lambda connection: connection.execute(insert(SNAPSHOTS), row))

    async def _does(self, event: Event, language: str | None = None) -> None:
        handled = await self.parts.turns.handle(self.contact, secrets.token_hex(8), event, language=language)
        self.id = handled.session_id
