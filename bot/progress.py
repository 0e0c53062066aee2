"""How far long work has come: a bar on a terminal, nothing in a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

WIDTH = 24

Step = Callable[[], None]


@contextmanager
def bar(name: str, steps: int, stream: TextIO | None = None) -> Iterator[Step]:
    """A bar that moves with every call; standard error unless told otherwise."""
    shown = stream or sys.stderr
    if not shown.isatty():
        yield lambda: None
        return
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        shown.write(f"\r{_drawn(name, done, steps)}")
        shown.flush()

    shown.write(_drawn(name, 0, steps))
    shown.flush()
    try:
        yield step
    finally:
        shown.write("\r\x1b[K")
        shown.flush()


def _drawn(name: str, done: int, steps: int) -> str:
    """
    >>> _drawn("merchants", 30, 120)
    'merchants ######.................. 30/120'
    """
    full = WIDTH * min(done, steps) // max(1, steps)
    return f"{name} {'#' * full}{'.' * (WIDTH - full)} {done}/{steps}"
