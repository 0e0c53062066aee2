"""Starting: how long `--help` takes, how long until the server answers, and what memory it holds."""

import asyncio
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import aiohttp

from tests.benchmarks import load, machine, starting
from tests.benchmarks.chats import APPLICATION
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.rounds import Plan
from tests.benchmarks.starting import Program

COMMAND = Path(sys.executable).with_name("bangbang")


async def run(plan: Plan) -> list[Row]:
    return [*await asyncio.to_thread(_help, plan), *await _serve(plan)]


def _help(plan: Plan) -> list[Row]:
    """In turn with an interpreter that does nothing."""
    pairs = [
        (_seconds(str(COMMAND), "--help"), _seconds(sys.executable, "-c", "")) for _ in range(plan.rounds)
    ]
    ours = statistics.median(one for one, _ in pairs)
    times = statistics.median(one / other for one, other in pairs)
    wish = Goal("≤ 3 × where imports allow", most=3)
    return [
        Row("start", "bangbang --help", ours, "s", Goal("≤ 0.25 s", most=0.25)),
        Row("start", "--help / bare interpreter", times, "×", wish),
    ]


def _seconds(*command: str) -> float:
    begun = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - begun


async def _serve(plan: Plan) -> list[Row]:
    core, _ = machine.cores()
    begun = perf_counter()
    with tempfile.TemporaryDirectory(dir=plan.folder) as folder:
        async with (
            load.opened(APPLICATION) as talk,
            starting.running(Program("product"), talk.api, Path(folder), core) as bot,
            aiohttp.ClientSession() as http,
        ):
            async with http.get(f"http://127.0.0.1:{bot.port}/healthz") as answer:
                answer.raise_for_status()
            ready = perf_counter() - begun
            fresh = bot.memory
            await talk.warm([bot.port], plan.chats)
            await talk.closed(plan.seconds)
            return [
                Row("start", "serve answers /healthz", ready, "s", note="with a new database's migrations"),
                Row("start", "memory after the start", fresh, "MB"),
                Row("start", "memory after the load", bot.memory, "MB"),
            ]
