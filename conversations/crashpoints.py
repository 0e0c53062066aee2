"""Named places where a test may kill the process as `kill -9` would; elsewhere they cost one comparison.

`BANGBANG_CRASH_AT="turn committed:3"` kills the process the third time it passes the place of that name.
"""

import os
import signal

_PLACE, _, _HIT = os.environ.get("BANGBANG_CRASH_AT", "").rpartition(":")
_left = int(_HIT) if _PLACE else 0


def crashpoint(place: str) -> None:
    """Die here if this is the place and the time."""
    if place == _PLACE:
        _pass()


def _pass() -> None:
    global _left  # counts passes through one place of one process
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
