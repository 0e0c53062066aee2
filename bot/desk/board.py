"""The desk's one page: the queue, and beside it the open conversation. Whole, or the panes that changed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.access.access import Access
from bot.desk import panes
from bot.desk.bench import Bench
from bot.desk.gate import STAFF
from bot.desk.looking import Looking
from bot.desk.panes import CHAT, LIST
from bot.desk.shell import Shell
from bot.refusals import Refusal
from conversations.store.desk.queue import Page
from conversations.turns import Turns

WITH_CHAT = {**LIST, **CHAT}
#: where something else is looked at the conversation's frame comes as one, and the stream follows it
MOVED = {**LIST, "chat": "desk/chat.html", "live": "desk/live.html"}


def by_script(request: web.Request) -> bool:
    """Whether our script asks for panes, and not the browser for a page."""
    return request.headers.get("HX-Request-Type") == "partial"


def partials(panes: Mapping[str, str]) -> str:
    """Rendered panes as one answer that our script puts in their places."""
    return "\n".join(
        f'<hx-partial hx-target="#{name}" hx-swap="{"outerHTML" if name == "live" else "innerMorph"}">'
        f"{text}</hx-partial>"
        for name, text in panes.items()
    )


@dataclass(frozen=True)
class Told:
    """What an answer says beside the panes: a problem, words to put back, an event for our script."""

    problem: str = ""
    draft: str | None = None
    found: Page | None = None
    did: str | None = None
    warned: bool = False  #: the words may go out if the colleague insists
    moved: bool = False  #: something else is looked at than before


@dataclass(frozen=True)
class Board:
    """What the handlers of the desk's page share."""

    shell: Shell
    turns: Turns
    access: Access
    bench: Bench

    @property
    def now(self) -> datetime:
        return self.turns.clock()

    async def show(self, request: web.Request, looking: Looking, told: Told) -> web.Response:
        """The page, or for our script the panes alone.

        Raises:
            Refusal: there is no such conversation.
        """
        values = await self.values(request, looking, told)
        if not by_script(request):
            return self.shell.page(request, "desk/desk.html", **values | {"once": uuid.uuid4().hex})
        rendered = self.rendered(request, values, self._names(looking, told))
        problem = self.shell.fragment(request, "desk/problem.html", **values) if told.problem else ""
        response = web.Response(text=partials({**rendered, "problem": problem}), content_type="text/html")
        if told.did:
            response.headers["HX-Trigger"] = f"desk:{told.did}"
        return response

    async def values(self, request: web.Request, looking: Looking, told: Told) -> dict[str, Any]:
        language = self.shell.language(request)
        desk = panes.Reader(self.turns.store, request[STAFF], self.now, language)
        values = await desk.look(looking, told.found)
        if looking.chat is not None and values["chat"] is None:
            raise Refusal(404, "missing", language=language)
        more = {"problem": told.problem, "draft": told.draft, "warned": told.warned}
        fresh = {"preview": None, "once": "", "here": "queue"}
        return {**values, **more, **fresh, "waits": panes.waits, "grades": self.bench.grades}

    def rendered(
        self, request: web.Request, values: Mapping[str, Any], names: Mapping[str, str]
    ) -> dict[str, str]:
        """Panes as text by their names; a list that stays as it is has none."""
        shown = {pane: template for pane, template in names.items() if pane != "list" or "page" in values}
        return {pane: self.shell.fragment(request, shown[pane], **values) for pane in shown}

    def _names(self, looking: Looking, told: Told) -> Mapping[str, str]:
        if told.moved:
            return MOVED
        return WITH_CHAT if looking.chat else LIST
