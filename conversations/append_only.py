"""A table whose rows are added and never changed: the database itself refuses anything else.

A table that is made anew (as Alembic's batches do on SQLite) needs its triggers installed again.
"""

from typing import Any

from sqlalchemy import Connection, Table, text

_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION refuse_any_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME;
    END
    $$
    """,
    """
    CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change()
    """,
)
_REFUSE = "BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
_SQLITE = (
    f"CREATE TRIGGER {{table}}_no_update BEFORE UPDATE ON {{table}} {_REFUSE}",
    f"CREATE TRIGGER {{table}}_no_delete BEFORE DELETE ON {{table}} {_REFUSE}",
    # INSERT OR REPLACE deletes what is there without asking the trigger above
    f"CREATE TRIGGER {{table}}_no_replace BEFORE INSERT ON {{table}}"  # noqa: S608  # a name of our own
    f" WHEN EXISTS (SELECT 1 FROM {{table}} WHERE n = NEW.n) {_REFUSE}",
)


def install(connection: Connection, table: str) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE on a table that has just been made."""
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.execute(text(statement.format(table=table)))


def remove(connection: Connection) -> None:
    """Take away what outlives the tables, after the last of them is gone."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION IF EXISTS refuse_any_change()"))


def with_the_table(table: Table, connection: Connection, **_: Any) -> None:
    """Listens to a table's "after_create"."""
    install(connection, table.name)
