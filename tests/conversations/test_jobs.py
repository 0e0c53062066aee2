"""Work outside a turn comes back as one event, in order, tried again and given up in the end."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from conversations import attempts, requests
from conversations.events import AssessmentFailed, Event, HandleChecked, Said
from conversations.session import Session, Turn
from conversations.store import Contact, Store, work
from conversations.store.work import Job, State
from conversations.tables import INBOX, JOBS
from conversations.turns import Turns
from tests.conversations.toy import SHOP, START, Merchant, ToyClock, ToySpeech, count, toy_turns
from tests.conversations.working import DONE, Hire, answer, states, texts, until, waiting_work

LOOK = requests.CheckHandle("brand", "@xia", "bb-1")


async def test_the_outcome_of_work_is_an_event_of_its_conversation(store: Store, hired: Hire) -> None:
    turns, session_id = await waiting_work(store, requests.Assess())
    assert not await turns.idle(session_id)

    async with hired(turns, {"assess": answer}):
        await until(lambda: turns.idle(session_id))

    assert await texts(turns, session_id) == ["came.AssessmentFailed"]
    assert await states(store) == ["done"]


async def test_work_asked_for_while_the_runner_waits_begins_at_once(store: Store, hired: Hire) -> None:
    turns = toy_turns(store, work=(requests.Assess(),))
    merchant = Merchant(turns)

    async with hired(turns, {"assess": answer}):
        await merchant.agrees()
        session_id = await merchant.says("work")
        await until(lambda: turns.idle(session_id))

    assert await texts(turns, session_id) == ["came.AssessmentFailed"]


async def test_work_without_an_outcome_is_simply_done(store: Store, hired: Hire) -> None:
    async def nothing(job: Job) -> Event | None:
        return None

    turns, session_id = await waiting_work(store, requests.Assess())
    async with hired(turns, {"assess": nothing}):
        await until(lambda: turns.idle(session_id))

    assert (await texts(turns, session_id), await states(store)) == ([], ["done"])


async def test_work_that_fails_is_tried_again_later(store: Store, hired: Hire) -> None:
    tries: list[int] = []

    async def second_time(job: Job) -> Event | None:
        tries.append(job.attempts)
        if len(tries) == 1:
            raise ConnectionError
        return DONE

    clock = ToyClock()
    turns, session_id = await waiting_work(store, requests.Assess(), clock=clock)
    async with hired(turns, {"assess": second_time}):
        await until(lambda: _due_later(store, clock))
        assert tries == [1]
        clock.pass_by(seconds=attempts.BACK_OFF[0])
        await until(lambda: turns.idle(session_id))

    assert (tries, await texts(turns, session_id)) == ([1, 2], ["came.AssessmentFailed"])


async def test_work_put_off_by_a_clock_that_has_gone_back_is_due(store: Store) -> None:
    """Whoever puts work off does it for `LONGEST_BACK_OFF` at most: what is due later is due now."""
    _, session_id = await waiting_work(store, requests.Assess())
    [job] = await store.write(lambda c: work.take(c, START, most=1))
    ahead = START + timedelta(hours=1)
    await store.write(lambda c: work.postpone(c, job, ahead, "why"))
    later = ahead - work.LONGEST_BACK_OFF

    assert await store.write(lambda c: work.take(c, later, most=1)) == []
    [again] = await store.write(lambda c: work.take(c, START, most=1))
    assert (again.session_id, again.attempts) == (session_id, 2)


async def test_the_next_work_due_is_none_that_waits_for_earlier_work(store: Store) -> None:
    _, session_id = await waiting_work(store, requests.Assess())
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

    turns, session_id = await waiting_work(store, asked)
    async with hired(turns, {"assess": broken, "check_handle": broken}):
        await until(lambda: turns.idle(session_id))

    assert await texts(turns, session_id) == [told]


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

    turns, session_id = await waiting_work(store, requests.Assess())
    broken = Turns(store, Broken(), lambda *_: "", ToyClock(), frozenset(), ToySpeech())
    async with hired(broken, {"assess": answer}):
        await until(lambda: turns.idle(session_id))

    assert await states(store) == ["failed"]


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
        await until(lambda: turns.idle(quick))
        assert [session_id for session_id, _ in order] == [quick, quick]
        release.set()
        await until(lambda: turns.idle(slow))

    assert order[2:] == [(slow, 1), (slow, 2)]


async def _prepared(merchant: Merchant) -> str:
    await merchant.agrees()
    return await merchant.says("work")


async def test_an_assessment_overtaken_by_a_newer_one_says_nothing(store: Store) -> None:
    turns, session_id = await waiting_work(store, requests.Assess())
    (job,) = await store.write(lambda c: work.take(c, START, 5))
    await turns.handle(SHOP, "later", _said("work"))

    assert not await turns.finish(job, DONE)
    assert await states(store) == ["done", "queued"]
    assert await texts(turns, session_id) == []


def _said(text: str) -> Event:
    return Said(START, text)


async def test_erased_work_comes_back_to_nobody(store: Store) -> None:
    turns, session_id = await waiting_work(store, requests.Assess())
    (job,) = await store.write(lambda c: work.take(c, START, 5))
    await turns.handle(SHOP, "later", _said("delete"))

    assert not await turns.finish(job, DONE)
    assert await texts(turns, session_id) == []
    assert not await store.write(lambda c: work.postpone(c, job, START + timedelta(1), "why"))


async def test_the_number_of_erased_work_is_never_given_again(store: Store, hired: Hire) -> None:
    turns, _ = await waiting_work(store, requests.Assess())
    merchant = Merchant(turns, Contact("web", "other"))
    async with hired(turns, {"assess": answer}):
        await until(lambda: _all_done(store))
    await turns.handle(SHOP, "later", _said("delete"))
    await merchant.agrees()
    await merchant.says("work")

    assert await store.read(lambda c: c.execute(select(JOBS.c.id)).scalars().all()) == [2]
    assert await count(store, INBOX, INBOX.c.channel == "job") == 1


async def _all_done(store: Store) -> bool:
    return set(await states(store)) == {"done"}


async def test_stopping_lets_running_work_end_and_leaves_the_rest(store: Store, hired: Hire) -> None:
    begun = asyncio.Event()

    async def slow(job: Job) -> Event | None:
        begun.set()
        await asyncio.sleep(0.05)
        return DONE

    turns, session_id = await waiting_work(store, LOOK, requests.Assess())
    async with hired(turns, {"assess": slow, "check_handle": slow}, slots=1):
        await begun.wait()

    assert await states(store) == ["done", "queued"]
    assert len(await texts(turns, session_id)) == 1


async def test_work_that_will_not_end_is_left_for_the_next_start(store: Store, hired: Hire) -> None:
    begun = asyncio.Event()

    async def endless(job: Job) -> Event | None:
        begun.set()
        await asyncio.sleep(60)
        return DONE

    turns, _ = await waiting_work(store, requests.Assess())
    async with hired(turns, {"assess": endless}, patience=0.01):
        await begun.wait()

    assert await states(store) == [State.RUNNING]


async def test_a_runner_may_be_awaited_instead(store: Store, hired: Hire) -> None:
    turns, session_id = await waiting_work(store, requests.Assess())
    runner = hired(turns, {"assess": answer})
    running = asyncio.create_task(runner.run())
    await until(lambda: turns.idle(session_id))
    await runner.stop()

    await asyncio.wait_for(running, 5)
