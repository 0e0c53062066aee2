"""PostgreSQL through its own programs, found on PATH; a password reaches them by their environment only."""

import os
import re
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from bot.copies import VOLATILE, Contents, Held, Impossible

MAGIC = b"PGDMP"

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_HELD = (
    "SELECT count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '')"
    ' FROM public."{}" AS t'
)

#: both schemas that the product uses, as a fresh database has them
_EMPTIED = (
    "DROP SCHEMA IF EXISTS procrastinate CASCADE; DROP SCHEMA IF EXISTS public CASCADE;"
    " CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC"
)
_PLAIN = ("--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set=ON_ERROR_STOP=1")


def recognises(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def dump(url: str, file: Path) -> None:
    _run("pg_dump", make_url(url), "--format=custom", "--no-owner", f"--file={file}")


def load(url: str, file: Path) -> None:
    """All of it in one transaction, or nothing; what a later schema has added does not stay behind."""
    with tempfile.TemporaryDirectory(prefix="bangbang-") as folder:
        script = Path(folder) / "script"  # as large as the database; only its owner can enter the folder
        _run("pg_restore", None, "--no-owner", f"--file={script}", str(file.resolve()))
        whole = ("--single-transaction", f"--command={_EMPTIED}", f"--file={script}")
        _run("psql", make_url(url), *_PLAIN, *whole)


def contents(url: str) -> Contents:
    names = [name for name in _ask(url, _TABLES).split() if name not in VOLATILE]
    return {name: _held(_ask(url, _HELD.format(name))) for name in names}


def fault(_url: str) -> str | None:
    """Nothing to ask: the server has checked every key and row while it took them in."""
    return None


@contextmanager
def throw_away(url: str, _folder: Path) -> Iterator[str]:
    """An empty database on the same server, dropped in the end."""
    name = f"bangbang_rehearsal_{secrets.token_hex(6)}"
    _ask(url, f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        _ask(url, f'DROP DATABASE "{name}"')


def _held(answer: str) -> Held:
    rows, digest = answer.strip().split("|")
    return Held(int(rows), digest)


def _ask(url: str, query: str) -> str:
    return _run("psql", make_url(url), *_PLAIN, f"--command={query}")


def _run(program: str, url: URL | None, *arguments: str) -> str:
    """What the program prints; with a URL it speaks to that database."""
    where = (f"--dbname={url.database}", "--no-password") if url else ()
    try:
        done = subprocess.run(  # noqa: S603  # a fixed program and arguments of our own
            [program, *where, *arguments],
            env=os.environ | (_surroundings(url) if url else {}),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise Impossible(f"{program} is not on PATH: install PostgreSQL's client programs") from None
    if done.returncode:
        raise Impossible(f"{program}: {_first(done.stderr)}")
    return done.stdout


def _first(said: str) -> str:
    """The reason alone: `psql:FILE:LINE: ERROR:  …` and `pg_dump: error: …` name what is known already."""
    found = re.search(r"error: +(.+)", said, re.IGNORECASE)
    return found[1] if found else "failed"


def _surroundings(url: URL) -> dict[str, str]:
    """Where the server is and who asks, as libpq reads it."""
    host = url.host or url.query.get("host")
    given = {"PGHOST": host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    return {name: str(value) for name, value in given.items() if value}
