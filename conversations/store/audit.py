"""The record: rows are added, chained by a MAC, and never changed; nothing in them is personal.

A row's MAC covers the row and the MAC before it, so that a changed, missing or inserted row breaks the chain.
What a chain cannot tell is that its end was cut off: an anchor kept elsewhere does (`Head`).
"""

import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, text

from conversations.deeds import Deed, Facts
from conversations.tables_access import AUDIT

#: any number does, as long as nothing else takes the same lock
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7316)")
_NEWEST = select(AUDIT.c.n, AUDIT.c.mac).order_by(AUDIT.c.n.desc()).limit(1)
_AT_ONCE = 2000  #: rows fetched together while the chain is verified


@dataclass(frozen=True)
class Head:
    """The newest row: how many there are, and the MAC that stands for all of them."""

    rows: int = 0
    mac: str = ""


class Entry(NamedTuple):
    """One row as it is read: the table's columns in their order."""

    n: int
    at: datetime
    who: str
    what: str
    session_id: str | None
    facts: str  #: JSON as it was chained
    mac: str


@dataclass(frozen=True)
class Wanted:
    """Which rows somebody asks for; None asks for all. `before` is the number of a row already seen."""

    who: str | None = None
    what: str | None = None
    session_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


@dataclass(frozen=True)
class Audit:
    """Adds to the record, and verifies it, with a key that is used for nothing else."""

    key: bytes
    clock: Callable[[], datetime]

    def add(
        self,
        connection: Connection,
        who: str,
        what: Deed,
        session_id: str | None = None,
        facts: Facts | None = None,
    ) -> None:
        """Put a deed on record in the transaction of what it did: last, for others wait for the commit."""
        before = head(connection)
        told = json.dumps(facts or {}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        entry = Entry(before.rows + 1, self.clock(), who, what.value, session_id, told, "")
        row = entry._replace(mac=self.mac(entry, before.mac))
        connection.execute(insert(AUDIT), row._asdict())

    def breaks(self, entry: Entry, before: Head) -> bool:
        """Whether this row is not the one that followed."""
        genuine = self.mac(entry, before.mac).encode()
        return entry.n != before.rows + 1 or not hmac.compare_digest(genuine, entry.mac.encode())

    def mac(self, entry: Entry, before: str) -> str:
        """What the row is chained by, after the row with the MAC `before`."""
        n, at, who, what, session_id, facts, _ = entry
        # no part holds the separator: they are ids and names of ours, and JSON escapes it
        told = f"{n}\0{at.isoformat()}\0{who}\0{what}\0{session_id or ''}\0{facts}\0{before}"
        return hmac.digest(self.key, told.encode(), "sha256").hex()


def head(connection: Connection) -> Head:
    """The newest row, which stays the newest until this transaction ends."""
    if connection.dialect.name == "postgresql":  # on SQLite nobody else writes meanwhile
        connection.execute(_ONE_AT_A_TIME)
    row = connection.execute(_NEWEST).one_or_none()
    return Head(row.n, row.mac) if row else Head()


def chain(connection: Connection) -> Iterator[Entry]:
    """Every row, the oldest first, a few at a time."""
    last = 0
    while rows := connection.execute(
        select(AUDIT).where(AUDIT.c.n > last).order_by(AUDIT.c.n).limit(_AT_ONCE)
    ).all():
        yield from map(Entry._make, rows)
        last = rows[-1].n


def newest(connection: Connection, wanted: Wanted, most: int) -> list[Entry]:
    """The newest rows of those, the newest first."""
    columns = {"who": wanted.who, "what": wanted.what, "session_id": wanted.session_id}
    found = select(AUDIT).where(*[AUDIT.c[name] == value for name, value in columns.items() if value])
    if wanted.since:
        found = found.where(AUDIT.c.at >= wanted.since)
    if wanted.until:
        found = found.where(AUDIT.c.at < wanted.until)
    if wanted.before:
        found = found.where(AUDIT.c.n < wanted.before)
    return list(map(Entry._make, connection.execute(found.order_by(AUDIT.c.n.desc()).limit(most))))
