"""Work outside a turn comes back as one event, through failures, crashes and stops."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from conversations import attempts, jobs, queue_worker, requests, rounds
from conversations.attempts import Attempts
from conversations.events import AssessmentFailed, Event, HandleChecked, Said
from conversations.rounds import Rounds
from conversations.session import Session, Turn
from conversations.store import Contact, Store, work
from conversations.store.work import Job, State
from conversations.tables import INBOX, JOBS
from conversations.turns import Turns
from tests.conversations.toy import SHOP, START, Merchant, ToyClock, ToySpeech, count, toy_turns

Hire = Callable[..., Rounds]

DONE = AssessmentFailed(START, "a person decides")
LOOK = requests.CheckHandle("brand", "@xia", "bb-1")


@pytest.fixture
def hired(url: str) -> Hire:
    """Whoever does the work on this database."""
    return lambda turns, handlers, **given: jobs.worker(Attempts(turns, handlers), url, **given)


async def _until(true: Callable[[], Awaitable[bool]], patience: float = 5) -> None:
    async with asyncio.timeout(patience):
        while not await true():  # noqa: ASYNC110  # tables ring no event
            await asyncio.sleep(0.005)


async def _waiting_work(
    store: Store, *asked: requests.Request, clock: ToyClock | None = None
) -> tuple[Turns, str]:
    turns = toy_turns(store, clock, work=asked)
    merchant = Merchant(turns)
    await merchant.agrees()
    return turns, await merchant.says("work")


async def _texts(turns: Turns, session_id: str) -> list[str]:
    return [
        m.text.removesuffix("/zh-Hans") for m in await turns.messages(session_id) if m.text.startswith("came")
    ]


async def _states(store: Store) -> list[str]:
    return list(
        await store.read(lambda c: c.execute(select(JOBS.c.state).order_by(JOBS.c.id)).scalars().all())
    )


async def _answer(job: Job) -> Event | None:
    return DONE


async def test_the_outcome_of_work_is_an_event_of_its_conversation(store: Store, hired: Hire) -> None:
    turns, session_id = await _waiting_work(store, requests.Assess())
    assert not await turns.idle(session_id)

    async with hired(turns, {"assess": _answer}):
        await _until(lambda: turns.idle(session_id))

    assert await _texts(turns, session_id) == ["came.AssessmentFailed"]
    assert await _states(store) == ["done"]


async def test_work_asked_for_while_the_runner_waits_begins_at_once(store: Store, hired: Hire) -> None:
    turns = toy_turns(store, work=(requests.Assess(),))
    merchant = Merchant(turns)

    async with hired(turns, {"assess": _answer}):
        await merchant.agrees()
        session_id = await merchant.says("work")
        await _until(lambda: turns.idle(session_id))

    assert await _texts(turns, session_id) == ["came.AssessmentFailed"]


async def test_work_without_an_outcome_is_simply_done(store: Store, hired: Hire) -> None:
    async def nothing(job: Job) -> Event | None:
        return None

    turns, session_id = await _waiting_work(store, requests.Assess())
    async with hired(turns, {"assess": nothing}):
        await _until(lambda: turns.idle(session_id))

    assert (await _texts(turns, session_id), await _states(store)) == ([], ["done"])


async def test_work_that_fails_is_tried_again_later(store: Store, hired: Hire) -> None:
    tries: list[int] = []

    async def second_time(job: Job) -> Event | None:
        tries.append(job.attempts)
        if len(tries) == 1:
            raise ConnectionError
        return DONE

    clock = ToyClock()
    turns, session_id = await _waiting_work(store, requests.Assess(), clock=clock)
    async with hired(turns, {"assess": second_time}):
        await _until(lambda: _due_later(store, clock))
        assert tries == [1]
        clock.pass_by(seconds=attempts.BACK_OFF[0])
        await _until(lambda: turns.idle(session_id))

    assert (tries, await _texts(turns, session_id)) == ([1, 2], ["came.AssessmentFailed"])


async def test_work_put_off_by_a_clock_that_has_gone_back_is_due(store: Store) -> None:
    """Whoever puts work off does it for `LONGEST_BACK_OFF` at most: what is due later is due now."""
    _, session_id = await _waiting_work(store, requests.Assess())
    [job] = await store.write(lambda c: work.take(c, START, most=1))
    ahead = START + timedelta(hours=1)
    await store.write(lambda c: work.postpone(c, job, ahead, "why"))
    later = ahead - work.LONGEST_BACK_OFF

    assert await store.write(lambda c: work.take(c, later, most=1)) == []
    [again] = await store.write(lambda c: work.take(c, START, most=1))
    assert (again.session_id, again.attempts) == (session_id, 2)


async def test_the_next_work_due_is_none_that_waits_for_earlier_work(store: Store) -> None:
    _, session_id = await _waiting_work(store, requests.Assess())
    [job] = await store.write(lambda c: work.take(c, START, most=1))
    await store.write(lambda c: work.add(c, session_id, "assess", {}, START))

    assert await store.read(work.next_due) is None
    await store.write(lambda c: work.finish(c, job, work.State.DONE))
    assert await store.read(work.next_due) == START


async def _due_later(store: Store, clock: ToyClock) -> bool:
    due = await store.read(work.next_due)
    return due is not None and due > clock.now


@pytest.mark.parametrize(
    ("asked", "told"), [(requests.Assess(), "came.AssessmentFailed"), (LOOK, "came.HandleChecked")]
)
async def test_work_that_always_fails_is_given_up_and_the_conversation_told(
    store: Store, hired: Hire, monkeypatch: pytest.MonkeyPatch, asked: requests.Request, told: str
) -> None:
    monkeypatch.setattr(attempts, "BACK_OFF", (0.0, 0.0))

    async def broken(job: Job) -> Event | None:
        raise ConnectionError

    turns, session_id = await _waiting_work(store, asked)
    async with hired(turns, {"assess": broken, "check_handle": broken}):
        await _until(lambda: turns.idle(session_id))

    assert await _texts(turns, session_id) == [told]


def test_what_a_conversation_is_told_names_the_failure_or_the_source() -> None:
    look = Job(1, "check_handle", "s", {"account": "brand", "handle": "@xia", "phrase": "x"}, 3)

    assert attempts.given_up(Job(1, "assess", "s", {}, 3), "KeyError", START) == AssessmentFailed(
        START, "KeyError"
    )
    assert attempts.given_up(look, "KeyError", START) == HandleChecked(
        START, "brand", "@xia", fact="service_unavailable"
    )
    assert attempts.given_up(Job(1, "other", "s", {}, 3), "KeyError", START) is None


async def test_work_whose_event_the_flow_cannot_take_ends_as_failed(
    store: Store, hired: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "BACK_OFF", (0.0, 0.0))

    class Broken:
        def advance(self, session: Session, event: Event) -> Turn:
            raise ZeroDivisionError

    turns, session_id = await _waiting_work(store, requests.Assess())
    broken = Turns(store, Broken(), lambda *_: "", ToyClock(), frozenset(), ToySpeech())
    async with hired(broken, {"assess": _answer}):
        await _until(lambda: turns.idle(session_id))

    assert await _states(store) == ["failed"]


async def test_work_left_running_by_a_crash_is_taken_up_at_the_next_start(store: Store, hired: Hire) -> None:
    turns, session_id = await _waiting_work(store, requests.Assess())
    await store.write(lambda c: work.take(c, START, 5))
    assert await _states(store) == ["running"]

    async with hired(turns, {"assess": _answer}):
        await _until(lambda: turns.idle(session_id))

    assert await _texts(turns, session_id) == ["came.AssessmentFailed"]


async def _another_process(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "tests.conversations.hand", *arguments)
    given = {**os.environ, **environment}
    return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=given)


async def test_work_in_the_hands_of_a_killed_process_is_done_by_another_within_seconds(
    store: Store, hired: Hire, url: str
) -> None:
    turns, session_id = await _waiting_work(store, requests.Assess())
    other = await _another_process(url, "endless")
    assert other.stdout is not None
    assert await other.stdout.readline() == b"begun\n"
    other.kill()
    await other.communicate()

    async with hired(turns, {"assess": _answer}):
        await _until(lambda: turns.idle(session_id), patience=10)

    assert await _texts(turns, session_id) == ["came.AssessmentFailed"]


@pytest.mark.parametrize("place", ["job taken", "job done", "job finished"])
async def test_a_process_may_die_anywhere_in_its_work_and_the_conversation_is_told_once(
    store: Store, hired: Hire, url: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_worker, "SILENT", 1.0)
    monkeypatch.setattr(queue_worker, "RESCUE", 0.1)
    turns, session_id = await _waiting_work(store, requests.Assess())
    other = await _another_process(url, BANGBANG_CRASH_AT=f"{place}:1")
    await other.communicate()
    assert other.returncode == -signal.SIGKILL

    async with hired(turns, {"assess": _answer}):
        await _until(lambda: _nothing_left(store))

    assert await _texts(turns, session_id) == ["came.AssessmentFailed"]
    assert await _states(store) == ["done"]


async def _nothing_left(store: Store) -> bool:
    """Neither in the table nor in the queue."""
    entries = text("SELECT count(*) FROM procrastinate.procrastinate_jobs")
    queued = store.shared and await store.read(lambda c: c.execute(entries).scalar_one())
    return not queued and await _states(store) == ["done"]


async def test_only_what_nobody_alive_works_on_is_taken_up_again(store: Store) -> None:
    await _waiting_work(store, requests.Assess())
    await store.write(lambda c: work.take(c, START, 5, "somebody"))

    assert await store.write(lambda c: work.recover(c, {"somebody", "another"})) == 0
    assert await store.write(lambda c: work.recover(c, {"another"})) == 1


async def test_an_attempt_that_was_thought_dead_changes_nothing_any_more(store: Store) -> None:
    turns, session_id = await _waiting_work(store, requests.Assess())
    (slow,) = await store.write(lambda c: work.take(c, START, 5))
    again = await store.write(lambda c: work.begin(c, slow.id))
    assert again is not None

    assert not await turns.finish(slow, DONE)
    assert not await store.write(lambda c: work.postpone(c, slow, START, "late"))
    assert await turns.finish(again, DONE)
    assert not await turns.finish(again, DONE)
    assert await _texts(turns, session_id) == ["came.AssessmentFailed"]


async def test_work_that_ends_the_process_every_time_is_given_up(store: Store, hired: Hire) -> None:
    turns, session_id = await _waiting_work(store, requests.Assess())
    await store.write(lambda c: c.execute(update(JOBS).values(attempts=attempts.ATTEMPTS, state="running")))

    async with hired(turns, {}):
        await _until(lambda: turns.idle(session_id))

    assert await _texts(turns, session_id) == ["came.AssessmentFailed"]


async def test_the_work_of_one_conversation_is_in_order_and_others_do_not_wait_for_it(
    store: Store, hired: Hire
) -> None:
    turns = toy_turns(store, work=(LOOK, LOOK))
    crowd = [Merchant(turns, Contact("web", name)) for name in ("slow", "quick")]
    slow, quick = [await _prepared(merchant) for merchant in crowd]
    release, order = asyncio.Event(), list[tuple[str, int]]()

    async def handler(job: Job) -> Event | None:
        if job.session_id == slow:
            await release.wait()
        order.append((job.session_id, job.id))
        return None

    async with hired(turns, {"check_handle": handler}):
        await _until(lambda: turns.idle(quick))
        assert [session_id for session_id, _ in order] == [quick, quick]
        release.set()
        await _until(lambda: turns.idle(slow))

    assert order[2:] == [(slow, 1), (slow, 2)]


async def _prepared(merchant: Merchant) -> str:
    await merchant.agrees()
    return await merchant.says("work")


async def test_an_assessment_overtaken_by_a_newer_one_says_nothing(store: Store) -> None:
    turns, session_id = await _waiting_work(store, requests.Assess())
    (job,) = await store.write(lambda c: work.take(c, START, 5))
    await turns.handle(SHOP, "later", _said("work"))

    assert not await turns.finish(job, DONE)
    assert await _states(store) == ["done", "queued"]
    assert await _texts(turns, session_id) == []


def _said(text: str) -> Event:
    return Said(START, text)


async def test_erased_work_comes_back_to_nobody(store: Store) -> None:
    turns, session_id = await _waiting_work(store, requests.Assess())
    (job,) = await store.write(lambda c: work.take(c, START, 5))
    await turns.handle(SHOP, "later", _said("delete"))

    assert not await turns.finish(job, DONE)
    assert await _texts(turns, session_id) == []
    assert not await store.write(lambda c: work.postpone(c, job, START + timedelta(1), "why"))


async def test_the_number_of_erased_work_is_never_given_again(store: Store, hired: Hire) -> None:
    turns, _ = await _waiting_work(store, requests.Assess())
    merchant = Merchant(turns, Contact("web", "other"))
    async with hired(turns, {"assess": _answer}):
        await _until(lambda: _all_done(store))
    await turns.handle(SHOP, "later", _said("delete"))
    await merchant.agrees()
    await merchant.says("work")

    assert await store.read(lambda c: c.execute(select(JOBS.c.id)).scalars().all()) == [2]
    assert await count(store, INBOX, INBOX.c.channel == "job") == 1


async def _all_done(store: Store) -> bool:
    return set(await _states(store)) == {"done"}


async def test_stopping_lets_running_work_end_and_leaves_the_rest(store: Store, hired: Hire) -> None:
    begun = asyncio.Event()

    async def slow(job: Job) -> Event | None:
        begun.set()
        await asyncio.sleep(0.05)
        return DONE

    turns, session_id = await _waiting_work(store, LOOK, requests.Assess())
    async with hired(turns, {"assess": slow, "check_handle": slow}, slots=1):
        await begun.wait()

    assert await _states(store) == ["done", "queued"]
    assert len(await _texts(turns, session_id)) == 1


async def test_work_that_will_not_end_is_left_for_the_next_start(store: Store, hired: Hire) -> None:
    begun = asyncio.Event()

    async def endless(job: Job) -> Event | None:
        begun.set()
        await asyncio.sleep(60)
        return DONE

    turns, _ = await _waiting_work(store, requests.Assess())
    async with hired(turns, {"assess": endless}, patience=0.01):
        await begun.wait()

    assert await _states(store) == [State.RUNNING]


async def test_a_runner_may_be_awaited_instead(store: Store, hired: Hire) -> None:
    turns, session_id = await _waiting_work(store, requests.Assess())
    runner = hired(turns, {"assess": _answer})
    running = asyncio.create_task(runner.run())
    await _until(lambda: turns.idle(session_id))
    await runner.stop()

    await asyncio.wait_for(running, 5)


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
    turns, session_id = await _waiting_work(store, requests.Assess())
    monkeypatch.setattr(store, "_database", Failing(store._database, 2))

    async with hired(turns, {"assess": _answer}):
        await _until(lambda: turns.idle(session_id))

    assert await _texts(turns, session_id) == ["came.AssessmentFailed"]


async def test_a_failure_is_noted_as_soon_as_the_database_is_back(
    store: Store, hired: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(rounds, "AGAIN", 0.01)
    monkeypatch.setattr(attempts, "BACK_OFF", (0.0, 0.0))
    turns, session_id = await _waiting_work(store, requests.Assess())
    failing = Failing(store._database, 0)
    monkeypatch.setattr(store, "_database", failing)

    async def broken(job: Job) -> Event | None:
        failing.troubles = 2
        raise ConnectionError

    async with hired(turns, {"assess": broken}):
        await _until(lambda: turns.idle(session_id))

    assert await _texts(turns, session_id) == ["came.AssessmentFailed"]
