"""The pages before the desk: signing in and out, joining by a link, proving oneself again."""

from dataclasses import dataclass

from aiohttp import web

from bot.access import joining, own_account, pictures, sign_in, staff, totp
from bot.access.access import Access, Mistake
from bot.access.joining import Wanted
from bot.access.sign_in import Proof
from bot.desk.gate import VISIT, Gate, own_path
from bot.desk.shell import Shell, done
from bot.rates import Rate
from bot.refusals import Refusal
from conversations.store.invitations import Invitation

A_MINUTE = 30  #: tries from one address that are looked at at all
TOO_SOON = 429
CHOSEN = ("name", "password", "secret", "code")  #: fields of the page for those who join


@dataclass(frozen=True)
class Entrance:
    access: Access
    gate: Gate
    shell: Shell
    rate: Rate

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/desk/sign-in", self.ask),
            web.post("/desk/sign-in", self.sign_in),
            web.post("/desk/sign-out", self.sign_out),
            web.get("/desk/invitation/{token}", self.invite),
            web.post("/desk/invitation/{token}", self.join),
            web.get("/desk/confirm", self.ask_again),
            web.post("/desk/confirm", self.confirm),
        ]

    async def ask(self, request: web.Request) -> web.Response:
        if await self.gate.visit(request):
            return done(_next(request))
        return self._asked(request)

    async def sign_in(self, request: web.Request) -> web.Response:
        fields = await self._fields(request)
        proof = Proof(fields.get("login", ""), fields.get("password", ""), fields.get("code", ""))
        where, before = self.gate.where(request), self.gate.kept(request)
        try:
            token = await sign_in.sign_in(self.access, proof, where, replacing=before)
        except Mistake as mistake:
            return self._asked(request, mistake, proof.login)
        response = done(_next(request))
        self.gate.welcome(response, token, staff.compared(proof.login))
        return response

    async def sign_out(self, request: web.Request) -> web.Response:
        await own_account.sign_out(self.access, request[VISIT].session)
        response = done("/desk/sign-in", "signed_out")
        self.gate.farewell(response)
        return response

    async def invite(self, request: web.Request) -> web.Response:
        """The page that a link leads to; looking at it uses nothing up."""
        try:
            invited = await joining.invitation(self.access, request.match_info["token"])
        except Mistake as mistake:
            return self._turned_away(request, mistake)
        return self._joining(request, invited)

    async def join(self, request: web.Request) -> web.Response:
        fields, token = await self._fields(request), request.match_info["token"]
        name, password, secret, code = (fields.get(each, "") for each in CHOSEN)
        language = self.shell.asked_language(request)
        wanted = Wanted(name, password, secret, code, "later" in fields, language)
        try:
            invited = await joining.invitation(self.access, token)
        except Mistake as mistake:
            return self._turned_away(request, mistake)
        try:
            if fields.get("again") != wanted.password:
                raise Mistake("again")
            joined = await joining.join(self.access, token, wanted, self.gate.where(request))
        except Mistake as mistake:
            return self._joining(request, invited, mistake, fields)
        codes = joined.codes
        response = self.shell.page(request, "desk/codes.html", codes=codes) if codes else done("/desk")
        self.gate.welcome(response, joined.token, joined.login)
        return response

    async def ask_again(self, request: web.Request) -> web.Response:
        return self._asked_again(request)

    async def confirm(self, request: web.Request) -> web.Response:
        fields, visit = await self._fields(request), request[VISIT]
        where = self.gate.where(request)
        try:
            await sign_in.confirm(self.access, visit.session, visit.account, fields.get("proof", ""), where)
        except Mistake as mistake:
            return self._asked_again(request, mistake)
        return done(_next(request))

    def _asked(self, request: web.Request, mistake: Mistake | None = None, login: str = "") -> web.Response:
        return self.shell.page(
            request,
            "desk/sign_in.html",
            status=_status(mistake),
            mistake=mistake,
            login=login,
            then=_next(request),
        )

    def _asked_again(self, request: web.Request, mistake: Mistake | None = None) -> web.Response:
        then = _next(request)
        return self.shell.page(
            request, "desk/confirm.html", status=_status(mistake), mistake=mistake, then=then
        )

    def _joining(
        self,
        request: web.Request,
        invited: Invitation,
        mistake: Mistake | None = None,
        fields: dict[str, str] | None = None,
    ) -> web.Response:
        """The same secret again after a mistake, so that an app that took it need not be told anew."""
        given = fields or {}
        secret, sealed = self.access.drafted(invited.token, given.get("secret", ""))
        return self.shell.page(
            request,
            "desk/join.html",
            status=_status(mistake),
            invited=invited,
            mistake=mistake,
            name=given.get("name", ""),
            secret=secret,
            sealed=sealed,
            picture=pictures.qr(totp.address(secret, invited.name or given.get("name") or "desk")),
        )

    def _turned_away(self, request: web.Request, mistake: Mistake) -> web.Response:
        return self.shell.page(request, "desk/turned_away.html", status=404, mistake=mistake)

    async def _fields(self, request: web.Request) -> dict[str, str]:
        """The form's fields; many forms from one address are not even looked at."""
        if not self.rate.allows(self.gate.where(request).origin):
            raise Refusal(TOO_SOON, "too_many", retry_after=60)
        return await fields(request)


async def fields(request: web.Request) -> dict[str, str]:
    """What a form sent, text only."""
    form = await request.post()
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _next(request: web.Request) -> str:
    return own_path(request.query.get("next", "/desk"))


def _status(mistake: Mistake | None) -> int:
    if mistake is None:
        return 200
    return TOO_SOON if mistake.code == "locked" else 422
