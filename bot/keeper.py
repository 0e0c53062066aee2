"""A keeper has loaded everything, holds the door, and begins the next process when the one that serves dies.

Loading is nearly all of a start. A process forked from one that has loaded serves after a tenth of a second,
and who came in between has waited at the open door instead of being turned away. A connection joins the two:
it ends with either of them, so each learns at once that the other has died, whatever it died of.

The keeper is for the rare death. What cannot even begin is left to whoever started the service, for the door
must not stay open with nobody behind it.
"""

import gc
import logging
import os
import select
import signal
import socket
import threading
import time
from dataclasses import dataclass

#: what tells a process to stop, and how the one that serves takes it until it has begun: a terminal sends its
#: Ctrl-C to both, and the keeper hands on every stop as SIGTERM
STOPS = {signal.SIGTERM: signal.SIG_DFL, signal.SIGINT: signal.SIG_IGN}
REFUSED = 2  #: the exit code of a process that says why it does not start
ORPHANED = 70  #: the exit code of a process whose keeper has died
TRIES = 6  #: processes in a row that may die before they serve
SHORTEST_PAUSE = 0.1  #: seconds before the next try, doubled each time

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """What a process that is kept knows of its keeper."""

    first: bool  #: nobody has served before it
    life: socket.socket  #: what joins it to its keeper

    def serves(self) -> None:
        """Tell the keeper that this process has come so far."""
        self.life.send(b"1")


@dataclass(frozen=True)
class _Death:
    code: int  #: the exit code, or minus the signal
    served: bool  #: it had come so far
    told: bool  #: somebody wanted it


class _Over(Exception):
    """Nothing is to be kept any more; the exit code of it all."""

    def __init__(self, code: int) -> None:
        self.code = code


def keep(door: socket.socket) -> Kept:
    """Return in a forked process, and in the next whenever one dies.

    Raises:
        SystemExit: in the keeper, when the process that served was told to end, ended well, was refused its
            first start, or died too often before it served.
    """
    gc.freeze()  # a page that nobody writes to is one that all processes share
    stops, sent = socket.socketpair()
    _make_bytes_of_stops(sent)
    with sent:  # in the process that serves it ends here too
        try:
            return _generations(door, stops)
        except _Over as over:
            raise SystemExit(over.code) from None


def pause(tries: int) -> float:
    """Seconds to wait after so many processes in a row that never served: none at first, then ever more."""
    return SHORTEST_PAUSE * 2.0 ** (tries - 2) if tries > 1 else 0.0


def _generations(door: socket.socket, stops: socket.socket) -> Kept:
    first, tries = True, 0
    while True:
        begun = time.monotonic()
        pid, life = _born()
        if pid == 0:
            stops.close()
            threading.Thread(target=_end_with, args=(life,), daemon=True).start()
            return Kept(first, life)
        death = _watched(pid, life, stops, door)
        tries = 0 if death.served else tries + 1
        _go_on(death, first=first, tries=tries)
        logger.error("what served ended with %d after %.1f s", death.code, time.monotonic() - begun)
        if select.select([stops], [], [], pause(tries))[0]:
            raise _Over(0)
        first = False


def _go_on(death: _Death, *, first: bool, tries: int) -> None:
    """Leave it at this death, or not."""
    if death.told:
        raise _Over(max(death.code, 0))
    if death.code == 0 or (first and death.code == REFUSED):
        raise _Over(death.code)
    if tries >= TRIES:
        logger.error(
            "%d processes in a row have ended before they served, the last with %d", tries, death.code
        )
        raise _Over(max(death.code, 1))


def _born() -> tuple[int, socket.socket]:
    """The new process's number with our end of its life; 0 in that process, with the other end."""
    ours, theirs = socket.socketpair()
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # or the child could take a signal for the keeper
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        for stop, until_it_serves in STOPS.items():
            signal.signal(stop, until_it_serves)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    kept, other = (theirs, ours) if pid == 0 else (ours, theirs)
    other.close()
    return pid, kept


def _watched(pid: int, life: socket.socket, stops: socket.socket, door: socket.socket) -> _Death:
    """Hand on what tells us to stop until the process has ended."""
    told = served = False
    alive = True
    while alive:
        heard = select.select([life, stops], [], [])[0]
        if stops in heard:
            stops.recv(1)
            door.close()  # who comes now is to be turned away at once, not to wait for nobody
            os.kill(pid, signal.SIGTERM)
            told = True
        if life in heard:
            alive = bool(life.recv(1))
            served = served or alive
    life.close()
    return _Death(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), served, told)


def _end_with(life: socket.socket) -> None:
    """End this process without a word when its keeper has died: the next keeper finds the door free."""
    life.recv(1)  # nothing is ever sent
    os._exit(ORPHANED)


def _make_bytes_of_stops(sent: socket.socket) -> None:
    """So that a signal can be waited for together with the death of a process."""
    sent.setblocking(False)
    signal.set_wakeup_fd(sent.fileno())
    for stop in STOPS:
        signal.signal(stop, lambda *_: None)
