"""Where a process spends its processor time: by functions, their own and with all they call."""

import cProfile
import io
import pstats
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TOP = 60  #: functions in each table


@contextmanager
def into(file: Path) -> Iterator[None]:
    """Profile this thread and every thread started within; the tables are written to `file` at the end.

    The clock of each thread is its own processor time, so waiting costs nothing.
    """
    profiles = [cProfile.Profile(time.thread_time)]

    def begun(*_: Any) -> None:
        """The first call in a new thread; from here on the thread's own profile listens instead."""
        profiles.append(cProfile.Profile(time.thread_time))
        profiles[-1].enable()

    threading.setprofile(begun)
    profiles[0].enable()
    try:
        yield
    finally:
        profiles[0].disable()
        threading.setprofile(None)
        file.write_text(_tables(profiles), "utf-8")


def _tables(profiles: list[cProfile.Profile]) -> str:
    text = io.StringIO()
    for order in ("tottime", "cumulative"):
        stats = pstats.Stats(profiles[0], stream=text)
        for other in profiles[1:]:
            other.create_stats()
            if other.stats:  # a thread may have done nothing
                stats.add(other)
        stats.sort_stats(order).print_stats(TOP)
    return text.getvalue()
