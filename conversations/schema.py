"""The whole schema: every module that declares tables is imported here, so that none is forgotten."""

from conversations import tables, tables_access

__all__ = ["METADATA", "MODULES"]

MODULES = (tables, tables_access)
METADATA = tables.METADATA
