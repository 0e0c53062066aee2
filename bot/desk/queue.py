"""The queue's pages: its views, and what is found by words."""

from dataclasses import dataclass, replace

from aiohttp import web
from sqlalchemy import Connection

from bot.desk import looking
from bot.desk.board import Board, Told
from bot.desk.gate import STAFF
from conversations import findable, wording
from conversations.deeds import Deed
from conversations.store.desk import queue, search
from conversations.store.desk.queue import Page

LONGEST = 80  #: characters looked for


@dataclass(frozen=True)
class Queue:
    board: Board

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/desk", self.show), web.post("/desk/search", self.search)]

    async def show(self, request: web.Request) -> web.Response:
        return await self.board.show(request, looking.read(request), Told(moved=True))

    async def search(self, request: web.Request) -> web.Response:
        """Words go in a form, not in an address, which would be kept in many places."""
        form, where = await request.post(), looking.read(request)
        words = str(form.get("words", ""))[:LONGEST]
        if not findable.pieces(findable.plain(words)):
            short = wording.phrase("desk.search.short", self.board.shell.language(request))
            return await self.board.show(request, where, Told(short, moved=True))
        found = await self._find(request, words, str(form.get("before", "")))
        return await self.board.show(request, replace(where, found=True), Told(found=found, moved=True))

    async def _find(self, request: web.Request, words: str, before: str) -> Page:
        me, last = request[STAFF].id, int(before) if before.isascii() and before.isdigit() else None

        def body(connection: Connection) -> Page:
            found = search.find(connection, words, last, queue.PAGE + 1)
            shown = {each.session_id: each for each in found[: queue.PAGE]}
            self.board.access.audit.add(connection, me, Deed.SEARCHED, facts={"found": len(found)})
            lines = queue.lines(connection, list(shown), me)
            further = found[queue.PAGE - 1].place if len(found) > queue.PAGE else None
            with_words = (replace(line, found=shown[line.id].words) for line in lines)
            return Page(tuple(with_words), words=words, before=further)

        return await self.board.turns.store.write(body)
