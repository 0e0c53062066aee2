"""One's own account: language, password, second step, recovery codes, sessions, Telegram."""

from dataclasses import dataclass

from aiohttp import web

from bot.access import linking, own_account, pictures, totp
from bot.access.access import Access, Mistake
from bot.desk.entrance import fields
from bot.desk.gate import VISIT, Gate
from bot.desk.shell import Shell, done
from bot.refusals import Refusal
from conversations import wording
from conversations.store import staff as accounts
from conversations.store import staff_sessions, telegram_accounts

HOME = "/desk/account"


@dataclass(frozen=True)
class OwnAccount:
    access: Access
    gate: Gate
    shell: Shell
    group: bool  #: whether staff may work from a Telegram group

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(HOME, self.show),
            web.post(f"{HOME}/language", self.speak),
            web.post(f"{HOME}/password", self.change_password),
            web.get(f"{HOME}/second-step", self.offer_second_step),
            web.post(f"{HOME}/second-step", self.set_second_step),
            web.post(f"{HOME}/codes", self.new_codes),
            web.post(f"{HOME}/sessions", self.end_sessions),
            web.post(f"{HOME}/telegram", self.offer_link),
            web.post(f"{HOME}/telegram/unlink", self.unlink),
        ]

    async def show(self, request: web.Request) -> web.Response:
        return await self._shown(request)

    async def speak(self, request: web.Request) -> web.Response:
        language = (await fields(request)).get("language", "")
        if language not in wording.LANGUAGES:
            raise Refusal(422, "bad_request")
        await own_account.speak(self.access, request[VISIT].account, language)
        return done(HOME, "language")

    async def change_password(self, request: web.Request) -> web.Response:
        given, visit = await fields(request), request[VISIT]
        change = given.get("old", ""), given.get("password", "")
        try:
            if given.get("again") != change[1]:
                raise Mistake("again")
            where = self.gate.where(request)
            await own_account.change_password(self.access, visit.session, visit.account, change, where)
        except Mistake as mistake:
            return await self._shown(request, mistake)
        return done(HOME, "password_changed")

    async def offer_second_step(self, request: web.Request) -> web.Response:
        return self._second_step(request)

    async def set_second_step(self, request: web.Request) -> web.Response:
        given, visit = await fields(request), request[VISIT]
        sealed, code = given.get("secret", ""), given.get("code", "")
        try:
            codes = await own_account.set_second_step(self.access, visit.session, visit.account, sealed, code)
        except Mistake as mistake:
            return self._second_step(request, mistake, sealed)
        return self.shell.page(request, "desk/codes.html", codes=codes)

    async def new_codes(self, request: web.Request) -> web.Response:
        if request[VISIT].account.totp is None:
            raise Refusal(422, "bad_request")  # codes stand in for a second step, and there is none
        codes = await own_account.new_codes(self.access, request[VISIT].account)
        return self.shell.page(request, "desk/codes.html", codes=codes)

    async def end_sessions(self, request: web.Request) -> web.Response:
        """One session, or all of them and this one too."""
        only, visit = (await fields(request)).get("session"), request[VISIT]
        await own_account.end_sessions(self.access, visit.account, only=only)
        if only is not None and not visit.session.token.startswith(only):
            return done(HOME, "session_ended")
        response = done("/desk/sign-in", "signed_out")
        self.gate.farewell(response)
        return response

    async def offer_link(self, request: web.Request) -> web.Response:
        """A code to be written in the group, shown this once."""
        if not self.group:
            raise Refusal(404, "missing")
        code = await linking.offer(self.access, request[VISIT].account)
        return await self._shown(request, code=code)

    async def unlink(self, request: web.Request) -> web.Response:
        await linking.unlink(self.access, request[VISIT].account)
        return done(HOME, "unlinked")

    async def _shown(
        self, request: web.Request, mistake: Mistake | None = None, code: str | None = None
    ) -> web.Response:
        visit = request[VISIT]
        theirs = await self.access.store.read(lambda c: staff_sessions.of(c, visit.staff.id))
        left = await self.access.store.read(lambda c: accounts.codes_left(c, visit.staff.id))
        linked = await self.access.store.read(lambda c: telegram_accounts.linked(c, visit.staff.id))
        return self.shell.page(
            request,
            "desk/account.html",
            status=422 if mistake else 200,
            here="account",
            mistake=mistake,
            sessions=theirs,
            this=visit.session.token,
            codes_left=left,
            group=self.group,
            linked=linked,
            code=code,
        )

    def _second_step(
        self, request: web.Request, mistake: Mistake | None = None, sealed: str = ""
    ) -> web.Response:
        visit = request[VISIT]
        secret, sealed = self.access.drafted(visit.session.token, sealed)
        return self.shell.page(
            request,
            "desk/second_step.html",
            status=422 if mistake else 200,
            here="account",
            mistake=mistake,
            secret=secret,
            sealed=sealed,
            picture=pictures.qr(totp.address(secret, visit.staff.name)),
        )
