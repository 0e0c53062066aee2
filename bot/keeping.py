"""A keeper has loaded everything, holds the door, and begins the next process when the one that serves dies.

Loading is nearly all of a start. A process forked from one that has loaded serves after a tenth of a second,
and who came in between has waited at the open door instead of being turned away. One connection joins the
two: it ends with either of them, so each learns at once that the other has died, whatever it died of.
"""

import asyncio
import gc
import logging
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType

_Handler = Callable[[int, FrameType | None], None] | signal.Handlers

#: what tells a process to stop, and what is done about it where nobody has said otherwise
STOPS: dict[int, _Handler] = {signal.SIGTERM: signal.SIG_DFL, signal.SIGINT: signal.default_int_handler}
REFUSED = 2  #: the exit code of a process that says why it does not start
SETTLED = 1.0  #: seconds after which a process counts as having begun well
#: seconds from the end of a process to the next one when several in a row have hardly lived
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
AN_END = 70  #: the exit code of a process whose keeper has died

logger = logging.getLogger(__name__)


class _Over(Exception):
    """Nothing is to be kept any more; the exit code of it all."""

    def __init__(self, code: int) -> None:
        self.code = code


def keep() -> socket.socket:
    """Return in a forked process, and in the next whenever one dies; what joins it to its keeper.

    Raises:
        SystemExit: in the keeper, when the process that served was told to end, ended well, or was refused
            its first start.
    """
    gc.freeze()  # a page that nobody writes to is one that all processes share
    told, tell = socket.socketpair()
    _make_bytes_of_stops(tell)
    with tell:
        try:
            return _generations(told)
        except _Over as over:
            raise SystemExit(over.code) from None


async def until_alone(keeper: socket.socket) -> None:
    """End this process without a word when its keeper has died: the next keeper finds the door free."""
    keeper.setblocking(False)
    await asyncio.get_running_loop().sock_recv(keeper, 1)
    os._exit(AN_END)


def pause(early: int) -> float:
    """Seconds to wait after so many processes in a row that hardly lived: none at first, then ever more."""
    return min(LONGEST_PAUSE, SHORTEST_PAUSE * 2.0 ** (early - 2)) if early > 1 else 0.0


def _generations(told: socket.socket) -> socket.socket:
    early = generation = 0
    while True:
        begun = time.monotonic()
        pid, joined = _born()
        if pid == 0:
            told.close()
            return joined
        generation += 1
        code = _watched(pid, joined, told)
        if code == 0 or (code == REFUSED and generation == 1):
            raise _Over(code)
        lived = time.monotonic() - begun
        early = early + 1 if lived < SETTLED else 0
        logger.error("what served ended with %d after %.1f s; the next begins", code, lived)
        if select.select([told], [], [], pause(early))[0]:
            raise _Over(0)


def _born() -> tuple[int, socket.socket]:
    """The new process's number with our end of what joins us; 0 in that process, with its end."""
    ours, theirs = socket.socketpair()
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # or the child could take a signal for the keeper
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        for stop, ordinary in STOPS.items():
            signal.signal(stop, ordinary)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    kept, other = (theirs, ours) if pid == 0 else (ours, theirs)
    other.close()
    return pid, kept


def _watched(pid: int, joined: socket.socket, told: socket.socket) -> int:
    """Hand on what tells us to stop until the process has ended; its exit code, or minus the signal.

    Raises:
        _Over: it was told to stop, and has.
    """
    stopping = False
    with joined:
        while joined not in (heard := select.select([joined, told], [], [])[0]):
            if told in heard:
                os.kill(pid, told.recv(1)[0])
                stopping = True
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if stopping:
        raise _Over(max(code, 0))
    return code


def _make_bytes_of_stops(tell: socket.socket) -> None:
    """So that a signal can be waited for together with the death of a process."""
    tell.setblocking(False)
    signal.set_wakeup_fd(tell.fileno())
    for stop in STOPS:
        signal.signal(stop, lambda *_: None)
