"""The set-up in `deploy/`: its files hold together, and a chat outlives one of the processes behind nginx."""

import asyncio
import re
import shutil
import socket
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from bot import database
from tests import commands, postgres
from tests.commands import CORE, SUBMIT, started

DEPLOY = Path(__file__).parents[2] / "deploy"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def _services() -> dict[str, dict[str, Any]]:
    found = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert isinstance(found, dict)
    return found


def test_processes_begin_after_the_schema_and_nothing_secret_is_written_down() -> None:
    services = _services()
    settings = services["first"]["environment"]

    assert services["first"] == services["second"]
    assert services["schema"]["command"] == ["db", "upgrade"]
    assert services["first"]["depends_on"]["schema"]["condition"] == "service_completed_successfully"
    assert {settings[f"BANGBANG_{name}"][:2] for name in ("SECRET_KEY", "WEIBO_APP_SECRET")} == {"${"}


def test_nginx_knows_every_process_of_the_set_up() -> None:
    known = re.findall(r"server (\w+):8080", (DEPLOY / "nginx.conf").read_text())

    assert known == [
        name for name, service in _services().items() if service.get("command") == ["serve", "--keep"]
    ]


@contextmanager
def _nginx(folder: Path, ports: list[str]) -> Iterator[str]:
    """The address of nginx with the set-up's own configuration, in front of processes on these ports."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = (DEPLOY / "nginx.conf").read_text()
    for name, found in zip(("first", "second"), ports, strict=True):
        text = text.replace(f"server {name}:8080", f"server 127.0.0.1:{found}")
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}")
    kept = "".join(
        f"{k}_temp_path {folder}/{k};" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(text.replace("http {", f"http {{ {kept}", 1))
    command: list[str | Path] = [
        str(NGINX),
        "-p",
        folder,
        "-c",
        folder / "nginx.conf",
        "-e",
        folder / "errors",
    ]
    process = subprocess.Popen([*command, "-g", f"daemon off; pid {folder}/pid;"])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(commands.PATIENCE)


class Visitor:
    """A browser that repeats, under the same number, what was not acknowledged."""

    def __init__(self, browser: aiohttp.ClientSession, url: str) -> None:
        self.browser, self.url = browser, url

    async def posts(self, path: str, sent: object) -> None:
        async with asyncio.timeout(20):
            while True:
                try:
                    async with self.browser.post(f"{self.url}{path}", json=sent) as answer:
                        if answer.status == 200:
                            return
                        assert answer.status in (502, 503), await answer.text()
                except aiohttp.ClientConnectionError:
                    pass  # nginx has not begun to listen yet
                await asyncio.sleep(0.05)

    async def says(self, line: commands.Line) -> None:
        said = {"text": line} if isinstance(line, str) else dict(line)
        await self.posts("/chat/messages", {"id": str(uuid.uuid4()), **said})

    async def sees(self) -> list[dict[str, Any]]:
        async with self.browser.get(f"{self.url}/chat/messages?after=0") as answer:
            assert answer.status == 200, await answer.text()
            return list(await answer.json())

    async def status(self, path: str) -> int:
        async with self.browser.get(f"{self.url}{path}") as answer:
            return answer.status


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed: apt-get install nginx")
@pytest.mark.skipif(not postgres.available(), reason=postgres.MISSING)
async def test_a_chat_goes_on_when_one_of_two_processes_is_killed(tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(postgres.server())
        await database.upgrade(url)
        settings = {
            "database_url": url,
            "secret_key": "a secret of the tests, long enough to be one",
            "weibo_app_key": "1234567",
            "weibo_api_url": "http://127.0.0.1:9",
            "port": "0",
        }
        pair = [stack.enter_context(started(tmp_path / n, "serve", settings=settings)) for n in "ab"]
        ports = [process.until("serving").rsplit(":", 1)[-1].strip() for process in pair]
        visitor_url = stack.enter_context(_nginx(tmp_path, ports))
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            visitor = Visitor(browser, visitor_url)
            await visitor.posts("/chat/sessions", {})
            hidden = [await visitor.status(path) for path in ("/metrics", "/readyz", "/healthz")]
            lines: list[commands.Line] = [line for line, _ in CORE]
            for place, line in enumerate(lines):
                if place == len(CORE) // 2:
                    pair[0].process.kill()
                await visitor.says(line)
            await visitor.says(SUBMIT)
            async with asyncio.timeout(20):
                while "decision" not in {message["kind"] for message in await visitor.sees()}:  # noqa: ASYNC110  # another process rings no event
                    await asyncio.sleep(0.05)
            kinds = [message["kind"] for message in await visitor.sees()]

    assert hidden == [404, 404, 404]
    assert kinds.count("decision") == 1
