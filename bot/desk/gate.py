"""The gate of the desk: who asks, whether their role may, and whether the request is their own doing.

Everything under /desk passes here, and what no rule allows is refused.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy import Connection

from bot.access import lockout, rights, sessions
from bot.access.access import Access, Where, topic
from bot.access.staff import Role, Staff
from bot.desk import routes
from bot.refusals import Refusal
from bot.visitors import Proxies, keep
from bot.webchat.incoming import same_origin
from conversations.deeds import Deed
from conversations.store import staff_sessions
from conversations.store.bell import rung
from conversations.store.staff import Account
from conversations.store.staff_sessions import StaffSession

SAFE = ("GET", "HEAD")
FORM_FIELD, FORM_HEADER = "form_token", "X-Form"  # no input may be called "form": it would hide that property
QUIET = "X-Quiet"  #: header of what a page asks for by itself, which keeps no session awake
STREAM = "text/event-stream"
LOOK = 1.0  #: seconds between two looks whether an open page may stay


@dataclass(frozen=True)
class Visit:
    """One request of somebody who is signed in."""

    staff: Staff
    account: Account
    session: StaffSession
    form: str  #: what forms of this session carry


STAFF = web.RequestKey("STAFF", Staff)
VISIT = web.RequestKey("VISIT", Visit)


@dataclass(frozen=True)
class Gate:
    access: Access
    public_url: str
    proxies: Proxies

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def cookie(self) -> str:
        return "__Host-desk" if self.secure else "desk"

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = request.match_info.route.resource
        path = resource.canonical if resource else ""
        if path != routes.PREFIX and not path.startswith(f"{routes.PREFIX}/"):
            return await handler(request)
        rule = routes.rule(request.method, path)
        if rule is None:
            raise Refusal(403, "forbidden")
        self._own_doing(request)
        if rule.right is None:
            return await handler(request)
        visit = await self.visit(request)
        if visit is None:
            return self._to_sign_in(request)
        if not rights.may(visit.staff.role, rule.right):
            await self._denied(visit, path)
            raise Refusal(403, "forbidden", language=visit.account.language)
        await self._own_form(request, visit)
        if rule.fresh and not sessions.fresh(visit.session, self.access.now()):
            return _go(request, "/desk/confirm", _back_to(request))
        request[STAFF], request[VISIT] = visit.staff, visit
        return await handler(request)

    async def visit(self, request: web.Request) -> Visit | None:
        """Who this browser belongs to, as long as the session lasts."""
        token = request.cookies.get(self.cookie, "")
        if len(token) != 43 or not token.isascii():
            return None
        kept, now = sessions.kept(token), self.access.now()
        found = await self.access.store.read(lambda c: staff_sessions.find(c, kept))
        if found is None or not sessions.lasts(found[0], now):
            return None
        session, account = found
        if now - session.seen >= sessions.NOTED and not _by_itself(request):
            await self.access.store.write(lambda c: staff_sessions.seen(c, kept, now))
        staff = Staff(account.id, account.name, Role(account.role))
        return Visit(staff, account, session, sessions.form_token(self.access.signer, session))

    async def over(self, visit: Visit) -> None:
        """Returns within a second of the session's end: for streams, which outlive their request's look."""
        with self.access.store.bell.listen(topic(visit.staff.id)) as bell:
            while True:
                bell.clear()
                if not await self._lasts(visit, self.access.now()):
                    return
                await rung(bell, LOOK)

    def where(self, request: web.Request) -> Where:
        called = request.headers.get("User-Agent", "").encode("ascii", "replace").decode()
        known = request.cookies.get(f"{self.cookie}-known", "")
        return Where(self.proxies.origin(request), called[: sessions.BROWSER], known)

    def welcome(self, response: web.StreamResponse, token: str, login: str) -> None:
        """The session, and that this browser is known from now on."""
        keep(response, self.cookie, token, staff_sessions.LONGEST, secure=self.secure)
        known = lockout.remembered(self.access, login)
        keep(response, f"{self.cookie}-known", known, lockout.KNOWN, secure=self.secure)

    def farewell(self, response: web.StreamResponse) -> None:
        response.del_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="Lax")

    def kept(self, request: web.Request) -> str | None:
        """The hash of the token that this browser holds, whatever it is worth."""
        token = request.cookies.get(self.cookie)
        return sessions.kept(token) if token else None

    async def _lasts(self, visit: Visit, now: datetime) -> bool:
        found = await self.access.store.read(lambda c: staff_sessions.find(c, visit.session.token))
        return found is not None and found[1].role == visit.account.role and sessions.lasts(found[0], now)

    def _own_doing(self, request: web.Request) -> None:
        """A change must come from a page of ours; a browser always says where it comes from."""
        if request.method not in SAFE:
            if "Origin" not in request.headers and "Sec-Fetch-Site" not in request.headers:
                raise Refusal(403, "foreign_origin")
            same_origin(request, self.public_url)

    async def _own_form(self, request: web.Request, visit: Visit) -> None:
        """A change carries what only pages of this very session hold."""
        if request.method in SAFE:
            return
        given = request.headers.get(FORM_HEADER) or str((await request.post()).get(FORM_FIELD, ""))
        if not sessions.own_form(self.access.signer, visit.session, given):
            raise Refusal(403, "stale_form", language=visit.account.language)

    async def _denied(self, visit: Visit, path: str) -> None:
        def body(connection: Connection) -> None:
            self.access.audit.add(connection, visit.staff.id, Deed.DENIED, facts={"route": path})

        await self.access.store.write(body)

    def _to_sign_in(self, request: web.Request) -> web.Response:
        """A page leads to where one signs in; what a script asked for is refused, so that nothing is lost."""
        page = request.method in SAFE and STREAM not in request.headers.get("Accept", "")
        if not page or "HX-Request" in request.headers:
            raise Refusal(401, "signed_out")
        return _go(request, "/desk/sign-in", request.path_qs)


def _by_itself(request: web.Request) -> bool:
    """Whether a page asked and nobody sits there: a stream that reconnects, a note that it was seen."""
    return QUIET in request.headers or STREAM in request.headers.get("Accept", "")


def _go(request: web.Request, path: str, then: str) -> web.Response:
    """To another page of the desk, and back afterwards; htmx is told in its own words."""
    address = f"{path}?next={quote(then, safe='/')}"
    if "HX-Request" in request.headers:
        return web.Response(status=204, headers={"HX-Redirect": address})
    return web.Response(status=303, headers={"Location": address})


def _back_to(request: web.Request) -> str:
    """The page that somebody was on: a form's own page, where it is one of ours."""
    if request.method in SAFE:
        return request.path_qs
    return own_path(urlsplit(request.headers.get("Referer", "")).path)


def own_path(path: str) -> str:
    """The path, if it is one of the desk; else the desk."""
    inside = path == routes.PREFIX or path.startswith((f"{routes.PREFIX}/", f"{routes.PREFIX}?"))
    return path if inside and "\\" not in path and path.isprintable() else routes.PREFIX
