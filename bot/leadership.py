"""What only one process may do: it waits for its turn, and learns when it has to let go."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

#: enters when this process leads in the named matter; the event is set when it no longer does
Leading: TypeAlias = Callable[[str], AbstractAsyncContextManager[asyncio.Event]]


async def until_lost(work: asyncio.Task[None], lost: asyncio.Event) -> None:
    """Let the work run; it is cancelled the moment another process may lead."""
    losing = asyncio.create_task(lost.wait())
    try:
        await asyncio.wait({work, losing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        losing.cancel()
        work.cancel()
        await asyncio.wait({work})
    if not work.cancelled():
        work.result()
