"""`python -m tests.benchmarks`: pick benchmarks, run them, print a table and write the figures as JSON."""

import asyncio
import os
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from tests.benchmarks import (
    chats,
    decision,
    desk,
    growth,
    load,
    machine,
    on_postgres,
    reading,
    report,
    rounds,
    scorecards,
    slow_disk,
    starting,
    startup,
    turns,
)
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Plan
from tests.benchmarks.starting import Program

ALL: Mapping[str, Callable[[Plan], Awaitable[list[Row]]]] = {
    "turns": turns.closed,
    "alone": turns.alone,
    "open": turns.opened,
    "slow-disk": slow_disk.run,
    "growth": growth.run,
    "postgres": on_postgres.run,
    "decision": decision.run,
    "desk": desk.run,
    "reading": reading.run,
    "scorecards": scorecards.run,
    "start": startup.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Always 0 once it has run: a slow machine is no failure."""
    given = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        rounds_, seconds = (1, 1.0) if given.quick else (given.rounds, given.seconds)
        plan = Plan(rounds_, seconds, given.chats, Path(folder))
        if given.profile:
            asyncio.run(_profile(given.profile.resolve(), plan))
            return 0
        rows = asyncio.run(_run(given.only or list(ALL), plan))
    sys.stdout.write(report.table(rows) + "\n")
    if given.out:
        report.write(given.out, rows)
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=ALL, metavar="NAME", help=f"of {', '.join(ALL)}")
    parser.add_argument("--rounds", type=int, default=5, help="in which every program is measured once")
    parser.add_argument("--seconds", type=float, default=4.0, help="of load in one measurement")
    parser.add_argument("--chats", type=int, default=64, help="that talk at the same time")
    parser.add_argument("--quick", action="store_true", help="one round of one second: does it work at all?")
    parser.add_argument("--folder", type=Path, help="where databases are made; its disk is the one measured")
    parser.add_argument("--out", type=Path, help="write the figures as JSON")
    parser.add_argument("--profile", type=Path, help="only profile the product, and write the tables here")
    return parser


async def _run(names: Sequence[str], plan: Plan) -> list[Row]:
    """The rows of every benchmark; one that cannot run leaves a row that says why."""
    additions = machine.additions_milliseconds()
    rows = [Row("machine", "a million additions in Python", additions, "ms", note="what times depend on")]
    cores = os.sched_getaffinity(0)
    for name in names:
        rounds.say(name)
        try:
            rows += await ALL[name](plan)
        except (starting.DidNotStart, rounds.Wrong, slow_disk.NoCompiler) as why:
            rows.append(Row(name, "did not run", float("nan"), "", note=str(why).strip().splitlines()[-1]))
        finally:
            os.sched_setaffinity(0, cores)
    return rows


async def _profile(file: Path, plan: Plan) -> None:
    core, own = machine.cores()
    os.sched_setaffinity(0, {own})
    program = Program("product", profile=file)
    async with (
        load.opened(chats.APPLICATION) as talk,
        starting.running(program, talk.api, plan.folder, core) as bot,
    ):
        await talk.warm([bot.port], plan.chats)
        measured = await talk.closed(plan.seconds)
    rounds.say(f"{measured.rate:.0f} turns/s under the profiler, tables in {file}")


if __name__ == "__main__":
    sys.exit(main())
