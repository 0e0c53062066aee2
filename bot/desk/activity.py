"""The record as people read it: filtered by who, what and when, page by page, and as a CSV file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import Connection

from bot.access.access import Access
from bot.desk import cells
from bot.desk.entrance import fields
from bot.desk.gate import STAFF
from bot.desk.shell import Shell
from conversations import phrases
from conversations.deeds import NOBODY, OPERATOR, SYSTEM, Deed
from conversations.store import audit
from conversations.store import staff as accounts
from conversations.store.audit import Entry, Wanted
from scoring.calendar import CHINA

A_PAGE = 50  #: rows
MOST = 100_000  #: rows of one file
AT_ONCE = 1000  #: rows read together for a file
ASKED = ("who", "what", "from", "to", "conversation")  #: what the page can be filtered by
HEAD = ("n", "at", "who", "name", "what", "conversation", "facts")
BOM = "\ufeff"  #: without it a spreadsheet takes Chinese for something else


@dataclass(frozen=True)
class Activity:
    access: Access
    shell: Shell

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/desk/activity", self.show), web.post("/desk/activity/export", self.export)]

    async def show(self, request: web.Request) -> web.Response:
        asked = _asked(request.query)
        wanted = replace(_wanted(asked), before=_number(request.query.get("before")))
        rows = await self.access.store.read(lambda c: audit.newest(c, wanted, A_PAGE + 1))
        names, language = await self.access.store.read(accounts.names), self.shell.language(request)
        older = urlencode({**asked, "before": rows[A_PAGE - 1].n}) if len(rows) > A_PAGE else None
        return self.shell.page(
            request,
            "desk/activity.html",
            here="activity",
            rows=[(row, _told(row, names, language)) for row in rows[:A_PAGE]],
            names=names,
            others=(NOBODY, OPERATOR, SYSTEM),
            deeds=list(Deed),
            asked={name: asked.get(name, "") for name in ASKED},
            filtered=bool(asked),
            older=older,
            newest=wanted.before is None,
        )

    async def export(self, request: web.Request) -> web.StreamResponse:
        """The rows that the page shows, all pages of them; that somebody takes them is on record first."""
        asked = _asked(await fields(request))
        wanted, by = _wanted(asked), request[STAFF].id

        def body(connection: Connection) -> None:
            told = {name: value for name, value in asked.items() if name != "conversation"}
            self.access.audit.add(
                connection, by, Deed.EXPORTED, wanted.session_id, {"of": "activity", **told}
            )

        await self.access.store.write(body)
        names = await self.access.store.read(accounts.names)
        response = web.StreamResponse(headers={"Content-Disposition": 'attachment; filename="activity.csv"'})
        response.content_type, response.charset = "text/csv", "utf-8"
        await response.prepare(request)
        await response.write((BOM + cells.line(HEAD)).encode())
        left = MOST
        while left > 0:
            rows = await self._rows(wanted, min(left, AT_ONCE))
            await response.write("".join(_line(row, names) for row in rows).encode())
            left = left - len(rows) if len(rows) == AT_ONCE else 0
            wanted = replace(wanted, before=rows[-1].n if rows else None)
        await response.write_eof()
        return response

    async def _rows(self, wanted: Wanted, most: int) -> list[Entry]:
        return await self.access.store.read(lambda c: audit.newest(c, wanted, most))


def _told(row: Entry, names: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    """A row's facts as people read them; a code that has no word stays as it is."""
    known = phrases.sentences(language)

    def word(value: object) -> str:
        if isinstance(value, bool):
            return known["desk.yes" if value else "desk.no"]
        text = "" if value is None else str(value)
        return names.get(text) or known.get(f"desk.role.{text}") or known.get(f"step.{text}") or text

    return [(known.get(f"desk.fact.{name}", name), word(v)) for name, v in json.loads(row.facts).items()]


def _line(row: Entry, names: Mapping[str, str]) -> str:
    at = row.at.isoformat(timespec="seconds")
    return cells.line([row.n, at, row.who, names.get(row.who), row.what, row.session_id, row.facts])


def _asked(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(given[name]).strip()[:64] for name in ASKED if given.get(name)}


def _wanted(asked: Mapping[str, str]) -> Wanted:
    """Days are days where the merchants are; one that cannot be read asks for nothing."""
    since, until = _day(asked.get("from")), _day(asked.get("to"))
    return Wanted(
        who=asked.get("who"),
        what=asked.get("what"),
        session_id=asked.get("conversation"),
        since=since,
        until=until + timedelta(days=1) if until else None,
    )


def _day(given: str | None) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(given or ""), time(), CHINA)
    except ValueError:
        return None


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) <= 15 else None
