"""Who else works on a database: seen while alive, told of news, one leader, known again after a restart."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text

from conversations.store import Store
from conversations.store.bell import rung
from conversations.store.company import PAYLOAD_BYTES, payloads
from conversations.store.presence import AlreadyServed
from conversations.tables import INBOX
from tests import postgres
from tests.conversations.toy import START

SOON = 15.0  #: seconds in which others have to notice
SERVING = """
import asyncio, sys
from conversations.store import Store

async def main():
    async with Store.open(sys.argv[1]) as store, store.present(), store.presence.leading("polling"):
        print(store.presence.worker, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


class Other:
    """Another process that serves and leads; it can be killed."""

    def __init__(self, process: asyncio.subprocess.Process, worker: str) -> None:
        self.process, self.worker = process, worker

    async def die(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        await self.process.wait()


@pytest.fixture
async def other(url: str) -> AsyncIterator[Other]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVING, url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(SOON):
        worker = (await process.stdout.readline()).decode().strip()
    yield Other(process, worker)
    if process.returncode is None:
        process.kill()
        await process.wait()


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A server that a test may stop."""
    if not postgres.available():
        pytest.skip(postgres.MISSING)
    with postgres.started(durable=True) as running:  # what was committed outlives a stop
        yield running


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(SOON):
        while not await holds():  # noqa: ASYNC110  # another process cannot set an event here
            await asyncio.sleep(0.02)


async def live(store: Store) -> set[str]:
    return await store.read(store.presence.live)


def _arrive(connection: Connection) -> str:
    connection.execute(insert(INBOX), {"channel": "web", "arrival": "1", "at": START})
    return "kept"


async def test_whoever_serves_is_alive_and_leads_at_once(store: Store) -> None:
    async with store.present(), store.presence.leading("polling") as lost:
        assert store.presence.worker in await live(store)
        assert not lost.is_set()


async def test_a_short_command_has_an_id_and_may_work_beside_those_who_serve(url: str, store: Store) -> None:
    async with store.present(), Store.open(url) as command:
        assert command.presence.worker in await live(command)
        assert command.presence.worker not in await live(store)


async def test_a_killed_process_is_seen_to_be_gone_and_another_leads(store: Store, other: Other) -> None:
    if not store.shared:
        with pytest.raises(AlreadyServed, match=r"served by another process"):
            await AsyncExitStack().enter_async_context(store.present())
        await other.die()
        async with store.present():
            return

    async with store.present():
        assert other.worker in await live(store)
        leading = AsyncExitStack()
        waiting = asyncio.create_task(leading.enter_async_context(store.presence.leading("polling")))
        assert not await asyncio.wait_for(asyncio.shield(asyncio.sleep(0, waiting.done())), SOON)

        await other.die()

        async with asyncio.timeout(SOON):
            await waiting
        assert other.worker not in await live(store)
        await leading.aclose()


async def test_only_who_has_entered_leads_others(postgres_url: str) -> None:
    async with Store.open(postgres_url) as store:
        with pytest.raises(RuntimeError, match="entered"):
            await AsyncExitStack().enter_async_context(store.presence.leading("polling"))


async def test_a_leader_that_steps_down_lets_the_next_one_lead(postgres_url: str) -> None:
    async with (
        Store.open(postgres_url) as one,
        one.present(),
        Store.open(postgres_url) as two,
        two.present(),
    ):
        async with one.presence.leading("polling"), two.presence.leading("another matter"):
            pass
        async with asyncio.timeout(SOON), two.presence.leading("polling") as lost:
            assert not lost.is_set()


async def test_what_is_announced_rings_in_every_process(url: str) -> None:
    async with Store.open(url) as here:
        with here.bell.listen("shop") as heard:
            here.announce("shop")
            assert heard.is_set()
        if not here.shared:
            return
        async with here.present(), Store.open(url) as there, there.present():
            with there.bell.listen("shop") as heard_there, here.bell.listen("shop") as heard_here:
                here.announce("shop", "another")
                heard_here.clear()
                assert await rung(heard_there, SOON)
                assert not heard_here.is_set()  # its own notification is not news
                assert there.look_again > 1


async def test_who_has_not_entered_announces_to_itself_alone(postgres_url: str) -> None:
    async with Store.open(postgres_url) as command:
        with command.bell.listen("shop") as heard:
            command.announce("shop")

    assert heard.is_set()
    assert command.look_again == 1


def test_notifications_hold_as_much_as_they_may() -> None:
    topics = {f"{n:032x}" for n in range(1000)}

    made = payloads("7", topics)

    assert len(made) == 5
    assert all(len(payload.encode()) <= PAYLOAD_BYTES for payload in made)
    assert {topic for payload in made for topic in payload.split("\n")[1:]} == topics
    assert {payload.split("\n")[0] for payload in made} == {"7"}
    assert payloads("7", ()) == []


async def test_after_a_restart_of_the_server_everything_is_as_before(server: postgres.Server) -> None:
    async with (
        Store.open(server.url) as store,
        store.present(),
        Store.open(server.url) as other,
        other.present(),
    ):
        await store.create()
        async with store.presence.leading("polling") as lost:
            server.stop()
            assert await rung(lost, SOON)
        with store.bell.listen("shop") as missed:
            server.start()
            assert await rung(missed, SOON)
        await until(lambda: _sees(store, other))
        async with asyncio.timeout(SOON), store.presence.leading("polling"):
            pass
        with other.bell.listen("shop") as heard:
            store.announce("shop")
            assert await rung(heard, SOON)


async def _sees(store: Store, other: Store) -> bool:
    return other.presence.worker in await live(store)


async def test_a_connection_that_is_ended_by_the_server_is_made_again(postgres_url: str) -> None:
    async with Store.open(postgres_url) as store, store.present(), Store.open(postgres_url) as command:
        with store.bell.listen("shop") as missed:
            await command.write(_end_presences)
            assert await rung(missed, SOON)
        assert store.presence.worker in await live(command)


def _end_presences(connection: Connection) -> None:
    connection.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'bangbang presence'"
        )
    ).all()


async def test_a_second_process_of_one_file_is_refused_and_the_next_one_served(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'x.db'}"
    async with Store.open(url) as first, Store.open(url) as second:
        async with first.present():
            with pytest.raises(AlreadyServed, match=r"x\.db"):
                await AsyncExitStack().enter_async_context(second.present())
        async with second.present():
            pass


async def test_a_restart_of_the_server_between_two_bodies_fails_neither(server: postgres.Server) -> None:
    async with Store.open(server.url) as store:
        await store.create()
        await asyncio.gather(*(store.read(lambda c: c.execute(select(1)).scalar_one()) for _ in range(4)))
        server.stop()
        server.start()

        kept = await asyncio.gather(store.write(_arrive), *(store.read(_ask) for _ in range(4)))

    assert kept == ["kept", 1, 1, 1, 1]


def _ask(connection: Connection) -> int:
    return int(connection.execute(select(1)).scalar_one())


async def test_a_restart_in_the_middle_of_a_body_runs_it_once_more(server: postgres.Server) -> None:
    runs: list[int] = []

    def interrupted(connection: Connection) -> str:
        runs.append(1)
        _arrive(connection)
        if len(runs) == 1:
            server.stop()
            server.start()
        return str(connection.execute(select(INBOX.c.arrival)).scalar_one())

    async with Store.open(server.url) as store:
        await store.create()

        assert (await store.write(interrupted), len(runs)) == ("1", 2)


async def test_a_commit_that_is_not_answered_is_never_tried_again(server: postgres.Server) -> None:
    runs: list[int] = []

    def doubtful(connection: Connection) -> None:
        runs.append(1)
        _arrive(connection)
        server.stop()

    async with Store.open(server.url) as store:
        await store.create()
        with pytest.raises(ConnectionError):
            await store.write(doubtful)
        with pytest.raises(OSError, match=r".*"):
            await store.read(_ask)

    assert len(runs) == 1
