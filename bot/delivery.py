"""Sends what waits in the outbox: in order for each contact, contacts side by side, through restarts.

A contact that must wait, or cannot be reached, holds up nobody else. A row that was sent but not yet marked
when the process died is sent again: a message may come twice, never not at all.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Protocol, Self

from sqlalchemy import Connection

from conversations.store import Contact, Message, Store, outbox
from conversations.store.bell import OUTBOX, rung
from conversations.store.outbox import Queued, State

IDLE = 60.0  #: seconds between looks at the table when nothing is due; the bell cuts them short
LOOK_AGAIN = 1.0  #: the same when other processes write to the table
SLOTS = 64  #: contacts written to at the same time
PATIENCE = 10.0  #: seconds that a message on its way has to arrive when the process stops
UNEXPECTED = 6  #: tries of a message whose sender fails in a way it does not name
LONGEST_PAUSE = 60.0

log = logging.getLogger(__name__)

Settle = Callable[[Connection], None]


class TryLater(Exception):
    """The channel asks for patience with this contact."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds} s")
        self.seconds = seconds


class Unreachable(Exception):
    """The contact has blocked us or is gone."""


class Refused(Exception):
    """The channel will never take this message."""


class Sender(Protocol):
    async def send(self, contact: Contact, message: Message, language: str) -> None:
        """Deliver one message.

        Raises:
            TryLater, Unreachable, Refused: as they say; anything else counts as a passing failure.
        """


class Delivery:
    """Empties the outbox through one sender a channel. Use it as a context, or await `run`."""

    def __init__(
        self,
        store: Store,
        senders: Mapping[str, Sender],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        slots: int = SLOTS,
    ) -> None:
        self._store, self._senders, self._clock = store, senders, clock
        self._slots = slots
        self._busy: dict[Contact, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def run(self) -> None:
        """Send until `stop`, beginning with what an earlier process left."""
        with self._store.bell.listen(OUTBOX) as bell:
            while not self._stopping.is_set():
                bell.clear()
                await rung(bell, await self._round())
        if self._busy:
            _, late = await asyncio.wait(set(self._busy.values()), timeout=PATIENCE)
            for task in late:
                task.cancel()

    async def stop(self) -> None:
        """Begin nothing new and let what is on its way arrive."""
        self._stopping.set()
        self._store.bell.ring(OUTBOX)
        if self._task is not None:
            await self._task

    async def _round(self) -> float:
        """Start what is due; the seconds until the next look. A database that fails is asked again."""
        try:
            return await self._start_due()
        except Exception as error:
            log.warning("the outbox could not be read: %s", type(error).__name__)
            return LOOK_AGAIN

    async def _start_due(self) -> float:
        """Write to every contact whose time has come; the seconds until the next one's."""
        pause = LOOK_AGAIN if self._store.shared else IDLE
        now = self._clock()
        for contact, due in await self._store.read(outbox.waiting):
            if contact in self._busy or contact.channel not in self._senders:
                continue
            if due > now:
                pause = min(pause, (due - now).total_seconds())
            elif len(self._busy) < self._slots:
                task = asyncio.create_task(self._write_to(contact))
                self._busy[contact] = task
                task.add_done_callback(partial(self._free, contact))
        return pause

    def _free(self, contact: Contact, task: asyncio.Task[None]) -> None:
        del self._busy[contact]
        self._store.bell.ring(OUTBOX)  # a slot is free, and more may have been queued for the contact

    async def _write_to(self, contact: Contact) -> None:
        """Send the contact's rows one after the other until none is due."""
        settle: Settle = _nothing
        while True:
            queued = await self._noted(partial(_next, settle, contact))
            if queued is None or queued.due > self._clock() or self._stopping.is_set():
                return
            settle = await self._send(queued)

    async def _noted(self, body: Callable[[Connection], Queued | None]) -> Queued | None:
        """Write until it is written: what was sent and is not noted would be sent again."""
        while True:
            try:
                return await self._store.write(body)
            except Exception as error:
                log.warning("the outbox could not be written: %s", type(error).__name__)
                await asyncio.sleep(LOOK_AGAIN)

    async def _send(self, queued: Queued) -> Settle:
        """What is to be noted about the row after the attempt."""
        try:
            await self._senders[queued.contact.channel].send(queued.contact, queued.message, queued.language)
        except TryLater as error:
            return self._hold(queued, error.seconds, "asked to wait")
        except Unreachable as error:
            why = str(error)
            return lambda connection: outbox.unreachable(connection, queued.contact, why)
        except Refused as error:
            return _settled(queued, State.PARKED, str(error))
        except Exception as error:
            log.warning("message %d could not be sent: %s", queued.id, type(error).__name__, exc_info=True)
            return self._unexpected(queued, type(error).__name__)
        return _settled(queued, State.SENT, None)

    def _unexpected(self, queued: Queued, why: str) -> Settle:
        if queued.attempts + 1 >= UNEXPECTED:
            return _settled(queued, State.PARKED, why)
        return self._hold(queued, min(2.0**queued.attempts, LONGEST_PAUSE), why)

    def _hold(self, queued: Queued, seconds: float, why: str) -> Settle:
        until = self._clock() + timedelta(seconds=seconds)
        return lambda connection: outbox.hold(connection, queued.id, until, why)


def _settled(queued: Queued, state: State, why: str | None) -> Settle:
    return lambda connection: outbox.settle(connection, queued.id, state, why)


def _next(settle: Settle, contact: Contact, connection: Connection) -> Queued | None:
    settle(connection)
    return outbox.head(connection, contact)


def _nothing(connection: Connection) -> None:
    """Nothing was sent yet."""
