"""Staff at the desk and a merchant in the chat, in browsers of their own, on one running product."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyotp
from playwright.async_api import Browser

from bot import app
from bot.access import sessions
from bot.access.access import Where, begun
from bot.access.staff import Role, compared
from bot.visitors import contact_of, new_token
from conversations.store import staff as accounts
from conversations.store import staff_sessions
from conversations.store.staff import Account
from tests.bot.desk.merchants import Merchant as Applicant
from tests.end_to_end.browser import Merchant, merchant

LAPTOP = {"width": 1366, "height": 860}


class Clock:
    @property
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class Product:
    parts: app.Parts
    clock: Clock = field(default_factory=Clock)


@asynccontextmanager
async def colleague(
    browser: Browser, parts: app.Parts, role: Role, name: str, language: str = "zh-Hans"
) -> AsyncIterator[Merchant]:
    """A member of staff who has signed in; the page is not opened yet."""
    id, token, now = secrets.token_hex(8), new_token(), Clock().now
    totp = parts.access.seal_totp(pyotp.random_base32(), id)
    account = Account(id, compared(name), name, role, "", now, totp=totp, language=language)
    session = begun(Where("", "test"), id, sessions.kept(token), now)
    await parts.store.write(lambda c: accounts.add(c, account))
    await parts.store.write(lambda c: staff_sessions.begin(c, session))
    url = parts.settings.public_url
    async with merchant(browser, f"{url}/desk", LAPTOP) as there:
        await there.page.context.add_cookies([{"name": "desk", "value": token, "url": url}])
        yield there


async def applicant(she: Merchant, parts: app.Parts) -> Applicant:
    """Whoever has this chat open, as somebody whose words need no typing."""
    [cookie] = [each for each in await she.page.context.cookies() if each.get("httpOnly")]
    return Applicant(Product(parts), contact_of(str(cookie.get("value"))))
