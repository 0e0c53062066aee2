"""The whole product on a store of its own, with staff who sign in quickly and a clock that stands still."""

import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
from aiohttp import ClientResponse, ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from yarl import URL

from bot import app, settings
from bot.access import sessions
from bot.access.access import Access, Where, begun
from bot.access.passwords import Passwords
from bot.access.staff import Role, compared
from bot.desk.gate import FORM_FIELD
from bot.visitors import new_token
from conversations.deeds import Deed
from conversations.store import audit, staff_sessions
from conversations.store import staff as accounts
from conversations.store.audit import Entry, Wanted
from conversations.store.staff import Account
from tests import databases
from tests.conversations.toy import ToyClock
from tests.running import SECRET

PASSWORD = "seven grey herons wade"
COOKIE = "desk"


@dataclass
class Member:
    """Somebody of the staff, and what they carry: a password in the head and an app on the phone."""

    account: Account
    secret: str

    def code(self, clock: ToyClock) -> str:
        return pyotp.TOTP(self.secret).at(clock.now)


@dataclass
class Browser:
    """One browser. Its forms carry what a page of the session would have given them."""

    client: ClientSession
    base: URL
    access: Access
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str | None:
        found = self.client.cookie_jar.filter_cookies(self.base).get(COOKIE)
        return found.value if found else None

    async def ask(self, method: str, path: str, **given: Any) -> ClientResponse:
        """The whole answer; where it leads to is not followed."""
        answer = await self.client.request(method, path, allow_redirects=False, **given)
        await answer.read()
        return answer

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self.ask("GET", path, headers=self.headers | headers)

    async def page(self, path: str) -> str:
        answer = await self.get(path)
        assert answer.status == 200, (path, answer.status, answer.headers.get("Location"))
        return await answer.text()

    async def post(self, path: str, form: str | None = None, **fields: str) -> ClientResponse:
        """As a form of our own page would be sent; `form` in place of what it carries."""
        carried = {FORM_FIELD: await self.form() if form is None else form}
        headers = {"Origin": str(self.base.origin())} | self.headers
        return await self.ask("POST", path, data=carried | fields, headers=headers)

    async def sign_in(self, member: Member, code: str, password: str = PASSWORD) -> ClientResponse:
        return await self.post("/desk/sign-in", login=member.account.name, password=password, code=code)

    def take(self, token: str) -> None:
        """Hold this session from now on."""
        self.client.cookie_jar.update_cookies({COOKIE: token}, self.base)

    async def form(self) -> str:
        """What forms of this session carry; nothing without one."""
        if not self.token:
            return ""
        kept = sessions.kept(self.token)
        found = await self.access.store.read(lambda c: staff_sessions.find(c, kept))
        return sessions.form_token(self.access.signer, found[0]) if found else ""


@dataclass
class Office:
    """A running product and its staff."""

    parts: app.Parts
    server: TestServer
    clock: ToyClock

    @property
    def access(self) -> Access:
        return self.parts.access

    @asynccontextmanager
    async def browser(self, **headers: str) -> AsyncIterator[Browser]:
        base = self.server.make_url("/")
        spoken = {"Accept-Language": "en"}
        async with ClientSession(base, cookie_jar=CookieJar(unsafe=True), headers=spoken) as client:
            yield Browser(client, base, self.access, headers)

    async def member(self, role: Role = Role.AGENT, name: str = "", **state: object) -> Member:
        """A new member of staff with a password and a second step."""
        shown, secret = name or f"{role} {secrets.token_hex(2)}", pyotp.random_base32()
        account = Account(
            id=secrets.token_hex(8),
            login=compared(shown),
            name=shown,
            role=role,
            password=await self.access.passwords.hashed(PASSWORD),
            created=self.clock.now,
        )
        sealed = self.access.seal_totp(secret, account.id)
        given = {"totp": sealed, "language": "en", **state}
        account = replace(account, **given)  # type: ignore[arg-type]  # a test names fields of an account
        await self.access.store.write(lambda c: accounts.add(c, account))
        return Member(account, secret)

    async def token(self, member: Member, age: timedelta = timedelta()) -> str:
        """A session of theirs, begun now or some time ago, and busy since."""
        token = new_token()
        session = begun(Where("", "test"), member.account.id, sessions.kept(token), self.clock.now)
        session = replace(session, created=session.created - age)
        await self.access.store.write(lambda c: staff_sessions.begin(c, session))
        return token

    @asynccontextmanager
    async def at_desk(self, who: Role | Member = Role.AGENT) -> AsyncIterator[Browser]:
        """The browser of somebody who has signed in."""
        member = who if isinstance(who, Member) else await self.member(who)
        async with self.browser() as browser:
            browser.take(await self.token(member))
            yield browser

    async def account(self, member: Member) -> Account:
        found = await self.access.store.read(lambda c: accounts.find(c, member.account.id))
        assert found is not None
        return found

    async def record(self, what: Deed | None = None) -> list[Entry]:
        """What is on record, the oldest first."""
        wanted = Wanted(what=what.value if what else None)
        rows = await self.access.store.read(lambda c: audit.newest(c, wanted, 1000))
        return rows[::-1]


@asynccontextmanager
async def office_in(
    folder: Path,
    *,
    demonstration: bool = False,
    public_url: str = "http://127.0.0.1:8080",
    **more: object,
) -> AsyncIterator[Office]:
    """`more` settings than a desk needs."""
    url, clock = databases.with_tables(folder / "desk.db"), ToyClock()
    given: dict[str, object] = {"_env_file": None, "database_url": url, "secret_key": SECRET}
    given |= {"telegram_token": None, "public_url": public_url, **more}
    async with app.assembled(settings.read(**given), clock) as assembled:
        access = replace(assembled.access, passwords=Passwords(memory=8, times=1))
        parts = replace(assembled, access=access)
        server = TestServer(app.application(parts, sandbox=demonstration))
        async with server:
            yield Office(parts, server, clock)
        access.passwords.close()


def values(page: str, name: str) -> list[str]:
    """The values of all fields of this name on a page."""
    return re.findall(rf'name="{name}"[^>]* value="([^"]*)"', page)
