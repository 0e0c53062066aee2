"""Receipts of messages that were sent, in a file beside the database: they outlive a process that is killed.

A message is sent first, and its row settled by a later commit. Whoever takes up the rows of a process that
died in between finds its receipts, and sends none of these messages again. Nothing waits for the disk: when
the power goes, receipts may go with it, and their messages come twice.
"""

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from conversations.store.message import Contact

Row = tuple[str, int, Contact]  #: what names a row of the outbox

SIZE = 16  #: bytes of a receipt
MOST = 4096  #: in the file; far more than are in hand, so what the newest overwrites was settled long ago


def receipt(worker: str, row: Row) -> bytes:
    """Tells nothing to whoever does not know the row; a row that another worker sends is another message."""
    session_id, n, contact = row
    named = "\0".join((worker, session_id, str(n), contact.channel, contact.address))
    return blake2b(named.encode(), digest_size=SIZE).digest()


class Receipts:
    """One worker's, behind those that earlier ones left."""

    def __init__(self, file: Path, worker: str) -> None:
        self._file, self._worker = file, worker
        self._descriptor: int | None = None
        self._kept = 0

    def keep(self, row: Row) -> None:
        """It has just been sent."""
        with suppress(OSError):  # a full disk: it was sent all the same, and may be sent again
            os.pwrite(self._opened(), receipt(self._worker, row), self._kept % MOST * SIZE)
            self._kept += 1

    def left(self) -> frozenset[bytes]:
        """All that are in the file."""
        with suppress(OSError):
            kept = self._file.read_bytes()
            return frozenset(kept[at : at + SIZE] for at in range(0, len(kept), SIZE))
        return frozenset()

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _opened(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o600)
            self._kept = os.fstat(self._descriptor).st_size // SIZE
        return self._descriptor
