"""One turn, one road: every event of every channel is applied here, once, in one transaction.

A turn reads the session, asks the pure core what the event does, and writes the session, the answers, the
journal, the outbox and what was requested. It returns after the commit; an arrival seen before changes
nothing.
"""

import asyncio
import itertools
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from conversations import events, requests, wording
from conversations.events import Event
from conversations.replies import Kind, Reply
from conversations.session import Session, Turn
from conversations.store import Contact, Message, Store, journal, outbox, records, sessions, work
from conversations.store.bell import JOBS, OUTBOX, rung
from conversations.store.clean import clean
from conversations.store.sessions import Stored
from conversations.store.work import Job

Clock = Callable[[], datetime]
Links = Callable[[str, str, datetime], str]

LOOK_AGAIN = 1.0  #: seconds between looks at the table when other processes write to it too


class Flow(Protocol):
    def advance(self, session: Session, event: Event) -> Turn: ...


class Button(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def link(self) -> str | None: ...


class Wording(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def buttons(self) -> Sequence[Button]: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


class Speech(Protocol):
    """What turns need of `conversations.wording`; the module itself serves."""

    def word(self, reply: Reply, language: str, /) -> Wording: ...
    def closest(self, tag: str | None, /) -> str: ...
    def phrase(self, key: str, language: str, /) -> str: ...


@dataclass(frozen=True)
class Handled:
    """What became of an arrival; `fresh` is False when it was seen before and nothing changed."""

    session_id: str
    fresh: bool
    language: str
    waiting: str | None


@dataclass(frozen=True)
class _Applied:
    handled: Handled
    bells: tuple[str, ...] = ()


Opening = Callable[[Connection, datetime], str]  #: finds or begins the conversation


@dataclass(frozen=True)
class Turns:
    """The only way into a conversation. `push_channels` are those whose messages wait in the outbox."""

    store: Store
    flow: Flow
    links: Links
    clock: Clock
    push_channels: frozenset[str]
    speech: Speech = wording

    async def handle(
        self, contact: Contact, arrival: str, event: Event, *, language: str | None = None
    ) -> Handled:
        """Apply what a merchant sent; a new contact begins a conversation."""
        contact, arrival = clean(contact), clean(arrival)

        def opening(connection: Connection, now: datetime) -> str:
            return sessions.heard_from(connection, contact) or self._begin(connection, contact, language, now)

        return await self._apply((contact.channel, arrival), event, opening)

    async def handle_session(self, session_id: str, channel: str, arrival: str, event: Event) -> Handled:
        """Apply what happened to a conversation elsewhere.

        Raises:
            LookupError: there is no such conversation.
        """
        return await self._apply((channel, clean(arrival)), event, lambda connection, now: session_id)

    async def finish(self, job: Job, event: Event | None) -> bool:
        """Mark the job done and apply its event in the same transaction; False when no event was applied."""

        def body(connection: Connection) -> _Applied | None:
            if not work.finish(connection, job, work.State.DONE) or event is None:
                return None
            if job.kind == "assess" and work.queued(connection, job.session_id, "assess", after=job.id):
                return None  # the answers have changed since; the next assessment speaks
            return self._turn(connection, ("job", str(job.id)), clean(event), lambda c, now: job.session_id)

        applied = await self.store.write(body)
        self.store.bell.ring(job.session_id, *(applied.bells if applied else ()))
        return applied is not None

    async def session_of(self, contact: Contact) -> Session | None:
        def body(connection: Connection) -> Session | None:
            session_id = sessions.find(connection, clean(contact))
            return None if session_id is None else sessions.read(connection, session_id)

        return await self.store.read(body)

    async def session(self, session_id: str) -> Session | None:
        return await self.store.read(lambda connection: sessions.read(connection, session_id))

    async def messages(self, session_id: str, after: int = 0) -> list[Message]:
        return await self.store.read(lambda connection: journal.since(connection, session_id, after))

    async def news(self, session_id: str, after: int, timeout: float) -> list[Message]:  # noqa: ASYNC109  # a long poll ends with an empty answer, not an error
        """The messages after `after`, waiting for the first of them at most `timeout` seconds."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        with self.store.bell.listen(session_id) as bell:
            while True:
                bell.clear()
                found = await self.messages(session_id, after)
                left = deadline - loop.time()
                if found or left <= 0:
                    return found
                await rung(bell, min(left, LOOK_AGAIN) if self.store.shared else left)

    async def idle(self, session_id: str) -> bool:
        """Whether no work for this conversation is waiting or running."""
        return not await self.store.read(lambda connection: work.pending(connection, session_id))

    async def reachable(self, contact: Contact, alive: bool) -> None:
        """Note that a contact has blocked us, or is back."""
        await self.store.write(lambda connection: sessions.reach(connection, contact, alive=alive))

    async def _apply(self, arrival: tuple[str, str], event: Event, opening: Opening) -> Handled:
        event = clean(event)
        applied = await self.store.write(lambda connection: self._turn(connection, arrival, event, opening))
        self.store.bell.ring(*applied.bells)
        return applied.handled

    def _begin(self, connection: Connection, contact: Contact, language: str | None, now: datetime) -> str:
        fresh = Session(id=uuid.uuid4().hex, language=self.speech.closest(clean(language)))
        sessions.create(connection, fresh, contact, now)
        return fresh.id

    def _turn(
        self, connection: Connection, arrival: tuple[str, str], event: Event, opening: Opening
    ) -> _Applied:
        now = self.clock()
        session_id = opening(connection, now)
        fresh = sessions.arrive(connection, *arrival, now)
        before = sessions.lock(connection, session_id)
        if not fresh:
            return _Applied(_handled(before.session, fresh=False))
        turn = self.flow.advance(before.session, event)
        after = replace(turn.session, version=before.session.version + 1)
        bells = self._keep(connection, before, replace(turn, session=after), event, now)
        return _Applied(_handled(after, fresh=True), (session_id, *bells))

    def _keep(
        self, connection: Connection, before: Stored, turn: Turn, event: Event, now: datetime
    ) -> tuple[str, ...]:
        """Write everything the turn changed; which bells are to be rung for it after the commit."""
        after, earlier = turn.session, before.session
        agreed = "consent" in after.answers
        words = self._words(connection, after.id, event) if agreed else None
        if any(isinstance(request, requests.Erase) for request in turn.requests):
            records.erase(connection, after.id)
            earlier = replace(earlier, answers={})
        if agreed:
            journal.answer(connection, earlier, after)
        work_waits = self._requested(connection, turn, now)
        messages = self._messages(before.counter, words, turn, now)
        sessions.save(connection, before, after, before.counter + len(messages), now)
        journal.add(connection, after.id, after.language, messages)
        queued = outbox.add(connection, after, messages, self.push_channels, now)
        return (JOBS,) * work_waits + (OUTBOX,) * queued

    def _requested(self, connection: Connection, turn: Turn, now: datetime) -> bool:
        language = turn.session.language
        context = records.Context(
            turn.session.id, language, now, lambda key: self.speech.phrase(key, language)
        )
        return any([records.keep(request, connection, context) for request in turn.requests])

    def _words(self, connection: Connection, session_id: str, event: Event) -> str | None:
        """What the merchant's line in the journal says; None for what no merchant wrote."""
        if isinstance(event, events.Said | events.Edited):
            return event.text
        if isinstance(event, events.Chose):
            return journal.label(connection, session_id, event.choice)
        if isinstance(event, events.Shared):
            return f"[{event.what}]"
        return None

    def _messages(self, counter: int, words: str | None, turn: Turn, now: datetime) -> list[Message]:
        """The turn's lines in order: what the merchant wrote, then every reply in the session's language."""
        number = itertools.count(counter + 1)
        messages = [] if words is None else [_said(next(number), words, now)]
        return messages + [self._message(next(number), reply, turn.session, now) for reply in turn.replies]

    def _message(self, n: int, reply: Reply, session: Session, now: datetime) -> Message:
        worded = self.speech.word(reply, session.language)
        choices = tuple(self._choice(button, session.id, now) for button in worded.buttons)
        sender = "staff" if reply.kind is Kind.STAFF else "bot"
        return Message(
            n, sender, reply.kind.value, reply.step, reply.key, worded.text, choices, worded.data, now
        )

    def _choice(self, button: Button, session_id: str, now: datetime) -> dict[str, str]:
        shown = {"id": button.id, "label": button.label}
        return shown if button.link is None else shown | {"url": self.links(session_id, button.link, now)}


def _said(n: int, words: str, now: datetime) -> Message:
    return Message(n, "merchant", Kind.SAY.value, None, None, words, (), {}, now)


def _handled(session: Session, *, fresh: bool) -> Handled:
    return Handled(session.id, fresh, session.language, session.waiting)
