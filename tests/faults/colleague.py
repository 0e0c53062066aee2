"""A colleague at the desk who takes the word in every conversation and hands it back."""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from sqlalchemy import select

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
from conversations.tables import SESSIONS
from tests.faults.evidence import connected
from tests.faults.program import SECRET
from tests.faults.visitors import AGAIN, AWAY, LATE


@dataclass(frozen=True)
class Colleague:
    """Somebody who is signed in; `form` is what their forms carry."""

    id: str
    url: str
    token: str
    form: str

    async def has_a_word(self, door: str) -> None:
        """With every merchant, one after the other, however often the process dies meanwhile."""
        async with aiohttp.ClientSession(cookies={"desk": self.token}, timeout=LATE) as browser:
            for conversation in self._held():
                for act, holder in (("take", self.id), ("hand-back", BOT)):
                    while self._held()[conversation] != holder:
                        await self._asked(browser, door, f"/desk/conversations/{conversation}/{act}")

    async def _asked(self, browser: aiohttp.ClientSession, door: str, path: str) -> None:
        with suppress(*AWAY):
            await browser.post(
                f"{door}{path}",
                headers={"Origin": door},
                data={FORM_FIELD: self.form},
                allow_redirects=False,
            )
        await asyncio.sleep(AGAIN)

    def _held(self) -> dict[str, str]:
        """Who speaks in each conversation."""
        with connected(self.url).connect() as connection:
            found = connection.execute(select(SESSIONS.c.id, SESSIONS.c.holder).order_by(SESSIONS.c.id))
            return {row.id: row.holder for row in found}


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
