"""Another process that works on the database at a URL: `python -m tests.conversations.hand URL [endless]`.

It says when it has begun some work; endless work ends only with the process.
"""

import asyncio
import sys

from conversations import jobs
from conversations.attempts import Attempts
from conversations.events import AssessmentFailed, Event
from conversations.store import Store
from conversations.store.work import Job
from tests.conversations.toy import START, toy_turns


async def main(url: str, *how: str) -> None:
    async def assess(job: Job) -> Event | None:
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        if "endless" in how:
            await asyncio.Event().wait()
        return AssessmentFailed(START, "a person decides")

    async with Store.open(url) as store, jobs.worker(Attempts(toy_turns(store), {"assess": assess}), url):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
