"""Messages that go from a committed turn straight to the sender in this process, and what became of them.

The rows are there all the same, marked as being sent by this process: if it dies, another takes them up. What
became of a message is written by whichever transaction comes next.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from conversations.store.message import Contact, Message
from conversations.store.receipts import Receipts, Row


@dataclass(frozen=True)
class Queued:
    """A message on its way to a contact; the row of the outbox is named by `session_id`, `n` and contact."""

    session_id: str
    contact: Contact
    message: Message
    language: str
    since: datetime
    attempts: int = 0  #: that failed in a way nobody named
    epoch: int | None = None  #: the bot said it in this one and may not in another; None for everybody else

    @property
    def row(self) -> Row:
        return self.session_id, self.message.n, self.contact


class State(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # by the process that `worker` names
    SENT = "sent"
    PARKED = "parked"  #: refused for good; a person may look
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Settled:
    """What became of a message that was taken; back to `QUEUED` with a time is "not before"."""

    queued: Queued
    state: State
    why: str | None = None
    due: datetime | None = None
    failed: bool = False  #: in a way nobody named; only so many of these are tolerated
    gone: bool = False  #: the contact cannot be reached any more
    remote: str | None = None  #: the channel's own number of what was sent, where it may be edited


Taker = Callable[[Sequence[Queued]], None]


class Handover:
    """Open while a delivery runs here; `channels` are those it serves.

    The receipts are for whoever takes up the rows of this process, if that can be one that sees them.
    """

    def __init__(self, receipts: Receipts | None = None) -> None:
        self.channels: frozenset[str] = frozenset()
        self._receipts = receipts
        self._taker: Taker | None = None
        self._notes: list[Settled] = []
        self._in_hand: Counter[Row] = Counter()  # twice: taken anew before the note of it came back

    def give(self, queued: Sequence[Queued]) -> None:
        """Messages whose rows name this process as their sender; if nobody takes them, the next one will."""
        if queued and self._taker is not None:
            self._taker(queued)

    @contextmanager
    def taken(self, channels: frozenset[str], taker: Taker) -> Iterator[None]:
        self.channels, self._taker = channels, taker
        try:
            yield
        finally:
            self.close()
            if self._receipts:
                self._receipts.close()

    def close(self) -> None:
        """From now on turns leave their messages in the table."""
        self.channels, self._taker = frozenset(), None

    def left(self) -> frozenset[bytes]:
        """Receipts of what was sent by processes that could not note it any more."""
        return self._receipts.left() if self._receipts else frozenset()

    def hold(self, queued: Sequence[Queued]) -> None:
        """These are being sent here, until what became of them is written."""
        self._in_hand.update(each.row for each in queued)

    def holds(self, row: Row) -> bool:
        return self._in_hand[row] > 0

    def note(self, *settled: Settled) -> None:
        """To be written by the next transaction; of what was sent a receipt is kept until then."""
        self._notes += settled
        if self._receipts:
            for each in settled:
                if each.state is State.SENT:
                    self._receipts.keep(each.queued.row)

    @property
    def unnoted(self) -> bool:
        """Whether something is still to be written."""
        return bool(self._notes)

    @contextmanager
    def noting(self) -> Iterator[Sequence[Settled]]:
        """What is to be written now; kept for the next transaction where this one fails."""
        notes, self._notes = self._notes, []
        try:
            yield notes
        except BaseException:
            self._notes = [*notes, *self._notes]
            raise
        self._in_hand -= Counter(note.queued.row for note in notes)
