"""A disk that takes two milliseconds longer for every sync, by a library loaded before the C library."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import rounds
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.rounds import Plan
from tests.benchmarks.starting import Program
from tests.benchmarks.turns import PRODUCT, rate

DELAY = 2_000  #: microseconds

_SOURCE = f"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
#define SLOW(name) int name(int file) {{ \\
    int (*real)(int) = (int (*)(int)) dlsym(RTLD_NEXT, #name); \\
    usleep({DELAY}); \\
    return real(file); }}
SLOW(fsync)
SLOW(fdatasync)
"""


class NoCompiler(Exception):
    """The delay cannot be built here."""


def library(folder: Path) -> Path:
    """The delay, compiled.

    Raises:
        NoCompiler: there is no `cc`.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        raise NoCompiler("skipped: needs a C compiler named cc")
    made = folder / "slow.so"
    command = [compiler, "-shared", "-fPIC", "-x", "c", "-", "-o", str(made), "-ldl"]
    subprocess.run(command, input=_SOURCE, text=True, check=True)
    return made


async def run(plan: Plan) -> list[Row]:
    """The product with and without the delay, and with it and groups of one: a commit a turn."""
    slowed = {"LD_PRELOAD": str(library(plan.folder))}
    slow = replace(PRODUCT, name="product, slow", program=Program("product", environment=slowed))
    single = replace(
        PRODUCT,
        name="product, a commit a turn, slow",
        program=Program("product_one_by_one", environment=slowed),
    )
    entrants = (PRODUCT, slow, single)
    results = await rounds.run(entrants, plan, rounds.closed(plan))
    disk = f"fdatasync {results.sync:.2f} ms, delayed by {DELAY / 1000:.0f} ms"
    rows = [
        Row("slow disk", each.name, results.median(each.name, rate), "/s", note=disk if each is slow else "")
        for each in entrants
    ]
    other = results.ratio(slow.name, single.name, rate)
    itself = results.ratio(slow.name, PRODUCT.name, rate)
    same = "the same product, taking groups of one"
    return [
        *rows,
        Row("slow disk", "product / one commit a turn", other, "×", Goal("≥ 10 ×", least=10), note=same),
        Row("slow disk", "with / without delay", itself, "×", Goal("≥ 0.8 ×", least=0.8), note=results.note),
    ]
