"""The pages by which a merchant goes on with the same conversation on another device.

One shows a browser its own links. The other is where such a link leads; looking at it changes nothing, for
programs that preview links open them too.
"""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.access.pictures import qr
from bot.device_links import DeviceLinks, Link, follow
from bot.pages import Pages, preferred
from bot.refusals import Refusal
from bot.signing import BadSignature
from bot.visitors import Visitors, contact_of, new_token
from bot.webchat.incoming import same_origin
from conversations.session import Session
from conversations.steps import answered
from conversations.turns import Turns

SHOWN = 4  #: characters of a conversation's id by which a person tells it from another


@dataclass(frozen=True)
class Devices:
    """`telegram` is the bot's address, None while there is none."""

    turns: Turns
    links: DeviceLinks
    pages: Pages
    public_url: str
    telegram: Callable[[], str | None]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/device/of/{id}", self.show),
            web.get("/device/{token}", self.ask),
            web.post("/device/{token}", self.follow),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """Fresh links for the conversation that this browser holds."""
        own = await self._own(request)
        if own is None or own.id != request.match_info["id"]:
            raise Refusal(403, "no_session", language=own.language if own else None)
        address, browser = self.telegram(), self.links.browser(own.id)
        chat = f"{address}?start={self.links.token(own.id)}" if address else None
        return self.pages.page(
            "device.html", own.language, chat=chat, browser=browser, picture=qr(chat or browser)
        )

    async def ask(self, request: web.Request) -> web.Response:
        """Whether to go on here; a link that somebody else has sent can still be left alone."""
        link, session = await self._opened(request)
        own = await self._own(request)
        kept = own is not None and own.id != session.id and bool(answered(own))
        ending = link.session_id[-SHOWN:]
        return self.pages.page("device_here.html", session.language, ending=ending, kept=kept)

    async def follow(self, request: web.Request) -> web.Response:
        """The conversation goes on here; a browser that holds none yet gets a cookie of its own."""
        same_origin(request, self.public_url)
        link, session = await self._opened(request)
        visitors, token = self._visitors, new_token()
        known = visitors.contact(request) if await self._own(request) else None
        moved = await follow(self.turns, known or contact_of(token), link, self.links.clock())
        if moved is None:
            raise Refusal(400, "device_link", language=session.language)
        response = web.Response(status=303, headers={"Location": "/#newest"})
        if known is None:
            visitors.welcome(response, token)
        return response

    async def _opened(self, request: web.Request) -> tuple[Link, Session]:
        try:
            link = self.links.opened(request.match_info["token"])
        except BadSignature:
            raise Refusal(400, "device_link", language=preferred(request)) from None
        session = await self.turns.session(link.session_id)
        if session is None:
            raise Refusal(400, "device_link", language=preferred(request))
        return link, session

    async def _own(self, request: web.Request) -> Session | None:
        contact = self._visitors.contact(request)
        return await self.turns.session_of(contact) if contact else None

    @property
    def _visitors(self) -> Visitors:
        return Visitors(self.public_url.startswith("https://"))
