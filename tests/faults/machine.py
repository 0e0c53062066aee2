"""What a figure depends on: the machine it was measured on."""

import os
import platform
import statistics
import tempfile
import time
from functools import cache

WRITES = 50


@cache
def machine() -> dict[str, str | float]:
    """Cores of this process, and how long its disk takes to keep a page."""
    cores = len(os.sched_getaffinity(0))
    return {
        "cores": cores,
        "fdatasync ms": round(_fdatasync() * 1000, 2),
        "python": platform.python_version(),
    }


def _fdatasync() -> float:
    """The median of a few, in seconds."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(WRITES):
            file.write(b"x" * 4096)
            file.flush()
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)
