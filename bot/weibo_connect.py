"""Connecting a Weibo account: our own consent page for that account, then Weibo's, then back to the chat.

Nothing is asked of Weibo before the owner agreed here. Codes and tokens are never logged, and a token is
sealed before it leaves this module.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from aiohttp import web

from bot.pages import Pages, preferred
from bot.refusals import Refusal
from bot.signing import BadSignature, Signer
from bot.visitors import Visitors, keep
from bot.webchat.incoming import same_origin
from conversations.crashpoints import crashpoint
from conversations.events import Connected, ConnectFailed, Event
from conversations.turns import Turns
from scoring.sources.consent import Consent
from scoring.sources.handles import Handle
from scoring.sources.unavailable import SourceUnavailable
from scoring.sources.weibo import Token

Clock = Callable[[], datetime]
ACCOUNTS = ("brand", "personal")
LINK_LASTS = timedelta(minutes=30)
STATE_LASTS = timedelta(minutes=10)
SHOWN = 4  #: characters of a conversation's id by which a person tells it from another


class Weibo(Protocol):
    """What these pages need of `scoring.sources.weibo.WeiboClient`."""

    def authorize_url(self, redirect_uri: str, state: str) -> str: ...
    async def token(self, code: str, redirect_uri: str) -> Token: ...
    async def user(self, account: Handle, *, consent: Consent, token: str) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Ticket:
    """Which account of which conversation is being connected; the nonce makes it count once."""

    session_id: str
    account: str
    nonce: str

    def __str__(self) -> str:
        return f"{self.session_id}:{self.account}:{self.nonce}"

    @classmethod
    def parse(cls, text: str) -> "Ticket":
        session_id, account, nonce = text.rsplit(":", 2)
        return cls(session_id, account, nonce)


def links(signer: Signer, public_url: str) -> Callable[[str, str, datetime], str]:
    """The resolver that turns "weibo/brand" in a reply into an address for this conversation."""

    def resolve(session_id: str, link: str, now: datetime) -> str:
        account = link.removeprefix("weibo/")
        if account not in ACCOUNTS:
            raise LookupError(f"no page for {link!r}")
        ticket = Ticket(session_id, account, secrets.token_urlsafe(16))
        return f"{public_url}/weibo/connect/{signer.sign('weibo-connect', str(ticket), now + LINK_LASTS)}"

    return resolve


@dataclass(frozen=True)
class WeiboConnect:
    turns: Turns
    signer: Signer
    weibo: Weibo
    pages: Pages
    public_url: str
    clock: Clock

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/weibo/connect/{signed}", self.ask),
            web.post("/weibo/connect/{signed}", self.agree),
            web.get("/weibo/callback", self.come_back),
        ]

    async def ask(self, request: web.Request) -> web.Response:
        """What is read of this account, why, for how long, and how to take it back."""
        ticket, language = await self._own_ticket(request)
        ending = ticket.session_id[-SHOWN:]
        return self.pages.page("weibo_consent.html", language, account=ticket.account, ending=ending)

    async def agree(self, request: web.Request) -> web.Response:
        """Off to Weibo, by a page of ours: no form may lead to another site, not even by redirects."""
        same_origin(request, self.public_url)
        ticket, language = await self._own_ticket(request)
        fresh = Ticket(ticket.session_id, ticket.account, secrets.token_urlsafe(16))
        state = self.signer.sign("weibo-state", str(fresh), self.clock() + STATE_LASTS)
        leave = self.weibo.authorize_url(self._callback, state)
        response = self.pages.page("weibo_leave.html", language, leave=leave)
        keep(response, self._cookie, fresh.nonce, STATE_LASTS, secure=self._secure)
        return response

    async def come_back(self, request: web.Request) -> web.Response:
        """Weibo sends the owner back with a code, or without one when they refused."""
        ticket, language = await self._ticket("weibo-state", request.query.get("state", ""), request)
        begun = request.cookies.get(self._cookie, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(begun, ticket.nonce.encode()):
            raise Refusal(400, "other_browser", language=language)
        event = await self._outcome(ticket, request)
        crashpoint("connection proven")
        handled = await self.turns.handle_session(ticket.session_id, "weibo", ticket.nonce, event)
        crashpoint("connection stored")
        if not handled.fresh:
            raise Refusal(400, "link_used", language=language)
        came_from_web = Visitors(self._secure).contact(request) is not None
        done = await self._is_connected(ticket, event)
        response = self.pages.page("weibo_done.html", language, done=done, web=came_from_web)
        response.del_cookie(self._cookie, path="/", secure=self._secure)
        return response

    async def _outcome(self, ticket: Ticket, request: web.Request) -> Event:
        code, now = request.query.get("code"), self.clock()
        if "error" in request.query or not code:
            return ConnectFailed(now, ticket.account, "refused")
        try:
            return await self._connected(ticket, code, now)
        except SourceUnavailable as unavailable:
            return ConnectFailed(now, ticket.account, unavailable.unavailable.fact)

    async def _connected(self, ticket: Ticket, code: str, now: datetime) -> Connected:
        """Exchange the code, see whose account it is, and seal the token."""
        crashpoint("before the token")
        token = await self.weibo.token(code, self._callback)
        crashpoint("after the token")
        handle = Handle(uid=token.uid)
        agreed = Consent("brand" if ticket.account == "brand" else "personal", handle, now)
        user = await self.weibo.user(handle, consent=agreed, token=token.access_token)
        sealed = self.signer.seal("weibo-token", token.access_token)
        return Connected(now, ticket.account, token.uid, str(user.get("screen_name") or token.uid), sealed)

    async def _is_connected(self, ticket: Ticket, event: Event) -> bool:
        """Whether the conversation took the account; one that is closed, or has no consent, does not."""
        session = await self.turns.session(ticket.session_id)
        account = session.accounts.get(ticket.account) if session else None
        return isinstance(event, Connected) and account is not None and account.uid == event.uid

    async def _own_ticket(self, request: web.Request) -> tuple[Ticket, str]:
        """The ticket of a link, unless this browser talks to us in another conversation.

        Raises:
            Refusal: a bad link, or somebody else's, by which a lured person would connect their account
                to a stranger's application. Who talks to us elsewhere has no cookie here, and may go on.
        """
        ticket, language = await self._ticket("weibo-connect", request.match_info["signed"], request)
        contact = Visitors(self._secure).contact(request)
        own = await self.turns.session_of(contact) if contact else None
        if own is not None and own.id != ticket.session_id:
            raise Refusal(400, "link_bad", language=own.language)
        return ticket, language

    async def _ticket(self, purpose: str, signed: str, request: web.Request) -> tuple[Ticket, str]:
        """The ticket and its conversation's language.

        Raises:
            Refusal: forged, expired, or the conversation is gone.
        """
        try:
            ticket = Ticket.parse(self.signer.open(purpose, signed, self.clock()))
        except (BadSignature, ValueError):
            raise Refusal(400, "link_bad", language=preferred(request)) from None
        session = await self.turns.session(ticket.session_id)
        if session is None:
            raise Refusal(400, "link_bad", language=preferred(request))
        return ticket, session.language

    @property
    def _callback(self) -> str:
        return f"{self.public_url}/weibo/callback"

    @property
    def _secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def _cookie(self) -> str:
        return "__Host-bangbang-weibo" if self._secure else "bangbang-weibo"
