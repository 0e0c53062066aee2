"""The product on a real PostgreSQL that syncs: against a bare group loop, and in two processes."""

import os
from urllib.parse import parse_qs, urlsplit

import asyncpg  # type: ignore[import-untyped]  # ships no types

from tests import postgres
from tests.benchmarks import rounds
from tests.benchmarks.chats import APPLICATION
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.rounds import Entrant, Plan
from tests.benchmarks.starting import Program
from tests.benchmarks.turns import rate

ENOUGH = 4  #: cores for two programs, the database and the load


async def run(plan: Plan) -> list[Row]:
    """Each program has a database of its own on one server."""
    with postgres.server(durable=True) as url:
        host = parse_qs(urlsplit(url).query)["host"][0]
        for name in ("one", "two", "bare"):
            await _create(host, name)
        product = Program("product", f"postgresql+asyncpg://postgres@/one?host={host}")
        second = Program("product", f"postgresql+asyncpg://postgres@/two?host={host}")
        one = Entrant("product", product, APPLICATION)
        two = Entrant("product, two processes", second, APPLICATION, copies=2)
        bare = Entrant("bare asyncpg group loop", Program("bare", f"postgresql://postgres@/bare?host={host}"))
        results = await rounds.run((one, two, bare), plan, rounds.closed(plan))
    note = f"fdatasync {results.sync:.2f} ms"
    rows = [
        Row("PostgreSQL", each.name, results.median(each.name, rate), "/s", note=note)
        for each in (one, two, bare)
    ]
    half, more = Goal("≥ 0.5 ×", least=0.5), Goal("≥ 1.6 × where cores allow", least=1.6)
    few = (
        "" if (os.cpu_count() or 1) >= ENOUGH else f"{os.cpu_count()} cores carry it all, {ENOUGH} are needed"
    )
    loop = results.ratio(one.name, bare.name, rate)
    twice = results.ratio(two.name, one.name, rate)
    return [
        *rows,
        Row("PostgreSQL", "product / bare group loop", loop, "×", half, note=results.note),
        Row("PostgreSQL", "two processes / one", twice, "×", more, unjudged=few),
    ]


async def _create(host: str, name: str) -> None:
    database = await asyncpg.connect(f"postgresql://postgres@/postgres?host={host}")
    try:
        await database.execute(f"CREATE DATABASE {name}")
    finally:
        await database.close()
