"""The soak itself: a real `bangbang serve`, a crowd, the samples, and an end in the middle of the talking."""

import asyncio
import json
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import select

from conversations.tables import INBOX, JOBS, OUTBOX
from tests.faults import bot_api, program, weibo
from tests.faults.bot_api import BotApi
from tests.faults.evidence import connected
from tests.faults.program import Program
from tests.soak import verdict
from tests.soak.crowd import Crowd
from tests.soak.samples import Samples
from tests.soak.visitor import Thinking

THINKING: Thinking = (5.0, 15.0)  #: seconds
STARTING = 30.0  #: seconds that the process has to come up
ENDING = 25.0  #: seconds that it has to end
ARRIVING = 0.02  #: seconds between two merchants' arrivals
KEPT = select(INBOX.c.channel, INBOX.c.arrival)


@dataclass(frozen=True)
class Outcome:
    figures: dict[str, Any]
    samples: list[dict[str, object]]
    broken: list[str]


async def run(
    seconds: float,
    chats: int,
    *,
    thinking: Thinking = THINKING,
    every: float = 5.0,
    database_url: str | None = None,
) -> Outcome:
    """Talk for so many seconds, and end the process while everybody talks."""
    dice = random.Random(7)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = await program.prepared(database_url or program.sqlite_url(folder))
        api = await stack.enter_async_context(bot_api.running(dice))
        source = await stack.enter_async_context(weibo.running())
        given = program.settings(url, api.url, source.url) | {"telegram_mode": "webhook"}
        served = Program(folder, "serve", given)
        stack.push_async_callback(served.kill)
        await served.start()
        await _ready(f"http://127.0.0.1:{served.port}")
        return await _soaked(served, url, api, Crowd(dice, api, thinking), (seconds, chats, every))


async def _soaked(
    served: Program, database: str, api: BotApi, crowd: Crowd, size: tuple[float, int, float]
) -> Outcome:
    seconds, chats, every = size
    site = f"http://127.0.0.1:{served.port}"
    samples = Samples(served.pid, site, lambda: crowd.acts, every)
    watching = asyncio.create_task(samples.watch())
    begun = time.monotonic()
    await crowd.enter(chats, site, chats * ARRIVING)
    await asyncio.wait({watching}, timeout=max(0.0, begun + seconds - time.monotonic()))
    if watching.done():
        watching.result()
    watching.cancel()
    wrong = [*verdict.broken(samples), *crowd.stuck, *crowd.told.failures[: verdict.MOST_SHOWN]]
    ended = await _end(served, crowd)
    wrong += [*ended.broken, *unstored(database, crowd, api), *_complaints(served.log)]
    told = crowd.told
    finished = {"browsers": told.finished, "telegram": crowd.telegram_finished}
    counted = {"finished": finished, "busy": told.busy, "reply_ms": verdict.percentiles(told.replies)}
    all_figures = verdict.figures(samples) | counted | {"acts": crowd.acts, **ended.figures}
    return Outcome(all_figures, [each.to_json() for each in samples.taken], wrong)


async def _ready(site: str) -> None:
    async with asyncio.timeout(STARTING), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(f"{site}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


async def _end(served: Program, crowd: Crowd) -> Outcome:
    """SIGTERM in the middle of it; the merchants go on for as long as anybody answers."""
    begun = time.monotonic()
    crowd.expect_the_end()
    code = await served.stop()
    took = time.monotonic() - begun
    await crowd.leave()
    broken = [] if code in (0, -signal.SIGTERM) else [f"the process ended with {code}"]
    late = [f"the process took {took:.1f} s to end"] if took > ENDING else []
    return Outcome({"seconds_to_end": round(took, 2), "exit_code": code}, [], broken + late)


def unstored(url: str, crowd: Crowd, api: BotApi) -> Iterator[str]:
    """What was acknowledged and is not kept, and what was begun and not brought to its end."""
    engine = connected(url)
    with engine.begin() as connection:
        kept = {(channel, arrival) for channel, arrival in connection.execute(KEPT)}
        sending = connection.execute(select(OUTBOX.c.state).where(OUTBOX.c.state == "sending")).all()
        running = connection.execute(select(JOBS.c.id).where(JOBS.c.state == "running")).all()
    engine.dispose()
    confirmed = {("telegram", str(number)) for number in api.mailbox.confirmed}
    said = {("web", arrival) for arrival in crowd.told.acknowledged} | confirmed
    if missing := said - kept:
        yield f"{len(missing)} of {len(said)} acknowledged arrivals are not kept"
    if sending or running:
        yield f"{len(sending)} messages and {len(running)} jobs were left in the middle"


def _complaints(log: str) -> Iterator[str]:
    """Lines of errors and of tracebacks, a few of each."""
    lines = [line for line in log.splitlines() if line.startswith("Traceback") or _is_error(line)]
    if lines:
        yield f"{len(lines)} errors were logged, the first: {lines[0][:300]}"


def _is_error(line: str) -> bool:
    try:
        said = json.loads(line)
    except ValueError:
        return False
    return isinstance(said, dict) and str(said.get("level", "")).lower() in ("error", "critical")
