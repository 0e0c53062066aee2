"""The rows of one transaction, gathered and then written table by table: one statement for many turns."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from conversations.crashpoints import crashpoint
from conversations.store.database import Contended
from conversations.store.statements import upsert
from conversations.tables import ANSWERS, CONTACTS, INBOX, MESSAGES, OUTBOX, SESSIONS, TIMERS

Row = Mapping[str, Any]

_EARLIER = ANSWERS.alias("earlier")
_REPLACED = (
    select(func.max(_EARLIER.c.version))
    .where(_EARLIER.c.session_id == bindparam("whose"), _EARLIER.c.step == bindparam("what"))
    .scalar_subquery()
)
#: parents before their children; an answer finds the version that it takes the place of by itself
_ADDS = {table: insert(table) for table in (SESSIONS, CONTACTS, INBOX, ANSWERS, MESSAGES, OUTBOX)} | {
    ANSWERS: insert(ANSWERS).values(version=func.coalesce(_REPLACED, 0) + 1, replaced=_REPLACED)
}
_SAVE = (
    update(SESSIONS)
    .where(SESSIONS.c.id == bindparam("key"), SESSIONS.c.version == bindparam("read_version"))
    .values(
        {column.name: bindparam(column.name) for column in SESSIONS.c if column.name not in {"id", "created"}}
    )
)
_END = delete(TIMERS).where(
    TIMERS.c.session_id == bindparam("key_session"), TIMERS.c.name == bindparam("key_name")
)


class Ledger:
    """Written by `flush`; what reads the tables in between must flush first."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._added: dict[Table, list[Row]] = {table: [] for table in _ADDS}
        self._saved: list[Row] = []
        self._set: list[Row] = []
        self._ended: list[Row] = []

    def add(self, table: Table, rows: Iterable[Row]) -> None:
        self._added[table].extend(rows)

    def save(self, row: Row) -> None:
        """Replace a session; `key` and `read_version` name the one that was read."""
        self._saved.append(row)

    def time(self, session_id: str, timers: Mapping[str, datetime | None]) -> None:
        """Set timers of a session by their due time, and end those that have none."""
        for name, due in timers.items():
            if due is None:
                self._ended.append({"key_session": session_id, "key_name": name})
            else:
                self._set.append({"session_id": session_id, "name": name, "due": due})

    def flush(self) -> None:
        """Write everything gathered so far.

        Raises:
            Contended: a session is no longer the one that was read.
        """
        for table, statement in _ADDS.items():
            if rows := self._added[table]:
                self.connection.execute(statement, rows)
                self._added[table] = []
        if self._saved:
            changed = self.connection.execute(_SAVE, self._saved).rowcount
            # a driver that does not count says -1; the row lock has made sure then
            if changed not in (len(self._saved), -1):
                raise Contended("a session has changed")
            self._saved = []
            crashpoint("sessions saved")
        self._time()

    def _time(self) -> None:
        if self._ended:
            self.connection.execute(_END, self._ended)
            self._ended = []
        if self._set:
            self.connection.execute(upsert(TIMERS, self.connection.dialect.name), self._set)
            self._set = []
            crashpoint("timers set")
