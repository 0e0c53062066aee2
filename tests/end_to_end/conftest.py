"""`peer` stands in for Telegram; `shift` is the product whose staff work from a group there."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import telegram_peer

if TYPE_CHECKING:
    from tests.telegram_peer.peer import Peer
from tests.end_to_end.shift import Shift, on_shift


@pytest.fixture
async def peer() -> "AsyncIterator[Peer]":
    async with telegram_peer.running() as peer:
        yield peer


@pytest.fixture
async def shift(peer: "Peer", tmp_path: Path) -> AsyncIterator[Shift]:
    async with on_shift(tmp_path, peer) as opened:
        yield opened
