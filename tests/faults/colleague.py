"""A colleague at the desk who takes the word in every conversation and hands it back."""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp

from bot.access import sessions
from bot.access.access import Where, begun
from bot.access.staff import Role
from bot.desk.gate import FORM_FIELD
from bot.signing import Signer
from bot.visitors import new_token
from conversations.session import BOT
from conversations.store import Store, staff_sessions
from conversations.store import staff as accounts
from conversations.store.staff import Account
from tests.faults.evidence import holders
from tests.faults.program import SECRET
from tests.faults.visitors import AGAIN, AWAY, LATE


@dataclass(frozen=True)
class Colleague:
    """Somebody who is signed in; `form` is what their forms carry."""

    id: str
    url: str
    token: str
    form: str

    async def has_a_word(self, door: str, words: str = "", staying: float = 0) -> None:
        """With every merchant, one after the other, so many seconds with each, whatever dies meanwhile."""
        async with aiohttp.ClientSession(cookies={"desk": self.token}, timeout=LATE) as browser:
            for conversation in holders(self.url):
                chat = f"{door}/desk/conversations/{conversation}"
                while holders(self.url)[conversation] != self.id:
                    await self._did(browser, f"{chat}/take")
                while words and not await self._did(browser, f"{chat}/say", text=words):
                    pass
                await asyncio.sleep(staying)
                while holders(self.url)[conversation] != BOT:
                    await self._did(browser, f"{chat}/hand-back")

    async def _did(self, browser: aiohttp.ClientSession, act: str, **fields: str) -> bool:
        """Whether the desk did it; False where nobody answers who could."""
        given = {FORM_FIELD: self.form, **fields}
        headers = {"Origin": act.partition("/desk/")[0]}
        with suppress(*AWAY):
            async with browser.post(act, data=given, headers=headers, allow_redirects=False) as page:
                return page.status == 303
        await asyncio.sleep(AGAIN)
        return False


async def signed_in(url: str) -> Colleague:
    """A new agent of this database, with a session."""
    token, now = new_token(), datetime.now(UTC)
    account = Account(
        id=secrets.token_hex(8), login="wang", name="Wang", role=Role.AGENT, password="", created=now
    )
    session = begun(Where("", "trial"), account.id, sessions.kept(token), now)
    async with Store.open(url) as store:
        await store.write(lambda connection: accounts.add(connection, account))
        await store.write(lambda connection: staff_sessions.begin(connection, session))
    return Colleague(account.id, url, token, sessions.form_token(Signer(SECRET), session))
