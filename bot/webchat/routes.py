"""The web chat's routes. A message is acknowledged only after `turns` has stored it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from bot.pages import Pages, preferred
from bot.rates import Rate
from bot.refusals import Refusal
from bot.visitors import Proxies, Visitors, contact_of, new_token
from bot.webchat import incoming, transcript
from bot.webchat.stream import Streams
from conversations.crashpoints import crashpoint
from conversations.events import Arrived
from conversations.session import Session
from conversations.store import journal
from conversations.store.message import Contact, Message
from conversations.turns import Turns

Clock = Callable[[], datetime]
AWAY = timedelta(minutes=10)  #: after so much quiet a returning visitor gets a line of recap


@dataclass(frozen=True)
class Visit:
    """A visitor whose cookie is known here, with their conversation."""

    contact: Contact
    session: Session


@dataclass(frozen=True)
class WebChat:
    turns: Turns
    streams: Streams
    pages: Pages
    public_url: str
    clock: Clock
    proxies: Proxies
    visitors: Visitors = field(init=False)
    arrivals: Rate = field(init=False)
    messages: Rate = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "visitors", Visitors(self.public_url.startswith("https://")))
        object.__setattr__(self, "arrivals", Rate(30, self.clock))
        object.__setattr__(self, "messages", Rate(60, self.clock))

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.show),
            web.post("/chat/sessions", self.start),
            web.post("/chat/messages", self.hear),
            web.get("/chat/messages", self.catch_up),
            web.get("/chat/stream", self.follow),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """The page with everything said so far."""
        visit = await self._visit(request)
        if visit is None:
            return self._page(preferred(request), [], begin=True, busy=False)
        messages = await self.turns.messages(visit.session.id)
        busy = not await self.turns.quiet(visit.session.id)
        return self._page(visit.session.language, messages, begin=self._was_away(messages), busy=busy)

    async def start(self, request: web.Request) -> web.Response:
        """Begin a conversation, or go on with the visitor's own."""
        incoming.same_origin(request, self.public_url)
        visit = await self._visit(request)
        if visit is None:
            return await self._begin(request)
        messages = await self.turns.messages(visit.session.id)
        if self._was_away(messages):
            arrival = f"{visit.contact.address[:16]}:arrived:{messages[-1].n if messages else 0}"
            await self.turns.handle(visit.contact, arrival, Arrived(self.clock()))
        return self._done(request, {"language": visit.session.language, "waiting": visit.session.waiting})

    async def hear(self, request: web.Request) -> web.Response:
        """Take one message; the same id twice is one message."""
        incoming.same_origin(request, self.public_url)
        visit = await self._known(request)
        if not self.messages.allows(visit.contact.address):
            raise Refusal(429, "too_many", language=visit.session.language, retry_after=60)
        heard = await self._read(request, visit)
        arrival = f"{visit.contact.address[:16]}:{heard.id}"
        crashpoint("chat message received")
        handled = await self.turns.handle(visit.contact, arrival, heard.event(self.clock()))
        crashpoint("chat message stored")
        state = {"language": handled.language, "waiting": handled.waiting}
        return self._done(request, {"id": heard.id, "fresh": handled.fresh} | state)

    async def catch_up(self, request: web.Request) -> web.Response:
        """What was said after a message: objects for programs, rendered rows for our page."""
        visit = await self._known(request)
        after = _after(request)
        messages = await self.turns.messages(visit.session.id, after)
        if "text/html" not in request.headers.get("Accept", ""):
            return web.json_response([message.to_json() for message in messages])
        busy = not await self.turns.quiet(visit.session.id)
        talk = transcript.of(messages, after)
        return self.pages.page("news.html", visit.session.language, talk=talk, busy=busy)

    async def follow(self, request: web.Request) -> web.StreamResponse:
        visit = await self._known(request)
        return await self.streams.follow(request, visit.session.id, _after(request))

    def _page(self, language: str, messages: list[Message], *, begin: bool, busy: bool) -> web.Response:
        talk = transcript.of(messages)
        return self.pages.page("chat.html", language, talk=talk, begin=begin, busy=busy)

    async def _begin(self, request: web.Request) -> web.Response:
        if not self.arrivals.allows(self.proxies.origin(request)):
            raise Refusal(429, "too_many", retry_after=60)
        token, language = new_token(), preferred(request)
        contact = contact_of(token)
        arrived = Arrived(self.clock(), language)
        arrival = f"{contact.address[:16]}:arrived:0"
        crashpoint("visitor came")
        handled = await self.turns.handle(contact, arrival, arrived, language=language)
        crashpoint("visitor stored")
        response = self._done(request, {"language": handled.language, "waiting": handled.waiting})
        self.visitors.welcome(response, token)
        return response

    async def _read(self, request: web.Request, visit: Visit) -> incoming.Incoming:
        try:
            heard = await incoming.message(request)
        except Refusal as refusal:
            refusal.language = visit.session.language
            raise
        if heard.choice is not None and not await self._was_offered(visit, heard.choice):
            raise Refusal(422, "unknown_choice", language=visit.session.language)
        return heard

    async def _was_offered(self, visit: Visit, choice: str) -> bool:
        """Whether a button with this id was ever shown here; commands work at any time."""
        if choice.startswith("/"):
            return True
        id = visit.session.id
        return await self.turns.store.read(lambda connection: journal.offered(connection, id, choice))

    async def _visit(self, request: web.Request) -> Visit | None:
        contact = self.visitors.contact(request)
        session = await self.turns.session_of(contact) if contact else None
        return Visit(contact, session) if contact and session else None

    async def _known(self, request: web.Request) -> Visit:
        visit = await self._visit(request)
        if visit is None:
            raise Refusal(401, "no_session")
        return visit

    def _was_away(self, messages: list[Message]) -> bool:
        return not messages or self.clock() - messages[-1].at > AWAY

    def _done(self, request: web.Request, state: dict[str, object]) -> web.Response:
        """Facts for our script; back to the page for a form sent without it."""
        if incoming.is_form(request) or "text/html" in request.headers.get("Accept", ""):
            return web.Response(status=303, headers={"Location": "/#newest"})
        return web.json_response(state)


def _after(request: web.Request) -> int:
    """The last message the browser has seen; a reconnecting stream knows better than its address."""
    given = request.headers.get("Last-Event-ID") or request.query.get("after") or "0"
    if not (given.isascii() and given.isdigit() and len(given) <= 9):
        raise Refusal(400, "bad_after")
    return int(given)
