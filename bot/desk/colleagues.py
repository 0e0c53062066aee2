"""Who may come to the desk: inviting, roles, closing and opening accounts, new secrets."""

from dataclasses import dataclass

from aiohttp import web

from bot.access import administering
from bot.access.access import Access, Mistake
from bot.access.staff import Role
from bot.desk.entrance import fields
from bot.desk.gate import STAFF, Gate
from bot.desk.shell import Shell, done
from bot.refusals import Refusal
from conversations.store import invitations
from conversations.store import staff as accounts

HOME = "/desk/staff"


@dataclass(frozen=True)
class Colleagues:
    access: Access
    gate: Gate
    shell: Shell

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(HOME, self.show),
            web.post(HOME, self.invite),
            web.post(f"{HOME}/{{id}}/role", self.set_role),
            web.post(f"{HOME}/{{id}}/disable", self.disable),
            web.post(f"{HOME}/{{id}}/enable", self.enable),
            web.post(f"{HOME}/{{id}}/reset", self.reset),
        ]

    async def show(self, request: web.Request) -> web.Response:
        return await self._shown(request)

    async def invite(self, request: web.Request) -> web.Response:
        """The link is shown this once, to be handed over by a way that others cannot read."""
        given = await fields(request)
        name, role = given.get("name", ""), _role(given.get("role"))
        try:
            token = await administering.invite(self.access, name, role, request[STAFF].id)
        except Mistake as mistake:
            return await self._shown(request, mistake)
        return await self._shown(request, link=self._link(token), whose=name)

    async def set_role(self, request: web.Request) -> web.Response:
        role, id = _role((await fields(request)).get("role")), request.match_info["id"]
        try:
            await administering.set_role(self.access, id, role, request[STAFF].id)
        except Mistake as mistake:
            return await self._shown(request, mistake)
        return done(HOME, "role_changed")

    async def disable(self, request: web.Request) -> web.Response:
        try:
            await administering.disable(self.access, request.match_info["id"], request[STAFF].id)
        except Mistake as mistake:
            return await self._shown(request, mistake)
        return done(HOME, "disabled")

    async def enable(self, request: web.Request) -> web.Response:
        try:
            await administering.enable(self.access, request.match_info["id"], request[STAFF].id)
        except Mistake as mistake:
            return await self._shown(request, mistake)
        return done(HOME, "enabled")

    async def reset(self, request: web.Request) -> web.Response:
        id = request.match_info["id"]
        try:
            token = await administering.reset(self.access, id, request[STAFF].id)
        except Mistake as mistake:
            return await self._shown(request, mistake)
        found = await self.access.store.read(lambda c: accounts.find(c, id))
        return await self._shown(request, link=self._link(token), whose=found.name if found else "")

    async def _shown(
        self, request: web.Request, mistake: Mistake | None = None, *, link: str = "", whose: str = ""
    ) -> web.Response:
        now = self.access.now()
        known = await self.access.store.read(accounts.everyone)
        open_links = await self.access.store.read(lambda c: invitations.standing(c, now))
        return self.shell.page(
            request,
            "desk/staff.html",
            status=422 if mistake else 200,
            here="staff",
            mistake=mistake,
            known=known,
            invited=[each for each in open_links if each.staff is None and each.name],
            roles=list(Role),
            link=link,
            whose=whose,
        )

    def _link(self, token: str) -> str:
        return f"{self.gate.public_url}/desk/invitation/{token}"


def _role(given: str | None) -> Role:
    try:
        return Role(given or "")
    except ValueError:
        raise Refusal(422, "bad_request") from None
