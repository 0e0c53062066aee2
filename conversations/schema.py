"""The whole schema: every module that declares tables is imported here, so that none is forgotten."""

from conversations import tables, tables_access, tables_desk, tables_group

__all__ = ["METADATA", "MODULES"]

MODULES = (tables, tables_access, tables_desk, tables_group)
METADATA = tables.METADATA
