"""What a conversation tells whoever watches the process: how much, how long, how it ended; never who or what.

Nothing here measures, counts or logs by itself: the shell hands in a `Watch`, and reads `conversation` when
it writes a line.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol

Turned = Literal["fresh", "seen", "failed", "busy"]
Worked = Literal["done", "dropped", "postponed", "given up"]
Delivered = Literal["sent", "held", "unreachable", "parked", "silenced"]
Rang = Literal["fresh", "seen", "failed"]

#: the session that the running turn, job or delivery belongs to; every line written meanwhile carries it
conversation: ContextVar[str | None] = ContextVar("conversation", default=None)


class Watch(Protocol):
    """Told of each thing once, when it has ended. Calls are cheap, never raise and never wait."""

    def turn(self, channel: str, outcome: Turned, seconds: float) -> None:
        """An arrival was applied (`fresh`), known already (`seen`), refused because too many wait (`busy`),
        or could not be applied (`failed`); `seconds` from the call of `handle` to its end."""

    def waiting(self, turns: int) -> None:
        """So many arrivals wait for a group to take them."""

    def group(self, size: int) -> None:
        """So many turns were written by one transaction."""

    def job(self, kind: str, outcome: Worked, seconds: float) -> None:
        """A job's handler and its end took so long; `dropped` is work that nobody wants any more."""

    def delivery(self, channel: str, outcome: Delivered, seconds: float) -> None:
        """A message was tried; `seconds` since it was queued."""

    def timer(self, name: str, outcome: Rang) -> None:
        """A timer fell due: its conversation took it, had taken it before, or could not take it."""

    def database(self, error: str) -> None:
        """The database failed, with an error of this type."""

    def leading(self, role: str, *, yes: bool) -> None:
        """This process began or ceased to be the one that does this."""


class Unwatched:
    """Nobody watches."""

    def turn(self, channel: str, outcome: Turned, seconds: float) -> None: ...
    def waiting(self, turns: int) -> None: ...
    def group(self, size: int) -> None: ...
    def job(self, kind: str, outcome: Worked, seconds: float) -> None: ...
    def delivery(self, channel: str, outcome: Delivered, seconds: float) -> None: ...
    def timer(self, name: str, outcome: Rang) -> None: ...
    def database(self, error: str) -> None: ...
    def leading(self, role: str, *, yes: bool) -> None: ...


UNWATCHED: Watch = Unwatched()


@contextmanager
def about(session_id: str) -> Iterator[None]:
    """Name the conversation in every line that is written until the context ends."""
    token = conversation.set(session_id)
    try:
        yield
    finally:
        conversation.reset(token)
