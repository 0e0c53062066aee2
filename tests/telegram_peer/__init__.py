"""A stand-in for Telegram over real HTTP, whose types and rules were written by other people.

`running()` starts one; the imports behind it take seconds, so nothing is imported before that.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.telegram_peer.peer import Peer


@asynccontextmanager
async def running() -> AsyncIterator["Peer"]:
    """A peer that listens on a free port of this machine."""
    from tests.telegram_peer.peer import Peer

    peer = Peer()
    await peer.start()
    try:
        yield peer
    finally:
        await peer.stop()
