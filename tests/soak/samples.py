"""What a process takes, and how quickly its pages answer, every few seconds."""

import asyncio
import os
import re
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import aiohttp

PAGES = ("/", "/chat/messages", "/healthz", "/readyz", "/metrics")
WAITING = re.compile(
    r'^bangbang_(turns_waiting|streams_open|jobs_running|queue_waiting\{queue="\w+"\}) ([\d.e+]+)$', re.M
)
MEBI = 2**20


@dataclass(frozen=True)
class Sample:
    seconds: float  #: since the beginning
    rss: float  #: MiB
    files: int
    threads: int
    processor: float  #: seconds used so far
    said: int  #: acts of all merchants so far
    waiting: dict[str, float]  #: the queues as /metrics tells them

    def to_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass
class Samples:
    """`watch` runs until it is cancelled."""

    pid: int
    url: str
    said: Callable[[], int]
    every: float = 5.0  #: seconds
    taken: list[Sample] = field(default_factory=list)
    pages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  #: seconds, by path
    own: list[float] = field(default_factory=list)  #: seconds by which this process itself was late
    refused: list[str] = field(default_factory=list)  #: pages that were not answered 200

    async def watch(self) -> None:
        begun = time.monotonic()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            async with browser.post(f"{self.url}/chat/sessions") as answer:
                answer.raise_for_status()
            while True:
                metrics = ""
                for path in PAGES:
                    metrics = await self._ask(browser, path)
                self.taken.append(self._look(time.monotonic() - begun, metrics))
                await self._rest()

    async def _ask(self, browser: aiohttp.ClientSession, path: str) -> str:
        begun = time.perf_counter()
        try:
            async with browser.get(self.url + path, timeout=aiohttp.ClientTimeout(30)) as answer:
                body = await answer.text()
                if answer.status != 200:
                    self.refused.append(f"{path} answers {answer.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            self.refused.append(f"{path}: {type(error).__name__}")
            body = ""
        self.pages[path].append(time.perf_counter() - begun)
        return body

    async def _rest(self) -> None:
        """What this process is late by cannot be told apart from the pages' own time."""
        begun = time.perf_counter()
        await asyncio.sleep(self.every)
        self.own.append(time.perf_counter() - begun - self.every)

    def _look(self, seconds: float, metrics: str) -> Sample:
        of = Path(f"/proc/{self.pid}")
        pages = int((of / "statm").read_text().split()[1])
        used = (of / "stat").read_text().rpartition(")")[2].split()
        return Sample(
            seconds=round(seconds, 1),
            rss=round(pages * os.sysconf("SC_PAGE_SIZE") / MEBI, 2),
            files=len(list((of / "fd").iterdir())),
            threads=int(used[17]),
            processor=(int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK"),
            said=self.said(),
            waiting={name: float(value) for name, value in WAITING.findall(metrics)},
        )
