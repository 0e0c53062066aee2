"""`bangbang serve` and `sandbox` as operators run them: real processes that start and stop."""

import asyncio
import os
import signal
import socket
import time
from pathlib import Path

import aiohttp

from bot import database, keeper
from tests import commands
from tests.commands import children, started

SETTINGS = {
    "database_url": "sqlite+aiosqlite:///bangbang.db",
    "secret_key": "a secret of the tests, long enough to be one",
    "weibo_app_key": "1234567",
    "host": "127.0.0.1",
    "port": "0",
}


def ended(process: int) -> bool:
    """Whether it is gone, soon; one that nobody has buried yet is."""
    for _ in range(200):
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def closes(host: str, port: int) -> bool:
    """Whether nobody may come in any more, soon."""
    for _ in range(200):
        try:
            socket.create_connection((host, port)).close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.01)
    return False


async def get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as visitor, visitor.get(url) as answer:
        return answer.status, await answer.text()


def test_serve_runs_on_an_upgraded_database_and_stops_when_told(tmp_path: Path) -> None:
    asyncio.run(database.upgrade(f"sqlite+aiosqlite:///{tmp_path / 'bangbang.db'}"))

    with started(tmp_path, "serve", settings=SETTINGS) as running:
        address = running.until("serving").rsplit(maxsplit=1)[-1]
        ready, chat = asyncio.run(get(f"http://{address}/readyz")), asyncio.run(get(f"http://{address}/"))
        running.process.send_signal(signal.SIGTERM)
        code = running.process.wait(commands.PATIENCE)

    assert (ready[0], chat[0], code) == (200, 200, 0)
    assert "127.0.0.1" not in chat[1]  # no sandbox is mentioned


def test_a_kept_process_that_is_killed_leaves_the_door_open_and_the_next_serves(tmp_path: Path) -> None:
    asyncio.run(database.upgrade(f"sqlite+aiosqlite:///{tmp_path / 'bangbang.db'}"))

    with started(tmp_path, "serve", "--keep", settings=SETTINGS) as running:
        address = running.until("serving").rsplit(maxsplit=1)[-1]
        [first] = children(running.process.pid)
        os.kill(first, signal.SIGKILL)
        ready = asyncio.run(get(f"http://{address}/readyz"))  # waits at the door if it comes too early
        [second] = children(running.process.pid)
        running.process.send_signal(signal.SIGTERM)
        code = running.process.wait(commands.PATIENCE)

    assert (ready[0], code) == (200, 0)
    assert second != first
    assert ended(second)


def test_the_door_closes_when_a_kept_process_is_told_to_stop(tmp_path: Path) -> None:
    asyncio.run(database.upgrade(f"sqlite+aiosqlite:///{tmp_path / 'bangbang.db'}"))

    with started(tmp_path, "serve", "--keep", settings=SETTINGS) as running:
        host, _, port = running.until("serving").rsplit(maxsplit=1)[-1].rpartition(":")
        with socket.create_connection((host, int(port))) as asking:
            asking.sendall(b"POST /chat/messages HTTP/1.1\r\nHost: shop\r\nContent-Length: 9\r\n\r\n")
            running.process.send_signal(signal.SIGTERM)
            turned_away = closes(host, int(port))
            still_ending = running.process.poll() is None
        code = running.process.wait(commands.PATIENCE)

    assert (turned_away, still_ending, code) == (True, True, 0)


def test_a_process_ends_with_its_keeper(tmp_path: Path) -> None:
    asyncio.run(database.upgrade(f"sqlite+aiosqlite:///{tmp_path / 'bangbang.db'}"))

    with started(tmp_path, "serve", "--keep", settings=SETTINGS) as running:
        running.until("serving")
        [serving] = children(running.process.pid)
        running.process.kill()
        running.process.wait(commands.PATIENCE)

    assert ended(serving)


def test_what_cannot_begin_again_is_left_to_whoever_started_it(tmp_path: Path) -> None:
    asyncio.run(database.upgrade(f"sqlite+aiosqlite:///{tmp_path / 'bangbang.db'}"))

    with started(tmp_path, "serve", "--keep", settings=SETTINGS) as running:
        running.until("serving")
        (tmp_path / "bangbang.db").unlink()
        os.kill(children(running.process.pid)[0], signal.SIGKILL)
        code = running.process.wait(commands.PATIENCE)

    assert code == 2  # what the last one said: there is no database


def test_a_first_start_that_is_refused_is_not_tried_again(tmp_path: Path) -> None:
    refused = commands.run(tmp_path, "serve", "--keep", settings=SETTINGS)

    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "there is no database at bangbang.db" in refused.stderr


def test_one_that_dies_again_and_again_is_begun_ever_later() -> None:
    assert [keeper.pause(tries) for tries in range(6)] == [0, 0, 0.1, 0.2, 0.4, 0.8]


def test_the_sandbox_alone_needs_no_setting(tmp_path: Path) -> None:
    with started(tmp_path, "sandbox", "--port", "0") as running:
        said = running.until("stop with Ctrl-C")
        [url] = [word for word in said.split() if word.startswith("http")]
        status, _ = asyncio.run(get(url))
        running.process.send_signal(signal.SIGINT)
        code = running.process.wait(commands.PATIENCE)

    assert (status, code) == (200, 0)
    assert "invented merchants" in said


def test_a_second_process_on_the_same_file_is_refused_in_one_line(tmp_path: Path) -> None:
    asyncio.run(database.upgrade(f"sqlite+aiosqlite:///{tmp_path / 'bangbang.db'}"))

    with started(tmp_path, "serve", settings=SETTINGS) as running:
        running.until("serving")
        second = commands.run(tmp_path, "serve", settings=SETTINGS)

    assert second.returncode == 2
    assert second.stderr.endswith(
        "bangbang.db is served by another process: stop that one first,"
        " or let several processes share a PostgreSQL database\n"
    )
    assert "Traceback" not in second.stderr
