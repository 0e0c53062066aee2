"""A group of arrivals applied in one transaction: every statement serves all of them.

For each arrival the session is read, the pure core says what the event does, and the session, the answers,
the journal, the outbox and what was requested are written. An arrival applied before changes nothing; one
that the core cannot apply changes nothing either, and fails alone.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from conversations import attendance, duty, events, recorded, requests
from conversations.crashpoints import crashpoint
from conversations.events import Event
from conversations.lines import Lines
from conversations.recorded import Done
from conversations.replies import Reply
from conversations.session import BOT, Session, Turn
from conversations.store import (
    Contact,
    Store,
    attendances,
    journal,
    outbox,
    records,
    sessions,
    staff_sessions,
    telegram_accounts,
)
from conversations.store.audit import Audit
from conversations.store.bell import CHATS, DESK, JOBS, OUTBOX
from conversations.store.handover import Queued
from conversations.store.ledger import Ledger
from conversations.store.outbox import Reachable
from conversations.store.sessions import Stored
from conversations.watch import conversation

Clock = Callable[[], datetime]


class Flow(Protocol):
    def advance(self, session: Session, event: Event) -> Turn: ...


@dataclass(frozen=True)
class Arrival:
    """One thing that happened: to the conversation of a contact, or to the one of this id."""

    channel: str
    id: str
    event: Event
    whose: Contact | str
    language: str | None = None  #: of a contact that begins a conversation
    moving: "Moving | None" = None  #: who goes on with the conversation from now on

    @property
    def key(self) -> tuple[str, str]:
        return self.channel, self.id

    @property
    def names(self) -> set[object]:
        """What no two arrivals that are applied side by side may have in common."""
        return {self.whose, self.key} | ({self.moving.contact} if self.moving else set())


@dataclass(frozen=True)
class Moving:
    """A contact that is brought into a conversation, and the one it leaves where that can be gone back to."""

    contact: Contact
    left: str | None


@dataclass(frozen=True)
class Handled:
    """What became of an arrival; `fresh` is False when it was seen before and nothing changed."""

    session_id: str
    fresh: bool
    language: str
    waiting: str | None
    holder: str = BOT  #: who has the word now
    epoch: int = 0
    refused: Reply | None = None  #: why what a colleague did changed nothing


@dataclass(frozen=True)
class Applied:
    """An arrival's outcome; bells to ring after the commit, and messages for this process's own sender."""

    handled: Handled
    bells: tuple[str, ...] = ()
    word_taken: bool = False
    queued: tuple[Queued, ...] = ()
    done: tuple[Done, ...] = ()  #: what colleagues did, for the record


@dataclass(frozen=True)
class _Step:
    """One arrival with the session it found and what the core made of it."""

    arrival: Arrival
    before: Stored
    turn: Turn

    @property
    def after(self) -> Session:
        return self.turn.session

    @property
    def word_taken(self) -> bool:
        """Whether what the bot said before must not be sent any more."""
        return self.after.epoch > self.before.session.epoch


@dataclass(frozen=True)
class Taking:
    """How arrivals are applied; messages of `push_channels` wait in the outbox."""

    store: Store
    flow: Flow
    lines: Lines
    clock: Clock
    push_channels: frozenset[str]
    audit: Audit | None = None  #: what colleagues do goes on record where there is one

    def take(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[Applied | Exception]:
        """Each arrival's outcome, in order."""
        outcomes: dict[int, Applied | Exception] = {}
        rest = list(enumerate(arrivals))
        while rest:
            rest = self._wave(connection, rest, outcomes)
        self._on_record(connection, [one for one in outcomes.values() if isinstance(one, Applied)])
        crashpoint("turns written")
        return [outcomes[n] for n in range(len(arrivals))]

    def _wave(
        self,
        connection: Connection,
        arrivals: Sequence[tuple[int, Arrival]],
        outcomes: dict[int, Applied | Exception],
    ) -> list[tuple[int, Arrival]]:
        """Apply the first arrival of each conversation; those that must wait for it are returned."""
        now = self.clock()
        found = self._found(connection, [arrival for _, arrival in arrivals])
        seen = sessions.seen(connection, (arrival.key for _, arrival in arrivals))
        # A conversation that another process began between the two reads is seen, but not found yet.
        late = [each for _, each in arrivals if each.key in seen and each.whose not in found]
        found.update(self._found(connection, late))
        steps: dict[int, _Step] = {}
        rest: list[tuple[int, Arrival]] = []
        begun: set[object] = set()  # conversations, whose they are, and arrivals that this wave applies
        for n, arrival in arrivals:
            before = found.get(arrival.whose) or self._new(arrival)
            if before is None:
                outcomes[n] = LookupError("no such conversation")
            elif begun & (names := {before.session.id, *arrival.names}):
                rest.append((n, arrival))
            elif arrival.key in seen:
                outcomes[n] = Applied(_handled(before.session, fresh=False))
            else:
                begun |= names
                made = self._advanced(connection, arrival, before)
                if isinstance(made, _Step):
                    steps[n] = made
                else:
                    outcomes[n] = made
        outcomes.update(zip(steps, self._keep(connection, list(steps.values()), now), strict=True))
        return rest

    def _found(self, connection: Connection, arrivals: Sequence[Arrival]) -> dict[Contact | str, Stored]:
        whose = {arrival.whose for arrival in arrivals}
        found: dict[Contact | str, Stored] = {}
        met = sessions.meet(connection, [each for each in whose if isinstance(each, Contact)])
        found.update(met.items())
        found.update(sessions.lock(connection, [each for each in whose if isinstance(each, str)]).items())
        return found

    def _new(self, arrival: Arrival) -> Stored | None:
        if isinstance(arrival.whose, str):
            return None
        fresh = Session(id=uuid.uuid4().hex, language=self.lines.speech.closest(arrival.language))
        return Stored(fresh, 0, fresh=True)

    def _advanced(self, connection: Connection, arrival: Arrival, before: Stored) -> _Step | Exception:
        named = conversation.set(before.session.id)  # what is logged meanwhile is about it
        try:
            turn = self.flow.advance(before.session, arrival.event)
        except Exception as error:
            return error
        finally:
            conversation.reset(named)
        if duty.promised(turn) and not self._attended(connection):
            turn = duty.unattended(turn)
        after = replace(turn.session, version=before.session.version + 1)
        return _Step(arrival, before, replace(turn, session=after))

    def _attended(self, connection: Connection) -> bool:
        """Whether a colleague sees at once that somebody asks for a person."""
        return staff_sessions.anybody(connection, self.clock()) or telegram_accounts.anybody(connection)

    def _keep(self, connection: Connection, steps: Sequence[_Step], now: datetime) -> list[Applied]:
        """Write everything the turns changed."""
        ledger = Ledger(connection)
        for step in steps:
            if moving := step.arrival.moving:
                sessions.move(connection, moving.contact, step.after.id, moving.left)
        words = _words(connection, steps)
        outbox.silence(connection, {s.after.id: s.after.epoch for s in steps if s.word_taken})
        to = outbox.reachable(connection, [step.after.id for step in steps], self.push_channels)
        answers = {}
        applied = []
        for step in steps:
            erased = self._requested(ledger, step, now)
            if "consent" in step.after.answers:
                earlier = replace(step.before.session, answers={}) if erased else step.before.session
                answers[step.after.id] = journal.changed(earlier, step.after)
            applied.append(self._said(ledger, step, words.get(step.after.id), to.get(step.after.id), now))
        journal.answer(ledger, {session_id: given for session_id, given in answers.items() if given})
        ledger.flush()
        for step in steps:
            changes = attendance.changes(step.before.session, step.turn, step.arrival.event)
            attendances.keep(connection, step.after.id, changes, step.arrival.event.at)
        return applied

    def _said(
        self, ledger: Ledger, step: _Step, words: str | None, to: Sequence[Reachable] | None, now: datetime
    ) -> Applied:
        """Write the turn's lines and the session; queue what the merchant has to be sent."""
        after, counter = step.after, step.before.counter
        messages = self.lines.of(step.turn, counter, words, now)
        channel, arrival = step.arrival.key
        if step.before.fresh and isinstance(step.arrival.whose, Contact):
            sessions.begin(ledger, step.arrival.whose, after, counter + len(messages), now)
            to = [Reachable(step.arrival.whose, free=True)] if channel in self.push_channels else None
        else:
            sessions.save(ledger, step.before, after, counter + len(messages), now)
        ledger.time(after.id, step.turn.timers)
        # Only now, with the contact ours: a copy taken elsewhere meanwhile waits for it, and then sees this.
        sessions.arrived(ledger, channel, arrival, now)
        journal.add(ledger, after.id, after.language, messages)
        said = [message for message in messages if message.sender != "merchant"]
        handover = self.store.handover
        mine = outbox.add(
            ledger, after, said, to or (), now, at_once=handover.channels, worker=self.store.presence.worker
        )
        waits = len(mine) < len(said) * len(to or ())
        bells = (*_at_the_desk(step), *(JOBS,) * bool(step.turn.requests), *(OUTBOX,) * waits)
        handled = _handled(after, fresh=True, refused=step.turn.refused)
        done = recorded.deeds(step.before.session, step.arrival.event, step.turn)
        return Applied(handled, (after.id, CHATS, *bells), step.word_taken, tuple(mine), done)

    def _on_record(self, connection: Connection, applied: Sequence[Applied]) -> None:
        """Last: from here to the commit nobody else can add to the record."""
        if self.audit is not None:
            for one in applied:
                for done in one.done:
                    self.audit.add(connection, done.who, done.what, one.handled.session_id, done.facts)

    def _requested(self, ledger: Ledger, step: _Step, now: datetime) -> bool:
        """Do what the turn asked for; whether that erased what was there."""
        asked, after = step.turn.requests, step.after
        if not asked:
            return False
        ledger.flush()
        if erased := any(isinstance(request, requests.Erase) for request in asked):
            records.erase(ledger.connection, after.id)
        context = records.Context(
            after.id, after.language, now, lambda key: self.lines.speech.phrase(key, after.language)
        )
        for request in asked:
            records.keep(request, ledger.connection, context)
        return erased


def _words(connection: Connection, steps: Sequence[_Step]) -> dict[str, str]:
    """What the merchant's line in each journal says. Before the consent only what they write to a person."""
    agreed = [step for step in steps if "consent" in step.after.answers or step.after.holder != BOT]
    taps = {
        step.after.id: (step.before.counter, step.arrival.event.choice)
        for step in agreed
        if isinstance(step.arrival.event, events.Chose)
    }
    words = journal.labels(connection, taps)
    for step in agreed:
        match step.arrival.event:
            case events.Said(text=text) | events.Edited(text=text):
                words[step.after.id] = text
            case events.Shared(what=what):
                words[step.after.id] = f"[{what}]"
    return words


def _at_the_desk(step: _Step) -> tuple[str, ...]:
    """Colleagues are told of the conversations that are, or have just been, of concern to them."""
    return (DESK,) * any(s.person or s.holder != BOT for s in (step.before.session, step.after))


def _handled(session: Session, *, fresh: bool, refused: Reply | None = None) -> Handled:
    waiting, holder, epoch = session.waiting, session.holder, session.epoch
    return Handled(session.id, fresh, session.language, waiting, holder, epoch, refused)
