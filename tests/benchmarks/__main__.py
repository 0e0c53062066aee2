"""`python -m tests.benchmarks`: pick benchmarks, run them, print a table and write the figures as JSON."""

import asyncio
import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from tests.benchmarks import chats, load, machine
from tests.benchmarks.starting import Program, running


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0, help="of load in one measurement")
    parser.add_argument("--chats", type=int, default=64, help="that talk at the same time")
    parser.add_argument("--profile", type=Path, help="only profile the product, and write the tables here")
    given = parser.parse_args()
    if given.profile:
        asyncio.run(_profile(given.profile.resolve(), given.seconds, given.chats))
    return 0


async def _profile(file: Path, seconds: float, number: int) -> None:
    core, own = machine.cores()
    os.sched_setaffinity(0, {own})
    program = Program("product", profile=file)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            load.opened(chats.APPLICATION) as talk,
            running(program, talk.api, Path(folder), core) as bot,
        ):
            await talk.warm([bot.port], number)
            measured = await talk.closed(seconds)
    sys.stderr.write(f"{measured.rate:.0f} turns/s under the profiler, tables in {file}\n")


if __name__ == "__main__":
    sys.exit(main())
