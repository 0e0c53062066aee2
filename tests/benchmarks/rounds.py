"""A B A B: several programs under the same load, in turn, round by round, on a quiet machine."""

import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import load, machine, starting
from tests.benchmarks.chats import ECHO, Script
from tests.benchmarks.load import Load, Measured
from tests.benchmarks.machine import Busy
from tests.benchmarks.starting import Program, Running

QUIET = 0.15  #: cores that other processes may take
TRIES = 6  #: of one round, until it is quiet
MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  #: files here are kept in memory


class Wrong(Exception):
    """A program did not answer what it should have; its speed would mean nothing."""


@dataclass(frozen=True)
class Plan:
    """How long and how often; `folder` lies on the disk that is measured."""

    rounds: int
    seconds: float
    chats: int
    folder: Path


@dataclass(frozen=True)
class Entrant:
    """A program and what is said to it; `fill` prepares its folder before it starts."""

    name: str
    program: Program
    script: Script = ECHO
    in_memory: bool = False
    copies: int = 1
    fill: Callable[[Path], None] | None = None


@dataclass(frozen=True)
class Ready:
    """An entrant whose chats are under way."""

    entrant: Entrant
    load: Load
    running: Sequence[Running]


Trial = Callable[[Load], Awaitable[Measured]]


@dataclass
class Results:
    """What each entrant measured, round by round; `noisy` rounds were not quiet at any try."""

    measured: dict[str, list[Measured]] = field(default_factory=dict)
    noisy: int = 0
    sync: float = 0.0  #: milliseconds of one fdatasync on the disk, before the rounds

    def median(self, name: str, figure: Callable[[Measured], float]) -> float:
        return statistics.median(map(figure, self.measured[name]))

    def ratio(self, one: str, other: str, figure: Callable[[Measured], float]) -> float:
        """The median of the rounds' ratios."""
        pairs = zip(self.measured[one], self.measured[other], strict=True)
        return statistics.median(figure(a) / figure(b) if figure(b) else float("nan") for a, b in pairs)

    @property
    def note(self) -> str:
        return f"{self.noisy} rounds were not quiet" if self.noisy else ""


async def run(entrants: Sequence[Entrant], plan: Plan, trial: Trial) -> Results:
    """Start every entrant, bring its chats under way, and measure all of them in each round.

    Raises:
        Wrong: one of them answered too much, too little or with an error.
    """
    results = Results(sync=machine.sync_milliseconds(plan.folder))
    async with AsyncExitStack() as stack:
        ready = []
        for entrant in entrants:
            say(f"starting {entrant.name}")
            ready.append(await stack.enter_async_context(_ready(entrant, plan)))
        for number in range(plan.rounds):
            say(f"round {number + 1} of {plan.rounds}")
            measured, quiet = await _round(ready, trial)
            results.noisy += not quiet
            for one, figure in zip(ready, measured, strict=True):
                results.measured.setdefault(one.entrant.name, []).append(figure)
    return results


async def _round(ready: Sequence[Ready], trial: Trial) -> tuple[list[Measured], bool]:
    """The figures of one round, and whether the machine was quiet meanwhile."""
    for left in reversed(range(TRIES)):
        before = Busy.now(_ours(ready))
        measured = [await _measured(each, trial) for each in ready]
        others = Busy.now(_ours(ready)).others_since(before)
        if others <= QUIET:
            return measured, True
        say(f"others took {others:.2f} cores" + ("; once more" if left else ""))
    return measured, False


async def _measured(ready: Ready, trial: Trial) -> Measured:
    measured = await trial(ready.load)
    if measured.wrong:
        raise Wrong(f"{ready.entrant.name}: {measured.summary}")
    return measured


@asynccontextmanager
async def _ready(entrant: Entrant, plan: Plan) -> AsyncIterator[Ready]:
    """Programs on the first core, the load on the last; a second copy shares the load's."""
    core, own = machine.cores()
    os.sched_setaffinity(0, {own})
    within = (entrant.in_memory and MEMORY) or plan.folder
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=within)))
        if entrant.fill:
            entrant.fill(folder)
        talk = await stack.enter_async_context(load.opened(entrant.script))
        started = [
            await stack.enter_async_context(
                starting.running(entrant.program, talk.api, folder, (core, own)[copy % 2])
            )
            for copy in range(entrant.copies)
        ]
        warmed = await talk.warm([running.port for running in started], plan.chats)
        if warmed.wrong:
            raise Wrong(f"{entrant.name}, warming up: {warmed.summary}")
        yield Ready(entrant, talk, started)


def _ours(ready: Sequence[Ready]) -> list[int]:
    """This process, the programs, and a PostgreSQL that serves them."""
    programs = [running.pid for each in ready for running in each.running]
    return [os.getpid(), *programs, *machine.named("postgres")]


def closed(plan: Plan) -> Trial:
    """All chats, each as fast as it is answered."""
    return lambda talk: talk.closed(plan.seconds)


def alone(plan: Plan) -> Trial:
    """One chat, as fast as it is answered."""
    return lambda talk: talk.closed(plan.seconds, chats=1)


def opened(plan: Plan, rate: float) -> Trial:
    """So many turns a second, come what may."""
    return lambda talk: talk.open(plan.seconds, rate)


def say(line: str) -> None:
    """Progress, for whoever waits."""
    sys.stderr.write(f"  {line}\n")
    sys.stderr.flush()
