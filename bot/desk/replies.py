"""The page of replies at hand: those that ship, and those that colleagues keep for everybody."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from bot.access.access import Access, Mistake
from bot.desk import canned
from bot.desk.acts import Fields
from bot.desk.entrance import fields
from bot.desk.gate import STAFF
from bot.desk.shell import Shell, done
from conversations.deeds import Deed
from conversations.phrases import LANGUAGES
from conversations.store import staff as accounts
from conversations.store.bell import DESK
from conversations.store.desk import canned as kept
from conversations.store.desk.canned import Canned


@dataclass(frozen=True)
class Replies:
    access: Access
    shell: Shell

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/desk/replies", self.show),
            web.post("/desk/replies", self.keep),
            web.post("/desk/replies/drop", self.drop),
        ]

    async def show(self, request: web.Request) -> web.Response:
        return await self._shown(request)

    async def keep(self, request: web.Request) -> web.Response:
        given = await fields(request)
        try:
            new = self._read(request, given)
        except Mistake as mistake:
            return await self._shown(request, mistake, given)
        await self._change(request, lambda c: kept.put(c, new))
        return done("/desk/replies", "reply_kept")

    async def drop(self, request: web.Request) -> web.Response:
        given = await fields(request)
        short, language = given.get("short", ""), given.get("language", "")
        await self._change(request, lambda c: kept.drop(c, short, language))
        return done("/desk/replies", "reply_dropped")

    def _read(self, request: web.Request, given: Fields) -> Canned:
        short = given.get("short", "").strip().removeprefix("/").casefold()
        text = given.get("text", "").replace("\r\n", "\n").strip()
        if not canned.SHORT.fullmatch(short):
            raise Mistake("short")
        if not text or len(text) > canned.LONGEST or given.get("language") not in LANGUAGES:
            raise Mistake("reply")
        return Canned(short, given["language"], text, request[STAFF].id, self.access.now())

    async def _change(self, request: web.Request, change: Callable[[Connection], object]) -> None:
        me = request[STAFF].id

        def body(connection: Connection) -> None:
            change(connection)
            self.access.audit.add(connection, me, Deed.CHANGED_REPLIES)

        await self.access.store.write(body)
        self.access.store.announce(DESK)

    async def _shown(
        self, request: web.Request, mistake: Mistake | None = None, given: Fields | None = None
    ) -> web.Response:
        own, names = await self.access.store.read(lambda c: (kept.every(c), accounts.names(c)))
        language = (given or {}).get("language") or self.shell.language(request)
        shipped = canned.ready((), language if language in LANGUAGES else "en")
        return self.shell.page(
            request,
            "desk/replies.html",
            status=200 if mistake is None else 422,
            here="replies",
            own=own,
            names=names,
            shipped=shipped,
            variables=canned.VARIABLES,
            mistake=mistake,
            given={"language": language, **(given or {})},
        )
