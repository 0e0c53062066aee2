"""The whole schema: every module that declares tables is imported here, so that none is forgotten."""

from conversations import tables, tables_access, tables_desk

__all__ = ["METADATA", "MODULES"]

MODULES = (tables, tables_access, tables_desk)
METADATA = tables.METADATA
