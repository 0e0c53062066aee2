"""The statements both databases spell in their own dialect: insert unless, or in place of what, is there."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import sqlite


@cache
def _insert(table: Table, dialect: str) -> Insert:
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # a start on SQLite does without

        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


@cache
def upsert(table: Table, dialect: str) -> Insert:
    """Insert rows, or give those whose key is there already the other values."""
    keys = [column.name for column in table.primary_key]
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        there = postgresql.insert(table)
        others = {column.name: column for column in there.excluded if column.name not in keys}
        return there.on_conflict_do_update(index_elements=keys, set_=others)
    here = sqlite.insert(table)
    others = {column.name: column for column in here.excluded if column.name not in keys}
    return here.on_conflict_do_update(index_elements=keys, set_=others)


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Whether the row was new."""
    return connection.execute(_insert(table, connection.dialect.name), dict(values)).rowcount == 1
