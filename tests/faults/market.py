"""A Bot API, a Weibo, merchants and the product between them: the world in which everything goes wrong."""

import asyncio
import random
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults import bot_api, facts, program, weibo
from tests.faults.bot_api import BotApi
from tests.faults.evidence import evidence, undone
from tests.faults.merchants import Merchant, Pace
from tests.faults.program import Program
from tests.faults.visitors import Visitor
from tests.faults.weibo import LyingWeibo

Disk = Callable[[Path], AbstractContextManager[None]]  #: makes a folder into a disk for the database

TOLD_EVERY = 15.0  #: seconds between lines of progress
PATIENCE = 60.0  #: seconds without any message after which a market is stuck


class Stuck(AssertionError):
    """The merchants wait and nothing comes."""


@dataclass
class Market:
    """Everything that outlives the product. `kills` are those that the product did not choose."""

    dice: random.Random
    folder: Path
    url: str
    api: BotApi
    weibo: LyingWeibo
    mode: str = "polling"
    pace: Pace = field(default_factory=Pace)
    merchants: list[Merchant] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    kills: int = 0
    absences: int = 0
    poisoned: bool = False  #: updates come that nobody can read
    _visits: list[asyncio.Task[None]] = field(default_factory=list)
    _beside: list[asyncio.Task[None]] = field(default_factory=list)
    _finished: asyncio.Event = field(default_factory=asyncio.Event)

    def program(self, *wrapped: str, **own: str) -> Program:
        """One more process of the product, not started yet, with settings of its own."""
        given = program.settings(self.url, self.api.url, self.weibo.url) | {"telegram_mode": self.mode} | own
        made = Program(self.folder, f"program{len(self.programs)}", given, wrapped)
        self.programs.append(made)
        return made

    def enter(self, count: int, *, accounts: bool = True, proven: int = 6) -> None:
        """So many more merchants arrive; every third names a Weibo account, and one in `proven` proves it."""
        for _ in range(count):
            number = len(self.merchants)
            merchant = Merchant(
                10_000 + number, self.api, self.pace, random.Random(self.dice.random()), self._finished.set
            )
            if accounts and (number % 3 == 0 or number % proven == 0):
                merchant.account = f"店{number}"
                merchant.prove = self.weibo.prove if number % proven == 0 else None
            self.merchants.append(merchant)
            merchant.arrive()

    def visit(self, count: int, door: str, *, owner: str | None = None) -> None:
        """So many more come through the web chat at this address, each to connect the owner's account."""
        for _ in range(count):
            dice = random.Random(self.dice.random())
            visitor = Visitor(10_000 + len(self.merchants), self.api, self.pace, dice, self._finished.set)
            visitor.door, visitor.owner = door, owner
            self.merchants.append(visitor)
            self._visits.append(asyncio.create_task(visitor.live()))

    def begin_beside(self, work: Coroutine[None, None, None]) -> None:
        """Something that is done while the merchants wait for more to be allowed."""
        self._beside.append(asyncio.create_task(work))

    async def beside_is_done(self) -> None:
        await asyncio.wait_for(asyncio.gather(*self._beside), PATIENCE)

    @property
    def disk(self) -> Path:
        """Where the database's file is, if it is one."""
        return self.folder / "data"

    @property
    def unfinished(self) -> list[Merchant]:
        return [merchant for merchant in self.merchants if merchant.outcome is None]

    def is_quiet(self) -> bool:
        """Nobody may do more, and everything done so far is taken and answered."""
        return self.pace.allowed == 0 and not self.api.mailbox.waiting and not undone(self.url)

    async def everyone_is_done(self, patience: float = PATIENCE) -> None:
        """Wait for the last merchant, and for Telegram to have no update left.

        Raises:
            Stuck: nothing happened for so long.
        """
        while self.unfinished or self.api.mailbox.waiting:
            before = self._progress()
            await self._something(before, patience)

    async def _something(self, before: object, patience: float) -> None:
        end = asyncio.get_running_loop().time() + patience
        while self._progress() == before:
            if asyncio.get_running_loop().time() > end:
                raise Stuck(self._waiting_for())
            await asyncio.sleep(0.02)

    def _progress(self) -> object:
        sent = sum(map(len, self.api.chats.values()))
        return sent, len(self.unfinished), len(self.api.mailbox.confirmed)

    def _waiting_for(self) -> str:
        steps = [merchant.done[-1][0] if merchant.done else "start" for merchant in self.unfinished]
        where = ", ".join(f"{step} × {steps.count(step)}" for step in sorted(set(steps)))
        said = [line for one in self.programs for line in one.log.splitlines()[-3:]]
        return f"{len(steps)} wait after {where}; {len(self.api.mailbox.waiting)} updates wait; {said}"

    async def until(self, true: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Wait for a condition."""
        end = asyncio.get_running_loop().time() + patience
        while not true():
            if asyncio.get_running_loop().time() > end:
                raise Stuck(self._waiting_for())
            await asyncio.sleep(0.01)

    async def tell(self) -> None:
        """How far it is, for whoever waits in front of it."""
        while True:
            await asyncio.sleep(TOLD_EVERY)
            done = len(self.merchants) - len(self.unfinished)
            sent = sum(map(len, self.api.chats.values()))
            sys.stderr.write(
                f"    {done} of {len(self.merchants)} chats done, {sent} messages, {self.kills} kills\n"
            )

    async def leave(self, *others: asyncio.Task[None]) -> None:
        """End whatever still runs here."""
        for task in (tasks := [*self._visits, *self._beside, *others]):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self) -> list[str]:
        """Let every process end by itself, then hold the facts against what is left."""
        await self.until(lambda: not undone(self.url))
        codes = [await one.stop() for one in self.programs]
        late = [
            f"a process ended with {code}" for code in codes if code not in (0, -9, -15)
        ]  # -15: told to end while it began
        return late + facts.broken(evidence(self))


def _plain(_folder: Path) -> AbstractContextManager[None]:
    return nullcontext()


@asynccontextmanager
async def opened(
    seed: int, mode: str = "polling", url: str | None = None, disk: Disk = _plain
) -> AsyncIterator[Market]:
    """A market without a running product; whatever was started in it ends with it."""
    dice = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="faults"))
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        api = await stack.enter_async_context(bot_api.running(dice))
        source = await stack.enter_async_context(weibo.running())
        data = folder / "data"
        stack.enter_context(disk(data))
        url = await program.prepared(url or program.sqlite_url(data))
        market = Market(dice, folder, url, api, source, mode)
        try:
            telling = asyncio.create_task(market.tell())
            yield market
        finally:
            await market.leave(telling)
            for one in market.programs:
                await one.kill()
