"""Sends what waits in the outbox: in order for each contact, contacts side by side, through restarts.

A contact that must wait, or cannot be reached, holds up nobody else. A row that was sent but not yet marked
when the process died is sent again: a message may come twice, never not at all.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from sqlalchemy import Connection

from bot.turnstile import Turnstile
from conversations.crashpoints import crashpoint
from conversations.rounds import Rounds
from conversations.store import Contact, Message, Store, outbox
from conversations.store.bell import OUTBOX
from conversations.store.handover import Queued, Settled, State
from conversations.store.receipts import Row
from conversations.watch import UNWATCHED, Delivered, Watch, conversation

SLOTS = 64  #: contacts written to at the same time
#: messages sent together, and the seconds after which one of them keeps no other back: an answer that waits
#: here behind many sends is one that a process may die without having read
ABREAST, QUICK = 8, 0.025
IN_HAND = 1000  #: contacts written to or waiting here for a slot; the messages of others wait in the table
SOON = 0.02  #: seconds in which what was sent is noted, if no turn does so before
RECOVERY = 5.0  #: seconds between looks for what a dead process was sending
PATIENCE = 10.0  #: seconds that a message on its way has to arrive when the process stops
UNEXPECTED = 6  #: tries of a message whose sender fails in a way it does not name
LONGEST_PAUSE = 60.0  #: seconds

#: where several processes write, a message committed so shortly ago is on its way, and nobody is asked again
JUST_NOW = timedelta(seconds=0.02)

_OVER = (State.SENT, State.PARKED, State.CANCELLED)  # the next message may go, unless the contact is gone

log = logging.getLogger(__name__)


class TryLater(Exception):
    """The channel asks for patience with this contact."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds} s")
        self.seconds = seconds


class Unreachable(Exception):
    """The contact has blocked us or is gone."""


class Refused(Exception):
    """The channel will never take this message."""


class Silenced(Exception):
    """A person has taken the word: what the bot was about to say is not said any more."""

    def __init__(self) -> None:
        super().__init__("a person has the word")


StillDue = Callable[[], Awaitable[None]]  #: raises `Silenced` where a message must not go any more


class Sender(Protocol):
    async def send(
        self, contact: Contact, message: Message, language: str, still_due: StillDue
    ) -> str | None:
        """Deliver one message; the channel's own number of it, where it may be edited later.

        `still_due` is asked last, with nothing awaited between it and the wire.

        Raises:
            TryLater, Unreachable, Refused: as they say; anything else counts as a passing failure.
            Silenced: by `still_due`.
        """


class Delivery(Rounds):
    """Empties the outbox through one sender a channel.

    Messages reach it straight from committed turns, or from the table: what waited, what was held, what
    another process left. A round notes what became of messages and takes what is due, in one transaction.
    """

    def __init__(  # what a test or the composition root may decide
        self,
        store: Store,
        senders: Mapping[str, Sender],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        slots: int = SLOTS,
        watch: Watch = UNWATCHED,
    ) -> None:
        super().__init__(store, OUTBOX)
        self._senders, self._clock, self._watch = senders, clock, watch
        self._slots, self._room = slots, asyncio.Semaphore(slots)
        self._turnstile = Turnstile(ABREAST, QUICK)
        self._worker = store.presence.worker
        self._writing: set[asyncio.Task[None]] = set()
        self._noting: asyncio.TimerHandle | None = None
        self._recovered: float | None = None
        self._strays: set[Row] = set()
        self._behind = False  # messages wait in the table: nobody passes them by
        #: messages wait there, perhaps for one on its way: a round looks when it is sent
        self._kept_back = True

    async def run(self) -> None:
        """Send until `stop`, beginning with what an earlier process left."""
        with self._store.handover.taken(frozenset(self._senders), self._begin):
            await super().run()

    async def round(self) -> float:
        """Note what was sent, and take what may go."""
        await self._recover()
        now, free = self._clock(), 0 if self._stopping.is_set() else self._slots - len(self._writing)
        self._kept_back = False
        with self._store.handover.noting() as notes:
            taken, waits, due = await self._store.write(lambda c: self._settle(c, notes, now, free))
        crashpoint("settled")
        self._behind, self._kept_back = len(taken) >= free, self._kept_back or waits
        for group in taken:
            self._store.handover.hold(group)
            self._start(group)
        return self._pause(due, now)

    async def end(self) -> None:
        """Let what is on its way arrive, note it, and leave the rest to whoever comes next."""
        self._store.handover.close()
        if self._writing:
            _, late = await asyncio.wait(set(self._writing), timeout=PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            await self.round()
            await self._store.write(lambda connection: outbox.release(connection, self._worker))
        except Exception as error:
            log.warning("what was sent could not be noted: %s", type(error).__name__)

    def _settle(
        self, connection: Connection, notes: Sequence[Settled], now: datetime, free: int
    ) -> tuple[list[list[Queued]], bool, datetime | None]:
        outbox.settle(connection, self._worker, notes)
        taken = outbox.take(connection, self._worker, list(self._senders), now, free) if free > 0 else []
        return taken, *outbox.left(connection, now)

    async def _recover(self) -> None:
        """At the start and from time to time: what is marked as being sent, and nobody sends."""
        now = asyncio.get_running_loop().time()
        if self._recovered is not None and now - self._recovered <= RECOVERY:
            return
        if self._recovered is None or self._store.shared:
            left = self._store.handover.left()
            await self._store.write(lambda c: outbox.recover(c, self._store.presence.live(c), left))
        await self._recover_strays()
        self._recovered = now

    async def _recover_strays(self) -> None:
        """Rows of this process that it does not know of: a commit took them, and its answer was lost.

        Only what was already so at the look before: a commit may be on its way to us just now.
        """
        marked = await self._store.read(lambda c: outbox.sending(c, self._worker))
        strays = {row for row in marked if not self._store.handover.holds(row)}
        if again := strays & self._strays:
            await self._store.write(lambda c: outbox.queue_again(c, self._worker, again))
            log.warning(
                "%d messages were marked as being sent and were not; they are queued again", len(again)
            )
        self._strays = strays - again

    def _pause(self, due: datetime | None, now: datetime) -> float:
        later = (due - now).total_seconds() if due and due > now else self._store.look_again
        return min(later, self._store.look_again, RECOVERY if self._strays else later)

    def _begin(self, queued: Sequence[Queued]) -> None:
        """Messages that a turn here has just committed, for contacts that nothing is on its way to."""
        for group in (list(each) for _, each in groupby(queued, attrgetter("contact"))):
            self._store.handover.hold(group)
            if len(self._writing) < (self._slots if self._behind else IN_HAND):
                self._start(group)
            else:
                self._behind = True
                self._store.handover.note(*(Settled(each, State.QUEUED) for each in group))

    def _start(self, group: Sequence[Queued]) -> None:
        task = asyncio.create_task(self._write_to(group))
        self._writing.add(task)
        task.add_done_callback(self._written)

    def _written(self, task: asyncio.Task[None]) -> None:
        """Note it soon: by the next turns' commit, if one comes before a round of its own would."""
        self._writing.discard(task)
        if self._noting is None:
            self._noting = asyncio.get_running_loop().call_later(SOON, self._note)

    def _note(self) -> None:
        self._noting = None
        if self._kept_back or self._behind or self._store.handover.unnoted:
            self.wake()

    async def _write_to(self, group: Sequence[Queued]) -> None:
        """Send one contact's messages in order; after one that did not go, the others wait with it."""
        conversation.set(group[0].session_id)  # for this task: every line it logs names the conversation
        settled, left = None, list(group)
        try:
            async with self._room:
                while left and not self._stopping.is_set() and (settled is None or _is_over(settled)):
                    settled = await self._send(left[0])
                    self._store.handover.note(settled)
                    del left[0]
        finally:
            self._kept_back = self._kept_back or settled is None or settled.state is State.QUEUED
            gone = settled is not None and settled.gone
            state = State.CANCELLED if gone else State.QUEUED
            self._store.handover.note(*(Settled(each, state, gone=gone) for each in left))

    async def _send(self, queued: Queued) -> Settled:
        """What is to be noted about the message after the attempt."""
        crashpoint("before send")
        settled, outcome = await self._tried(queued)
        crashpoint("after send")
        self._watch.delivery(queued.contact.channel, outcome, (self._clock() - queued.since).total_seconds())
        return settled

    async def _tried(self, queued: Queued) -> tuple[Settled, Delivered]:
        try:
            with await self._turnstile.passed():
                remote = await self._senders[queued.contact.channel].send(
                    queued.contact, queued.message, queued.language, partial(self._still_due, queued)
                )
        except (TryLater, Unreachable, Refused, Silenced) as verdict:
            return self._judged(queued, verdict)
        except Exception as error:
            log.warning("a message could not be sent: %s", type(error).__name__, exc_info=True)
            return self._failed(queued, type(error).__name__)
        return Settled(queued, State.SENT, remote=remote), "sent"

    def _judged(
        self, queued: Queued, verdict: TryLater | Unreachable | Refused | Silenced
    ) -> tuple[Settled, Delivered]:
        match verdict:
            case TryLater(seconds=seconds):
                return self._held(queued, seconds, "asked to wait"), "held"
            case Unreachable():
                return Settled(queued, State.CANCELLED, str(verdict), gone=True), "unreachable"
            case Refused():
                return Settled(queued, State.PARKED, str(verdict)), "parked"
            case Silenced():
                return Settled(queued, State.CANCELLED, str(verdict)), "silenced"

    def _failed(self, queued: Queued, why: str) -> tuple[Settled, Delivered]:
        """In a way that the sender does not name: tried again, so many times."""
        if queued.attempts + 1 >= UNEXPECTED:
            return Settled(queued, State.PARKED, why), "parked"
        pause = min(2.0**queued.attempts, LONGEST_PAUSE)
        return replace(self._held(queued, pause, why), failed=True), "held"

    async def _still_due(self, queued: Queued) -> None:
        """Raises where the bot has lost the word since; another process may have taken it from us."""
        epoch = queued.epoch
        if epoch is None:
            return
        late = self._store.shared and self._clock() - queued.since > JUST_NOW
        if late and not await self._store.read(lambda c: outbox.is_epoch(c, queued.session_id, epoch)):
            raise Silenced
        if not await self._store.floor.still_has(queued.session_id, epoch):
            raise Silenced

    def _held(self, queued: Queued, seconds: float, why: str) -> Settled:
        hold = min(timedelta(seconds=seconds), outbox.LONGEST_HOLD)  # the sender knows of longer ones itself
        return Settled(queued, State.QUEUED, why, self._clock() + hold)


def _is_over(settled: Settled) -> bool:
    """Whether the contact's next message may go."""
    return settled.state in _OVER and not settled.gone
