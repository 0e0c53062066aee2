"""What the machine does beside us: its cores, what other processes take of them, and how fast its disk is."""

import os
import statistics
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

_TICK = os.sysconf("SC_CLK_TCK")
SYNCS = 40  #: syncs of the disk in one measurement


def cores() -> tuple[int, int]:
    """The program's core and the load's; the same one twice where there is only one."""
    mine = sorted(os.sched_getaffinity(0))
    return mine[0], mine[-1]


@dataclass(frozen=True)
class Busy:
    """Seconds of processor time, since the machine started: of everybody, and of the processes named."""

    at: float
    everybody: float
    ours: float

    @classmethod
    def now(cls, ours: Collection[int]) -> "Busy":
        first, *_ = Path("/proc/stat").read_text("ascii").splitlines()
        user, nice, system, _idle, _wait, irq, soft, *_ = (int(n) for n in first.split()[1:])
        total = (user + nice + system + irq + soft) / _TICK
        return cls(perf_counter(), total, sum(_seconds(pid) for pid in ours))

    def others_since(self, before: "Busy") -> float:
        """Cores that other processes took on average; the kernel's own work for us counts as theirs."""
        taken = (self.everybody - before.everybody) - (self.ours - before.ours)
        return max(0.0, taken / (self.at - before.at))


def _seconds(pid: int) -> float:
    """Processor seconds of one process; 0 when it has gone."""
    with suppress(OSError):
        after_name = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / _TICK
    return 0.0


def named(name: str) -> list[int]:
    """The processes that bear this name."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            if (entry / "comm").read_text("utf-8", "replace").strip() == name:
                found.append(int(entry.name))
    return found


def sync_milliseconds(folder: Path) -> float:
    """The median `fdatasync` after four kilobytes on the disk that holds this folder."""
    file = folder / "synced"
    times = []
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for _ in range(SYNCS):
            os.write(handle, b"x" * 4096)
            begun = perf_counter()
            os.fdatasync(handle)
            times.append(perf_counter() - begun)
    finally:
        os.close(handle)
        file.unlink()
    return statistics.median(times) * 1000


def additions_milliseconds() -> float:
    """A million additions in plain Python: how fast the machine is today, for times to be compared by."""
    return statistics.median(_additions() for _ in range(5)) * 1e3


def _additions() -> float:
    begun, total = perf_counter(), 0
    for number in range(1_000_000):
        total += number
    return perf_counter() - begun
