"""Verifying the record: row by row, and against anchors kept elsewhere, for a cut end breaks no chain."""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from conversations.store import Store, audit
from conversations.store.audit import Audit, Entry, Head


@dataclass(frozen=True)
class Verified:
    """The head as far as the chain is whole; `broken` is the first row at fault, and `why`."""

    head: Head
    broken: int | None = None
    why: str = ""
    seconds: float = 0.0

    @property
    def line(self) -> str:
        """What an operator reads."""
        if self.broken is not None:
            return f"row {self.broken}: {self.why}; {self.head.rows} rows before it are whole"
        return f"{self.head.rows} rows, all of them whole, in {self.seconds:.1f} s"


class BadAnchor(ValueError):
    """The file is none that we wrote."""


async def verify(store: Store, record: Audit, anchors: Mapping[int, str]) -> Verified:
    """Look at every row; `anchors` are MACs that rows of these numbers had earlier."""
    began = time.perf_counter()
    found = await store.read(lambda connection: checked(record, audit.chain(connection), anchors))
    return Verified(found.head, found.broken, found.why, time.perf_counter() - began)


def checked(record: Audit, entries: Iterable[Entry], anchors: Mapping[int, str]) -> Verified:
    """The first row that is not what it was, or is gone."""
    head = Head()
    for entry in entries:
        if record.breaks(entry, head):
            return Verified(head, head.rows + 1, "was changed, or a row before it is gone")
        head = Head(entry.n, entry.mac)
        if anchors.get(entry.n, entry.mac) != entry.mac:
            return Verified(head, entry.n, "is another one than the anchor names: the record was rewritten")
    beyond = [n for n in anchors if n > head.rows]
    if beyond:
        return Verified(
            head, head.rows + 1, f"is gone: an anchor names row {min(beyond)}, the end was cut off"
        )
    return Verified(head)


def anchored(file: Path) -> dict[int, str]:
    """What earlier verifications wrote; nothing when the file is not there yet.

    Raises:
        BadAnchor: a line cannot be read.
        OSError: the file cannot be read.
    """
    if not file.exists():
        return {}
    try:
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
        return {int(line["rows"]): str(line["mac"]) for line in lines}
    except (ValueError, TypeError, KeyError):
        raise BadAnchor(f"{file}: should hold lines that `audit verify --anchor` wrote") from None


def anchor(file: Path, head: Head, at: datetime) -> None:
    """Add the head to the file, which belongs on another machine than the database."""
    line = {"rows": head.rows, "mac": head.mac, "at": at.isoformat(timespec="seconds")}
    with file.open("a", encoding="utf-8") as kept:
        kept.write(f"{json.dumps(line)}\n")
