"""Whether a turn costs more when a hundred thousand conversations are stored."""

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select

from conversations.store import Store
from conversations.store.desk import search
from conversations.tables import SESSIONS
from tests import databases
from tests.benchmarks import load, machine, rounds, starting
from tests.benchmarks.chats import APPLICATION
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.rounds import Plan
from tests.benchmarks.starting import Program
from tests.benchmarks.turns import PRODUCT, rate

FEW, MANY = 100, 100_000  #: conversations
FIRST_STORED = 500_000_000  #: chat numbers beyond those of the load

#: how a stored row is told apart from the one it copies; every other column is copied
_OWN = {
    "session_id": "session_id || '-' || copy",
    "address": f"CAST({FIRST_STORED} + copy AS TEXT)",
    "arrival": "copy || '-' || arrival",
}


async def run(plan: Plan) -> list[Row]:
    template = await _template(plan.folder)
    few, many = (
        replace(PRODUCT, name=f"product, {stored:,} stored chats", fill=partial(_fill, template, stored))
        for stored in (FEW, MANY)
    )
    results = await rounds.run((few, many), plan, rounds.closed(plan))
    rows = [Row("growth", each.name, results.median(each.name, rate), "/s") for each in (few, many)]
    cost = results.ratio(few.name, many.name, rate)
    disk = f"fdatasync {results.sync:.2f} ms"
    note = "; ".join(filter(None, [disk, results.note]))
    return [
        *rows,
        Row("growth", "cost of a turn, many / few", cost, "×", Goal("≤ 1.3 ×", most=1.3), note=note),
    ]


async def _template(within: Path) -> Path:
    """A database in which one merchant has answered everything once."""
    core, _ = machine.cores()
    folder = Path(tempfile.mkdtemp(dir=within))
    async with (
        load.opened(APPLICATION) as talk,
        starting.running(Program("product"), talk.api, folder, core) as bot,
    ):
        await talk.warm([bot.port], 1)
        await talk.say(len(APPLICATION.cycle) - 1)
    file = folder / "bangbang.db"
    async with Store.open(databases.url(file)) as store:
        await store.write(_note_all)
    return file


def _note_all(connection: Connection) -> None:
    """As the desk's search does beside the turns: it must not have every copy to catch up on."""
    search.note(connection, list(connection.execute(select(SESSIONS.c.id)).scalars()))


def _fill(template: Path, stored: int, folder: Path) -> None:
    """The template's conversation, copied so many times."""
    rounds.say(f"storing {stored:,} conversations")
    with closing(sqlite3.connect(folder / "bangbang.db")) as database:
        with closing(sqlite3.connect(template)) as source:
            source.backup(database)
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE TEMP TABLE copies (copy INTEGER PRIMARY KEY)")
        database.executemany("INSERT INTO copies VALUES (?)", ((n,) for n in range(1, stored + 1)))
        _copy(database, "sessions", {"id": _OWN["session_id"].replace("session_id", "id"), "state": _STATE})
        for table in _tables(database):
            _copy(database, table, _OWN)
        # the load's chats and updates bear the numbers of the template's
        database.execute("DELETE FROM contacts WHERE address NOT LIKE '5%'")
        database.execute("DELETE FROM inbox WHERE arrival NOT LIKE '%-%'")
        database.commit()


_STATE = "replace(state, id, id || '-' || copy)"


def _tables(database: sqlite3.Connection) -> list[str]:
    """Those that hold something of a conversation, but what is told of one decision."""
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [name for (name,) in names if set(_OWN) & set(_columns(database, name)) and name != "outcomes"]


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    """All but a number that the database gives."""
    rows = database.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table,)).fetchall()
    return [name for name, kind, key in rows if not (key and kind == "INTEGER" and name == "id")]


def _copy(database: sqlite3.Connection, table: str, own: dict[str, str]) -> None:
    names = _columns(database, table)
    values = ", ".join(own.get(name, name) for name in names)
    quoted = ", ".join(names)
    database.execute(f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table}, copies")
