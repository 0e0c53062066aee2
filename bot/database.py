"""The schema of the database at a URL: bring it up to date, or say in one line why it must not be used."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import migrations

REMEDY = "run `bangbang db upgrade`"


async def upgrade(url: str) -> None:
    """Create or migrate the schema, all of it or nothing."""
    _make_room(url)
    await _inside(url, partial(_run, command.upgrade, "head"))


async def downgrade(url: str, revision: str = "base") -> None:
    await _inside(url, partial(_run, command.downgrade, revision))


async def check(url: str) -> str | None:
    """Why the database cannot be used by this release; None when it can."""
    if _missing(url):
        return f"there is no database at {make_url(url).database}: {REMEDY}"
    try:
        found = await _inside(url, _current)
    except (SQLAlchemyError, OSError) as error:
        return f"the database cannot be opened: {str(error).splitlines()[0]}"
    return difference(found)


def difference(found: str | None) -> str | None:
    """Why a schema of this revision will not do; None when it will."""
    head, *older = _revisions()
    if found == head:
        return None
    if found is None:
        return f"the database has no schema yet: {REMEDY}"
    if found not in older:
        return f"the database has schema {found}, made by a newer release; this one needs {head}"
    return f"the database has schema {found}, this release needs {head}: {REMEDY}"


def _revisions() -> list[str]:
    """Every revision this release knows, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])).replace("%", "%%"))
    return config


def _run(change: Callable[[Config, str], None], revision: str, connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    change(config, revision)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def _inside(url: str, body: Callable[[Connection], str | None]) -> str | None:
    engine = create_async_engine(url)
    if _is_sqlite(url):
        _explicit_transactions(engine)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(body)
    finally:
        await engine.dispose()


def _explicit_transactions(engine: AsyncEngine) -> None:
    """SQLite can undo a half-made schema, but its driver would commit before every CREATE."""

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: object, _: object) -> None:
        setattr(connection, "isolation_level", None)  # noqa: B010  # the driver's connection is not typed

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _missing(url: str) -> bool:
    return _is_sqlite(url) and not Path(make_url(url).database or "").is_file()


def _make_room(url: str) -> None:
    if _is_sqlite(url):
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"
