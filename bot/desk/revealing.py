"""Personal data that was masked, shown to somebody who may see it, and never without a record of that."""

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from bot.access.access import Access
from bot.desk import masking
from bot.desk.entrance import fields
from bot.desk.gate import STAFF
from bot.desk.shell import Shell
from bot.refusals import Refusal
from conversations.deeds import Deed
from conversations.store import sessions


@dataclass(frozen=True)
class Revealing:
    access: Access
    shell: Shell

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/desk/conversations/{id}/reveal", self.reveal)]

    async def reveal(self, request: web.Request) -> web.Response:
        """One answer of a conversation (`field`), as it was given."""
        id, step = request.match_info["id"], (await fields(request)).get("field", "")
        if step not in masking.PERSONAL:
            raise Refusal(422, "bad_request")

        def body(connection: Connection) -> str | None:
            session = sessions.read(connection, id)
            value = session.value(step) if session else None
            if value is None:
                return None
            self.access.audit.add(connection, request[STAFF].id, Deed.REVEALED, id, {"field": step})
            return str(value)

        value = await self.access.store.write(body)
        if value is None:
            raise Refusal(404, "missing")
        return self.shell.page(request, "desk/revealed.html", value=value)
