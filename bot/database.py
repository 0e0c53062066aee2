"""The schema of the database at a URL: bring it up to date, or say in one line why it must not be used.

Alembic takes longer to import than a current schema takes to look at, so it is imported to migrate only;
likewise what PostgreSQL needs, for PostgreSQL only.
"""

import asyncio
import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

import migrations
from conversations.store.sqlite import DURABLE, harden

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")

REMEDY = "run `bangbang db upgrade`"
_REVISION = re.compile(r'^(down_)?revision = (?:"(\w+)"|None)$', re.MULTILINE)


class Newer(Exception):
    """The database was made by a newer release, and is left as it is."""


async def upgrade(url: str) -> None:
    """Create or migrate the schema, all of it or nothing; a current one is left alone.

    Raises:
        Newer: this release does not know the schema.
    """
    _make_room(url)
    found = await _inside(url, revision)
    if found == revisions()[0]:
        return
    if found is not None and found not in revisions():
        raise Newer(difference(found))
    await _migrate(url, "upgrade", "head")


async def downgrade(url: str, to: str = "base") -> None:
    await _migrate(url, "downgrade", to)


async def check(url: str) -> str | None:
    """Why the database cannot be used by this release; None when it can."""
    if missing(url):
        return f"there is no database at {make_url(url).database}: {REMEDY}"
    try:
        found = await _inside(url, revision)
    except (SQLAlchemyError, OSError, RuntimeError) as error:
        return f"the database cannot be opened: {str(error).splitlines()[0]}"
    return difference(found)


def difference(found: str | None) -> str | None:
    """Why a schema of this revision will not do; None when it will."""
    head, *older = revisions()
    if found == head:
        return None
    if found is None:
        return f"the database has no schema yet: {REMEDY}"
    if found not in older:
        return f"the database has schema {found}, made by a newer release; this one needs {head}"
    return f"the database has schema {found}, this release needs {head}: {REMEDY}"


def serves(found: str | None) -> bool:
    """Whether a running process can go on with this schema: a newer one adds and takes nothing away."""
    return found is not None and found not in revisions()[1:]


def revision(connection: Connection) -> str | None:
    """The schema's revision; None when there is no schema."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()


@cache
def revisions() -> list[str]:
    """Every revision this release knows, newest first, as the migrations' own files tell."""
    texts = (file.read_text("utf-8") for file in _folder().joinpath("versions").glob("*.py"))
    declared = [{down: name for down, name in _REVISION.findall(text)} for text in texts]
    after = {one["down_"]: one[""] for one in declared if one}
    found = [after[""]]
    while following := after.get(found[-1]):
        found.append(following)
    return found[::-1]


def missing(url: str) -> bool:
    """Whether the URL names a file that is not there."""
    return is_sqlite(url) and not Path(make_url(url).database or "").is_file()


def load_driver(url: str) -> None:
    """Import what speaks with this kind of database."""
    make_url(url).get_dialect().import_dbapi()


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


async def _migrate(url: str, direction: str, to: str) -> None:
    from alembic import command

    await _inside(url, partial(_run, getattr(command, direction), to))


def _folder() -> Path:
    return Path(migrations.__path__[0])


def _run(change: "Callable[[Config, str], None]", to: str, connection: Connection) -> None:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    change(config, to)
    _refuse_orphans(connection)


async def _inside(url: str, body: Callable[[Connection], T]) -> T:
    if is_sqlite(url):
        return await asyncio.to_thread(_inside_file, url, body)
    return await _inside_server(url, body)


def _inside_file(url: str, body: Callable[[Connection], T]) -> T:
    engine = create_engine(make_url(url).set(drivername="sqlite+pysqlite"), hide_parameters=True)
    # Keys are looked at in the end only: a table that is changed by copying it is away for a moment.
    harden(engine, "BEGIN IMMEDIATE", DURABLE)
    try:
        with engine.begin() as connection:
            return body(connection)
    finally:
        engine.dispose()


async def _inside_server(url: str, body: Callable[[Connection], T]) -> T:
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(body)
    finally:
        await engine.dispose()


def _refuse_orphans(connection: Connection) -> None:
    """PostgreSQL looks at every key as it goes.

    Raises:
        RuntimeError: a row names one that is not there; nothing has been changed.
    """
    if connection.dialect.name == "sqlite":
        orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if orphan is not None:
            raise RuntimeError(f"a row of {orphan[0]} would name one of {orphan[2]} that is not there")


def _make_room(url: str) -> None:
    if is_sqlite(url):
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
