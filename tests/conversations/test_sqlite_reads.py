"""Reads of one file wait in a bounded queue: what is too much is told at once, as a database that is away."""

import asyncio
import threading
from pathlib import Path

from conversations.store import Store
from conversations.store.database import AWAY
from conversations.store.sqlite import READS


async def test_one_read_too_many_is_told_at_once_and_the_others_are_answered(tmp_path: Path) -> None:
    may_end = threading.Event()
    async with Store.open(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}") as store:
        reads = [asyncio.create_task(store.read(lambda _: may_end.wait(30))) for _ in range(READS + 1)]
        done, waiting = await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
        may_end.set()

        assert [isinstance(each.exception(), AWAY) for each in done] == [True]
        assert all(await asyncio.gather(*waiting))
        assert await store.read(lambda _: "again") == "again"
