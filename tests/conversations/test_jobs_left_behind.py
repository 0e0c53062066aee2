"""Work outlives the process that does it, and a database that was away."""

import asyncio
import os
import signal
import sys
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

from conversations import attempts, queue_worker, requests, rounds
from conversations.events import Event
from conversations.store import Store, work
from conversations.store.work import Job
from conversations.tables import JOBS
from tests.conversations.toy import START
from tests.conversations.working import DONE, Hire, answer, states, texts, until, waiting_work


async def test_work_left_running_by_a_crash_is_taken_up_at_the_next_start(store: Store, hired: Hire) -> None:
    turns, session_id = await waiting_work(store, requests.Assess())
    await store.write(lambda c: work.take(c, START, 5))
    assert await states(store) == ["running"]

    async with hired(turns, {"assess": answer}):
        await until(lambda: turns.idle(session_id))

    assert await texts(turns, session_id) == ["came.AssessmentFailed"]


async def _another_process(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "tests.conversations.hand", *arguments)
    given = {**os.environ, **environment}
    return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=given)


async def test_work_in_the_hands_of_a_killed_process_is_done_by_another_within_seconds(
    store: Store, hired: Hire, url: str
) -> None:
    turns, session_id = await waiting_work(store, requests.Assess())
    other = await _another_process(url, "endless")
    assert other.stdout is not None
    assert await other.stdout.readline() == b"begun\n"
    other.kill()
    await other.communicate()

    async with hired(turns, {"assess": answer}):
        await until(lambda: turns.idle(session_id), patience=10)

    assert await texts(turns, session_id) == ["came.AssessmentFailed"]


@pytest.mark.parametrize("place", ["job taken", "job done", "job finished"])
async def test_a_process_may_die_anywhere_in_its_work_and_the_conversation_is_told_once(
    store: Store, hired: Hire, url: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_worker, "SILENT", 1.0)
    monkeypatch.setattr(queue_worker, "RESCUE", 0.1)
    turns, session_id = await waiting_work(store, requests.Assess())
    other = await _another_process(url, BANGBANG_CRASH_AT=f"{place}:1")
    await other.communicate()
    assert other.returncode == -signal.SIGKILL

    async with hired(turns, {"assess": answer}):
        await until(lambda: _nothing_left(store))

    assert await texts(turns, session_id) == ["came.AssessmentFailed"]
    assert await states(store) == ["done"]


async def _nothing_left(store: Store) -> bool:
    """Neither in the table nor in the queue."""
    entries = text("SELECT count(*) FROM procrastinate.procrastinate_jobs")
    queued = store.shared and await store.read(lambda c: c.execute(entries).scalar_one())
    return not queued and await states(store) == ["done"]


async def test_only_what_nobody_alive_works_on_is_taken_up_again(store: Store) -> None:
    await waiting_work(store, requests.Assess())
    await store.write(lambda c: work.take(c, START, 5, "somebody"))

    assert await store.write(lambda c: work.recover(c, {"somebody", "another"})) == 0
    assert await store.write(lambda c: work.recover(c, {"another"})) == 1


async def test_an_attempt_that_was_thought_dead_changes_nothing_any_more(store: Store) -> None:
    turns, session_id = await waiting_work(store, requests.Assess())
    (slow,) = await store.write(lambda c: work.take(c, START, 5))
    again = await store.write(lambda c: work.begin(c, slow.id))
    assert again is not None

    assert not await turns.finish(slow, DONE)
    assert not await store.write(lambda c: work.postpone(c, slow, START, "late"))
    assert await turns.finish(again, DONE)
    assert not await turns.finish(again, DONE)
    assert await texts(turns, session_id) == ["came.AssessmentFailed"]


async def test_work_that_restarts_interrupted_is_still_done(store: Store, hired: Hire) -> None:
    turns, session_id = await waiting_work(store, requests.Assess())
    last = attempts.DEATHS - 1
    await store.write(lambda c: c.execute(update(JOBS).values(attempts=last, state="running")))

    async with hired(turns, {"assess": answer}):
        await until(lambda: turns.idle(session_id))

    assert await states(store) == ["done"]


async def test_work_that_ends_the_process_every_time_is_given_up(store: Store, hired: Hire) -> None:
    turns, session_id = await waiting_work(store, requests.Assess())
    await store.write(lambda c: c.execute(update(JOBS).values(attempts=attempts.DEATHS, state="running")))

    async with hired(turns, {}):
        await until(lambda: turns.idle(session_id))

    assert await texts(turns, session_id) == ["came.AssessmentFailed"]


class Failing:
    """A store's database whose first writes fail as a locked one does."""

    def __init__(self, inner: Any, troubles: int) -> None:
        self.inner, self.troubles = inner, troubles

    async def write(self, body: Any) -> Any:
        if self.troubles:
            self.troubles -= 1
            raise OperationalError("", None, Exception("locked"))
        return await self.inner.write(body)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


async def test_work_goes_on_after_the_database_was_away(
    store: Store, hired: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(rounds, "AGAIN", 0.01)
    turns, session_id = await waiting_work(store, requests.Assess())
    monkeypatch.setattr(store, "_database", Failing(store._database, 2))

    async with hired(turns, {"assess": answer}):
        await until(lambda: turns.idle(session_id))

    assert await texts(turns, session_id) == ["came.AssessmentFailed"]


async def test_a_failure_is_noted_as_soon_as_the_database_is_back(
    store: Store, hired: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(rounds, "AGAIN", 0.01)
    monkeypatch.setattr(attempts, "BACK_OFF", (0.0, 0.0))
    turns, session_id = await waiting_work(store, requests.Assess())
    failing = Failing(store._database, 0)
    monkeypatch.setattr(store, "_database", failing)

    async def broken(job: Job) -> Event | None:
        failing.troubles = 2
        raise ConnectionError

    async with hired(turns, {"assess": broken}):
        await until(lambda: turns.idle(session_id))

    assert await texts(turns, session_id) == ["came.AssessmentFailed"]
