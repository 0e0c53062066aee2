"""Work that waits for its doer: who is hired, what was asked for, and what came of it."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import select

from conversations import requests
from conversations.events import AssessmentFailed, Event
from conversations.rounds import Rounds
from conversations.store import Store
from conversations.store.work import Job
from conversations.tables import JOBS
from conversations.turns import Turns
from tests.conversations.toy import START, Merchant, ToyClock, toy_turns

Hire = Callable[..., Rounds]

DONE = AssessmentFailed(START, "a person decides")


async def until(true: Callable[[], Awaitable[bool]], patience: float = 5) -> None:
    async with asyncio.timeout(patience):
        while not await true():  # noqa: ASYNC110  # tables ring no event
            await asyncio.sleep(0.005)


async def waiting_work(
    store: Store, *asked: requests.Request, clock: ToyClock | None = None
) -> tuple[Turns, str]:
    turns = toy_turns(store, clock, work=asked)
    merchant = Merchant(turns)
    await merchant.agrees()
    return turns, await merchant.says("work")


async def texts(turns: Turns, session_id: str) -> list[str]:
    return [
        m.text.removesuffix("/zh-Hans") for m in await turns.messages(session_id) if m.text.startswith("came")
    ]


async def states(store: Store) -> list[str]:
    return list(
        await store.read(lambda c: c.execute(select(JOBS.c.state).order_by(JOBS.c.id)).scalars().all())
    )


async def answer(job: Job) -> Event | None:
    return DONE
