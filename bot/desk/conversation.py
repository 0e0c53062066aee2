"""One conversation at the desk: shown, looked into, acted on, and what colleagues note beside it."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from aiohttp import web
from sqlalchemy import Connection

from bot.access import rights
from bot.access.rights import Right
from bot.access.staff import Role, Staff
from bot.desk import acts, canned, evidence, guarding, looking, mentioning
from bot.desk.acts import Fields, Unfit
from bot.desk.board import Board, Told, by_script
from bot.desk.entrance import fields
from bot.desk.gate import STAFF
from bot.desk.looking import Looking
from bot.desk.shell import done
from bot.refusals import Refusal
from conversations import wording
from conversations.deeds import Deed
from conversations.events import Event
from conversations.replies import Reply
from conversations.store import journal
from conversations.store import staff as accounts
from conversations.store.bell import DESK
from conversations.store.desk import canned as kept
from conversations.store.desk import chat, labels, notes, queue
from conversations.store.desk.notes import New

#: makes the event of a form
Making: TypeAlias = Callable[[Looking, Fields, Staff], Awaitable[Event]]


@dataclass(frozen=True)
class Conversation:
    board: Board

    def routes(self) -> list[web.RouteDef]:
        chat = "/desk/conversations/{id}"
        return [
            web.get(chat, self.show),
            web.get(f"{chat}/evidence", self.evidence),
            *(web.post(f"{chat}/{name}", partial(self.act, name)) for name in acts.ACTS),
            web.post(f"{chat}/preview", self.preview),
            web.post(f"{chat}/note", self.note),
            web.post(f"{chat}/label", self.label),
            web.post(f"{chat}/seen", self.seen),
        ]

    async def show(self, request: web.Request) -> web.Response:
        where = looking.read(request)
        await self._seen(request, where, Deed.VIEWED)
        return await self.board.show(request, where, Told(moved=True))

    async def seen(self, request: web.Request) -> web.Response:
        """An open page has shown what is new."""
        await self._seen(request, looking.read(request), None)
        return web.Response(status=204)

    async def evidence(self, request: web.Request) -> web.Response:
        """The posts and comments that mattered; read from what was kept, which is large."""
        id = str(looking.read(request).chat)
        kept = await self.board.turns.store.read(lambda c: chat.snapshots(c, id))
        seen = evidence.of(kept, self.board.bench.policy.reader)
        shown = self.board.shell.fragment(request, "desk/evidence.html", seen=seen)
        return web.Response(text=shown, content_type="text/html")

    async def act(self, name: str, request: web.Request) -> web.Response:
        """What a form describes by itself; a reply called by its short word is put before the eyes first."""
        where, given = looking.read(request), await fields(request)
        if name == "say" and (reply := await self._called(request, where, given)):
            return await self.board.show(request, where, Told(draft=reply, did="draft"))
        if told := await self._objection(request, name, where, given):
            return await self.board.show(request, where, told)
        return await self.acted(request, name, partial(self._event, name))

    async def acted(self, request: web.Request, name: str, made: Making) -> web.Response:
        """Apply an act, and show what became of it: done, or why not."""
        where, given, me = looking.read(request), await fields(request), request[STAFF]
        try:
            refused = await self._do(name, where, given, me, await made(where, given, me))
        except Unfit as unfit:
            return await self._unfit(request, where, given, unfit)
        if refused is not None:
            problem = wording.word(refused, self.board.shell.language(request)).text
            return await self.board.show(request, where, Told(problem, given.get("text")))
        return await self._answered(request, where, name)

    async def preview(self, request: web.Request) -> web.Response:
        """The words as the merchant will see them, before they are sent."""
        where, given = looking.read(request), await fields(request)
        words = await self._called(request, where, given) or given.get("text", "").strip()
        values = await self.board.values(request, where, Told(draft=words)) | {"preview": words}
        if not by_script(request):
            return self.board.shell.page(request, "desk/desk.html", **values | {"once": uuid.uuid4().hex})
        shown = self.board.shell.fragment(request, "desk/preview.html", **values)
        return web.Response(text=shown, content_type="text/html")

    async def note(self, request: web.Request) -> web.Response:
        where, given = looking.read(request), await fields(request)
        try:
            text = acts.words(given, acts.NOTE)
        except Unfit as unfit:
            return await self._unfit(request, where, given, unfit)
        await self._noted(where, request[STAFF], text)
        return await self._answered(request, where, "note")

    async def label(self, request: web.Request) -> web.Response:
        """Put a label on, or take one off."""
        where, given, me = looking.read(request), await fields(request), request[STAFF]
        on, label = "off" not in given, " ".join(given.get("label", given.get("off", "")).split())

        def body(connection: Connection) -> None:
            id = _there(connection, where)
            if (labels.put if on else labels.take)(connection, id, label):
                self.board.access.audit.add(connection, me.id, Deed.LABELLED, id, {"on": on})

        if label and len(label) <= labels.LONGEST:
            await self._beside(body)
        return await self._answered(request, where, "label")

    async def _objection(self, request: web.Request, name: str, where: Looking, given: Fields) -> Told | None:
        """What the guard has against the words; that a colleague insists on them is put on record."""
        if name not in guarding.SPOKEN:
            return None
        session, me = await self.board.turns.session(str(where.chat)), request[STAFF]
        found = guarding.objection(given.get("text", ""), session, self.board.bench.lender)
        if session is None or found is None:
            return None
        if found.final or guarding.INSIST not in given:
            language = self.board.shell.language(request)
            problem = wording.phrase("desk.guarded", language, why=found.reasons(language))
            return Told(problem, given.get("text"), warned=not found.final and name == "say")
        if session.yields_to(me.id):  # else it is going to be refused
            add = self.board.access.audit.add
            await self.board.turns.store.write(lambda c: add(c, me.id, Deed.OVERRODE, session.id))
        return None

    async def _event(self, name: str, where: Looking, given: Fields, me: Staff) -> Event:
        if name == "transfer":
            given = {**given, "to_name": await self._who_talks(given.get("to", ""))}
        if name == "edit":
            await self._own(where, given.get("n", ""), me)
        return acts.ACTS[name](self.board.now, me, given)

    async def _do(self, name: str, where: Looking, given: Fields, me: Staff, event: Event) -> Reply | None:
        """Why the act changed nothing; None when it did."""
        id = str(where.chat)
        arrival = f"{me.id}:{name}:{given.get('once', '')[:64] or uuid.uuid4().hex}"
        try:
            handled = await self.board.turns.handle_session(id, "desk", arrival, event)
        except LookupError:
            raise Refusal(404, "missing") from None
        if handled.refused is None and handled.fresh:
            await self._noted_with(where, given, me)
        return handled.refused

    async def _noted_with(self, where: Looking, given: Fields, me: Staff) -> None:
        """Keep the note that goes with an act."""
        if note := given.get("note", "").strip():
            await self._noted(where, me, note[: acts.NOTE], given.get("to"))

    async def _noted(self, where: Looking, me: Staff, text: str, to: str | None = None) -> None:
        now = self.board.now

        def body(connection: Connection) -> None:
            new = New(_there(connection, where), me.id, text, now, {to} if to else ())
            mentioning.noted(connection, self.board.access.audit, new)

        await self._beside(body)

    async def _beside(self, body: Callable[[Connection], None]) -> None:
        """Change what stands beside a conversation, and tell every open desk."""
        await self.board.turns.store.write(body)
        self.board.turns.store.announce(DESK)

    async def _seen(self, request: web.Request, where: Looking, deed: Deed | None) -> None:
        me = request[STAFF].id

        def body(connection: Connection) -> bool:
            id = _there(connection, where)
            if deed is not None:
                self.board.access.audit.add(connection, me, deed, id)
            return notes.read(connection, id, me, chat.newest(connection, id) or 0)

        if await self.board.turns.store.write(body):
            self.board.turns.store.announce(DESK)

    async def _called(self, request: web.Request, where: Looking, given: Fields) -> str | None:
        """The reply that "/short" alone stands for: put before the colleague's eyes, never sent unseen."""
        text, me, id = given.get("text", ""), request[STAFF].name, str(where.chat)
        session = await self.board.turns.session(id) if text.lstrip().startswith("/") else None
        if session is None:
            return None
        own, name = await self.board.turns.store.read(lambda c: (kept.every(c), queue.named(c, id)))
        known = canned.values(session, me, name)
        return canned.expanded(text, canned.ready(own, session.language), known)

    async def _own(self, where: Looking, n: str, me: Staff) -> None:
        """
        Raises:
            Unfit: this is no message of this colleague's.
        """
        number = int(n) if n.isdecimal() and len(n) < 10 else 0
        found = await self.board.turns.store.read(lambda c: journal.since(c, str(where.chat), number - 1))
        if not found or found[0].n != number or found[0].sender != me.id:
            raise Unfit("gone")

    async def _who_talks(self, id: str) -> str:
        """The name of a colleague who may take a conversation.

        Raises:
            Unfit: there is none.
        """
        account = await self.board.turns.store.read(lambda c: accounts.find(c, id))
        if account is None or account.disabled or not rights.may(Role(account.role), Right.TALK):
            raise Unfit("nobody")
        return str(account.name)

    async def _unfit(self, request: web.Request, where: Looking, given: Fields, unfit: Unfit) -> web.Response:
        language = self.board.shell.language(request)
        problem = wording.phrase(f"desk.unfit.{unfit.code}", language, **unfit.values)
        return await self.board.show(request, where, Told(problem, given.get("text")))

    async def _answered(self, request: web.Request, where: Looking, did: str) -> web.Response:
        """The panes as they are now; without our script, back to the page."""
        if not by_script(request):
            return done(where.at(str(where.chat)))
        return await self.board.show(request, where, Told(did=did))


def _there(connection: Connection, where: Looking) -> str:
    """The conversation's id.

    Raises:
        Refusal: there is no such conversation.
    """
    id = str(where.chat)
    if chat.newest(connection, id) is None:
        raise Refusal(404, "missing")
    return id
