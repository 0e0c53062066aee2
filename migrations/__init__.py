"""Schema history, the same on SQLite and PostgreSQL."""
