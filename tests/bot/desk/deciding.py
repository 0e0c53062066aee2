"""What colleagues do on the pages of a decision, on what these show now; and what was kept of it."""

import json
from typing import Any

from sqlalchemy import select

from conversations.deeds import Deed
from conversations.tables_desk import PROPOSALS
from tests.bot.desk.office import Browser, Office, values
from tests.bot.desk.test_conversation import acted, at, told

LOWER = {"outcome": "approved", "limit": "15,000", "comment": "a quiet winter"}


async def over(browser: Browser, id: str) -> str:
    """The decision that forms of the page say was looked at."""
    return values(await browser.page(at(id)), "over")[0]


async def does(browser: Browser, id: str, act: str, **fields: str) -> str:
    """An act on what the page shows now; the page after it."""
    return await acted(browser, id, act, **{"over": await over(browser, id), **fields})


async def proposed(browser: Browser, id: str, **fields: str) -> str:
    """Propose something; the proposal's id."""
    page = await does(browser, id, "propose", **(LOWER | fields))
    assert told(page) == ""
    return values(page, "proposal")[0]


async def facts(office: Office, what: Deed) -> dict[str, Any]:
    [entry] = await office.record(what)
    found: dict[str, Any] = json.loads(entry.facts)
    return found


async def state(office: Office) -> list[str]:
    return [row.state for row in await office.access.store.read(lambda c: c.execute(select(PROPOSALS)).all())]
