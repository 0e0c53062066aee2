"""What only one process may do: it waits for its turn, and learns when it has to let go."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

from conversations.watch import Watch

#: enters when this process leads in the named matter; the event is set when it no longer does
Leading: TypeAlias = Callable[[str], AbstractAsyncContextManager[asyncio.Event]]


def watched(leading: Leading, watch: Watch) -> Leading:
    """The same way to lead; the watch is told when it begins and ends, and at first that it has not begun."""

    @asynccontextmanager
    async def told(matter: str) -> AsyncIterator[asyncio.Event]:
        watch.leading(matter, yes=False)
        async with leading(matter) as lost:
            watch.leading(matter, yes=True)
            try:
                yield lost
            finally:
                watch.leading(matter, yes=False)

    return told


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
