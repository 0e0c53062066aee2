"""One turn, one road: every event of every channel is applied here, once, durably.

A call returns after the commit; an arrival seen before changes nothing. Arrivals that wait are taken
together, fairly and in bounded number, so that one commit serves them all.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from conversations import commands, wording
from conversations.crashpoints import crashpoint
from conversations.events import Event, MovedHere, words_of
from conversations.gathering import Busy, Gathering
from conversations.lines import Lines, Links, Speech
from conversations.session import BOT, Session
from conversations.steps import answered
from conversations.store import Contact, Message, Store, journal, outbox, sessions, work
from conversations.store.audit import Audit
from conversations.store.bell import OUTBOX, rung
from conversations.store.clean import clean
from conversations.store.database import AWAY
from conversations.store.handover import Settled
from conversations.store.work import Job
from conversations.taking import Applied, Arrival, Clock, Flow, Handled, Moving, Taking
from conversations.watch import UNWATCHED, Turned, Watch

__all__ = ["Busy", "Clock", "Handled", "Links", "Turns"]


class Turns:
    """The only way into a conversation. `push_channels` are those whose messages wait in the outbox."""

    def __init__(  # noqa: PLR0913, PLR0917  # the composition root names each part once
        self,
        store: Store,
        flow: Flow,
        links: Links,
        clock: Clock,
        push_channels: frozenset[str],
        speech: Speech = wording,
        watch: Watch = UNWATCHED,
        audit: Audit | None = None,
    ) -> None:
        self.store, self.clock, self._watch = store, clock, watch
        self._taking = Taking(store, flow, Lines(speech, links), clock, push_channels, audit)
        # One group at a time, on PostgreSQL too: two would share what waits, and pay for statements twice.
        self._waiting: Gathering[Arrival, Applied] = Gathering(self._take_all)

    async def handle(
        self, contact: Contact, arrival: str, event: Event, *, language: str | None = None
    ) -> Handled:
        """Apply what a merchant sent; a new contact begins a conversation.

        Raises:
            Busy: too many arrivals wait already.
        """
        contact = clean(contact)
        if commands.goes_back(words_of(event)) and (other := await self._other(contact)):
            return await self.move(contact, contact.channel, arrival, other, event.at)
        return await self._apply(
            Arrival(contact.channel, clean(arrival), clean(event), contact, clean(language))
        )

    async def move(
        self, contact: Contact, channel: str, arrival: str, session_id: str, at: datetime
    ) -> Handled:
        """The contact goes on with this conversation; one of its own that holds answers can be gone back to.

        Raises:
            Busy: too many arrivals wait already.
            LookupError: there is no such conversation.
        """
        contact = clean(contact)
        own = await self.session_of(contact)
        left = len(answered(own)) if own and own.id != session_id else 0
        moving = Moving(contact, own.id if own and left else None)
        return await self._apply(
            Arrival(channel, clean(arrival), MovedHere(at, left), session_id, moving=moving)
        )

    async def handle_session(self, session_id: str, channel: str, arrival: str, event: Event) -> Handled:
        """Apply what happened to a conversation elsewhere.

        Raises:
            Busy: too many arrivals wait already.
            LookupError: there is no such conversation.
        """
        return await self._apply(Arrival(channel, clean(arrival), clean(event), session_id))

    async def finish(self, job: Job, event: Event | None) -> bool:
        """Mark the job done and apply its event in the same transaction; False when no event was applied."""

        def body(connection: Connection) -> Applied | None:
            if not work.finish(connection, job, work.State.DONE) or event is None:
                return None
            if job.kind == "assess" and work.queued(connection, job.session_id, "assess", after=job.id):
                return None  # the answers have changed since; the next assessment speaks
            [outcome] = self._taking.take(
                connection, [Arrival("job", str(job.id), clean(event), job.session_id)]
            )
            return _unless_failed(outcome)

        applied = await self.store.write(body)
        self.store.announce(job.session_id)
        if applied:
            self._make_known([applied])
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
                await rung(bell, min(left, self.store.look_again))

    async def idle(self, session_id: str) -> bool:
        """Whether no work for this conversation is waiting or running."""
        return not await self.store.read(lambda connection: work.pending(connection, session_id))

    async def quiet(self, session_id: str) -> bool:
        """Whether the bot is about to say nothing: no work is under way, or a person has the word."""

        def body(connection: Connection) -> bool:
            found = sessions.read(connection, session_id)
            return (found is not None and found.holder != BOT) or not work.pending(connection, session_id)

        return await self.store.read(body)

    async def reachable(self, contact: Contact, alive: bool) -> None:
        """Note that a contact has blocked us, or is back."""
        await self.store.write(lambda connection: sessions.reach(connection, contact, alive=alive))

    async def blocked(self, contact: Contact, arrival: str) -> None:
        """Note that a contact has blocked us, once for each arrival."""
        now = self.clock()
        await self.store.write(
            lambda connection: sessions.reach_once(connection, contact, clean(arrival), now, alive=False)
        )

    async def _other(self, contact: Contact) -> str | None:
        """The conversation that the contact held before the one it was brought into."""
        return await self.store.read(lambda connection: sessions.before(connection, contact))

    async def _apply(self, arrival: Arrival) -> Handled:
        outcome: Turned = "failed"
        began = time.perf_counter()
        try:
            applied = await self._waiting.add(arrival.whose, arrival)
            outcome = "fresh" if applied.handled.fresh else "seen"
            return applied.handled
        except Busy:
            outcome = "busy"
            raise
        finally:
            self._watch.turn(arrival.channel, outcome, time.perf_counter() - began)
            self._watch.waiting(len(self._waiting))

    async def _take_all(self, arrivals: Sequence[Arrival]) -> list[Applied | Exception]:
        """One transaction for all; where it fails through one of them, one for each."""
        crashpoint("turns taken")
        try:
            with (
                self.store.floor.undecided(_may_be_silenced(arrivals)),
                self.store.handover.noting() as notes,  # what was sent meanwhile is noted by the same commit
            ):
                outcomes = await self.store.write(lambda c: self._written(c, notes, arrivals))
                self.store.floor.taken(_epochs(outcomes))
        except Exception as error:
            if notes:
                self.store.bell.ring(OUTBOX)  # they are still to be noted
            if len(arrivals) == 1 or isinstance(error, AWAY):
                raise  # what is away fails for each of them
            return await self._one_by_one(arrivals)
        if notes and self.store.shared:
            self.store.bell.ring(OUTBOX)  # a round beside this commit may have found them still on their way
        self._watch.group(len(arrivals))
        self._make_known([outcome for outcome in outcomes if isinstance(outcome, Applied)])
        return outcomes

    def _written(
        self, connection: Connection, notes: Sequence[Settled], arrivals: Sequence[Arrival]
    ) -> list[Applied | Exception]:
        outbox.settle(connection, self.store.presence.worker, notes)
        return self._taking.take(connection, arrivals)

    async def _one_by_one(self, arrivals: Sequence[Arrival]) -> list[Applied | Exception]:
        outcomes: list[Applied | Exception] = []
        for arrival in arrivals:
            try:
                outcomes += await self._take_all([arrival])
            except Exception as error:
                outcomes.append(error)
        return outcomes

    def _make_known(self, applied: Sequence[Applied]) -> None:
        """After the commit: messages to the sender here, bells for everybody else."""
        crashpoint("turns committed")
        self.store.handover.give([queued for each in applied for queued in each.queued])
        self.store.announce(*{bell for each in applied for bell in each.bells})


def _may_be_silenced(arrivals: Sequence[Arrival]) -> list[str]:
    """The conversations in which somebody else than the merchant does something."""
    return [arrival.whose for arrival in arrivals if isinstance(arrival.whose, str)]


def _epochs(outcomes: Sequence[Applied | Exception]) -> dict[str, int]:
    """The newest epoch of each conversation in which the word was taken."""
    taken = [one.handled for one in outcomes if isinstance(one, Applied) and one.word_taken]
    return {handled.session_id: handled.epoch for handled in taken}


def _unless_failed(outcome: Applied | Exception) -> Applied:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
