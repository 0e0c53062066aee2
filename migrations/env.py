"""How Alembic reaches the database: through the connection it is handed, or the URL given by `-x url=...`.

A new revision is drafted with
`alembic -c migrations/alembic.ini -x url=sqlite+aiosqlite:///draft.db revision --autogenerate -m "why"`
and then read.
"""

import asyncio
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from conversations.schema import METADATA

PLAIN = {
    "AutoString": "sa.String()",
    "JsonText": "sa.Text()",
    "UtcDateTime": "sa.DateTime(timezone=True)",
    "RowId": 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")',
}


def render(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Revisions name plain types, so that they outlive the code of today."""
    return PLAIN.get(type(item).__name__, False) if kind == "type" else False


def migrate(connection: Connection) -> None:
    # batches, because SQLite changes a table by copying it
    context.configure(
        connection=connection, target_metadata=METADATA, render_as_batch=True, render_item=render
    )
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_migrate(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


handed = context.config.attributes.get("connection")
if handed is not None:
    migrate(handed)
else:
    asyncio.run(connect_and_migrate(context.get_x_argument(as_dictionary=True)["url"]))
