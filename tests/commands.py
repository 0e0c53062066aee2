"""The `bangbang` command as a real process, away from the repository and from the caller's own settings."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("bangbang")
PATIENCE = 60.0  #: seconds after which a process that should have said something is ended

#: each line of a chat without accounts, up to the summary card, and the step asked after it
CORE = (
    ({"choice": "agree"}, "role"),
    ({"choice": "owner"}, "trade"),
    ("餐馆", "city"),
    ("昆明 2017年2月", "licence"),
    ({"text": "个体户"}, "brand_account"),
    ("跳过", "personal_account"),
    ("跳过", "sales_last_month"),
    ("13万", "orders_per_day"),
    ("37单 每单120元 30天", "rent"),
    ("一万五", "staff_count"),
    ("6.5人 29900", "debt_balance"),
    ("没有", "amount"),
    ("5万 12期", "purpose"),
    ("进货、工资", "check"),
)
SUBMIT = {"choice": "submit"}

Line = str | Mapping[str, str]
Settings = Mapping[str, str]  #: by their names without the prefix


def surroundings(settings: Settings | None) -> dict[str, str]:
    """The environment with these settings and no others; bytecode is kept, as where it is installed."""
    ours = ("BANGBANG_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {f"BANGBANG_{name.upper()}": value for name, value in (settings or {}).items()}


def run(
    folder: Path,
    *arguments: str | Path,
    given: str = "",
    settings: Settings | None = None,
    command: Path = COMMAND,
) -> subprocess.CompletedProcess[str]:
    """Run to the end in a folder."""
    return subprocess.run(
        [command, *arguments],
        cwd=folder,
        env=surroundings(settings),
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def typed(*lines: Line) -> str:
    """Lines of input: plain text as it is, the rest as JSON."""
    return "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)


def rows(data: Path, statement: str) -> list[Any]:
    """What the database of a demonstration holds."""
    with closing(sqlite3.connect(data / "bangbang.db")) as connection:
        return connection.execute(statement).fetchall()


def children(parent: int) -> list[int]:
    """The processes that this one has begun and that are not buried yet."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended while we looked
            number, _, rest = stat.read_text().partition(" ")
            if int(rest.rpartition(")")[2].split()[1]) == parent:
                found.append(int(number))
    return found


class Started:
    """A process that is talked to while it runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def line(self) -> str:
        """The next line it says; empty when it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def until(self, words: str) -> str:
        """Everything it says up to a line with these words."""
        said = ""
        while words not in said:
            said += (line := self.line())
            assert line, f"ended without {words!r}: {said}"
        return said

    def write(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def group(self) -> list[dict[str, Any]]:
        """One group of replies of `chat --json`, with its closing line."""
        return objects(self.until('{"kind": "waiting"'))

    def answer(self, line: Line) -> list[dict[str, Any]]:
        self.write(typed(line))
        return self.group()


@contextmanager
def started(folder: Path, *arguments: str | Path, settings: Settings | None = None) -> Iterator[Started]:
    """A running process in a folder; killed when the context ends, without a chance to tidy up."""
    folder.mkdir(exist_ok=True)
    with subprocess.Popen(
        [COMMAND, *arguments],
        cwd=folder,
        env=surroundings(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        try:
            yield Started(process)
        finally:
            watchdog.cancel()
            process.kill()
