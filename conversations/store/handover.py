"""Messages that go from a committed turn straight to the sender in this process, without a look at the table.

The rows are there all the same, marked as being sent by this process: if it dies, another takes them up.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from conversations.store.message import Contact, Message


@dataclass(frozen=True)
class Queued:
    """A message on its way to a contact; the row of the outbox is named by `session_id`, `n` and contact."""

    session_id: str
    contact: Contact
    message: Message
    language: str
    since: datetime
    attempts: int = 0


Taker = Callable[[Sequence[Queued]], None]


class Handover:
    """Open while a delivery runs here; `channels` are those it serves."""

    def __init__(self) -> None:
        self.channels: frozenset[str] = frozenset()
        self._taker: Taker | None = None

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
            self.channels, self._taker = frozenset(), None
