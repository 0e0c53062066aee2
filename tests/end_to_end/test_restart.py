"""A process killed in the middle of a chat, and of an assessment: the next one goes on where it was."""

import asyncio
import socket
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.channels import WebVisitor
from tests.commands import CORE, PATIENCE, SUBMIT, Started, rows, started, typed

HALF = 8
CHAT = ("chat", "--json", "--data", "mine")

ANSWERS = "SELECT step, value FROM answers ORDER BY step"
MESSAGES = "SELECT n, sender, text FROM messages ORDER BY n"
DECISIONS = "SELECT (SELECT count(*) FROM decisions), (SELECT count(*) FROM messages WHERE kind = 'decision')"
UNDONE = "SELECT count(*) FROM jobs WHERE state NOT IN ('done', 'failed')"


def talk(running: Started, script: tuple[Any, ...]) -> None:
    for line, step in script:
        assert running.answer(line)[-1]["step"] == step


def test_a_chat_in_the_terminal_outlives_its_process(tmp_path: Path) -> None:
    data = tmp_path / "mine"
    with started(tmp_path, *CHAT) as first:
        assert first.group()[-1]["step"] == "consent"
        talk(first, CORE[:HALF])
    assert stat.S_IMODE((data / "secret").stat().st_mode) == 0o600
    answered, said = rows(data, ANSWERS), rows(data, MESSAGES)
    assert {"consent", "sales_last_month"} <= {step for step, _ in answered}

    with started(tmp_path, *CHAT) as second:
        assert [line.get("key") for line in second.group()] == ["recap.applying", "ask.orders_per_day", None]
        assert (rows(data, ANSWERS), rows(data, MESSAGES)[: len(said)]) == (answered, said)
        talk(second, CORE[HALF:])
        second.write(typed(SUBMIT))
        second.until('"assessing"')
    [(left,)] = rows(data, UNDONE)  # one, unless the machine decides faster than it kills

    with started(tmp_path, *CHAT) as third:
        resumed = third.group()
    assert resumed[-1]["step"] == "offer"
    assert [line["kind"] for line in resumed].count("decision") == left
    assert rows(data, DECISIONS) == [(1, 1)]


async def test_a_chat_on_the_web_outlives_its_process(tmp_path: Path) -> None:
    """What was answered with 200 is there after a kill that follows at once."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    visit = Visit(tmp_path, port)
    async with visit.running() as visitor:
        await visitor.arrive()
        await say(visitor, CORE[:HALF])
        seen = await visitor.delivered()

    async with visit.running() as visitor:
        assert await visitor.delivered() == seen
        await say(visitor, (*CORE[HALF:], (SUBMIT, None)))
    assert rows(visit.data, "SELECT count(*) FROM jobs") == [(1,)]

    async with visit.running() as visitor:
        await asyncio.to_thread(decided, visit.data)
        told = await visitor.delivered()
    assert told[: len(seen)] == seen
    assert rows(visit.data, DECISIONS) == [(1, 1)]
    journal = rows(visit.data, MESSAGES)
    assert [n for n, *_ in journal] == list(range(1, len(journal) + 1))
    assert [text for _, sender, text in journal if sender == "bot"] == told
    assert [sender for _, sender, _ in journal].count("merchant") == len((*CORE, SUBMIT))


class Visit:
    """One browser, and a demonstration on the same port and folder each time it is started."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, str(port)
        self._jar = aiohttp.CookieJar(unsafe=True)
        self.data = folder / "mine"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[WebVisitor]:
        with started(self._folder, "demo", "--data", "mine", "--port", self._port) as demo:
            assert "invented merchants" in demo.until("stop with Ctrl-C")
            async with aiohttp.ClientSession(cookie_jar=self._jar) as browser:
                yield WebVisitor(browser, f"http://127.0.0.1:{self._port}", "zh-CN")
                demo.process.kill()


async def say(visitor: WebVisitor, script: tuple[Any, ...]) -> None:
    for line, _ in script:
        if isinstance(line, dict) and "choice" in line:
            await visitor.tap(line["choice"], "")
        else:
            await visitor.say(line if isinstance(line, str) else line["text"])


def decided(data: Path) -> None:
    """Wait until no work is left and the decision has been told."""
    for _ in range(int(PATIENCE / 0.05)):
        if rows(data, UNDONE) == [(0,)] and rows(data, DECISIONS)[0][1]:
            return
        time.sleep(0.05)
    raise AssertionError("no decision came")
