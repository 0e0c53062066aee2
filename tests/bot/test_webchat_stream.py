"""The stream: every message once and in order, from where the browser stopped, until either side leaves."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from conversations.tables import MESSAGES
from tests.bot.site import Site, Visitor, site_in
from tests.bot.weibo_stand_in import WeiboStandIn


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with site_in(tmp_path, WeiboStandIn()) as opened:
        opened.streams.heartbeat = 0.1
        yield opened


@pytest.fixture
async def visitor(site: Site) -> AsyncIterator[Visitor]:
    async with site.visitor() as one:
        await one.start()
        yield one


async def events(stream: ClientResponse, count: int) -> list[tuple[str, dict[str, Any]]]:
    """The next events: id and object; heartbeats are left out."""
    found: list[tuple[str, dict[str, Any]]] = []
    id = ""
    async with asyncio.timeout(5):
        while len(found) < count:
            name, _, value = (await stream.content.readline()).decode().rstrip("\r\n").partition(": ")
            if name == "id":
                id = value
            if name == "data":
                found.append((id, json.loads(value)))
    return found


async def test_events_are_the_messages_with_their_ids(visitor: Visitor) -> None:
    async with visitor.client.get("/chat/stream") as stream:
        found = await events(stream, 2)

    assert stream.content_type == "text/event-stream"
    assert stream.headers["Cache-Control"] == "no-store"
    assert [id for id, _ in found] == ["1", "2"]
    assert [message for _, message in found] == await visitor.messages()


async def test_a_reconnecting_browser_misses_nothing_and_hears_nothing_twice(visitor: Visitor) -> None:
    async with visitor.client.get("/chat/stream?after=1") as stream:
        assert [id for id, _ in await events(stream, 1)] == ["2"]
    await visitor.send(choice="agree")

    headers = {"Last-Event-ID": "2"}
    async with visitor.client.get("/chat/stream?after=1", headers=headers) as stream:
        assert [id for id, _ in await events(stream, 2)] == ["3", "4"]


async def test_what_is_said_in_one_tab_reaches_the_other(visitor: Visitor) -> None:
    path = "/chat/stream?after=2"
    async with visitor.client.get(path) as first, visitor.client.get(path) as second:
        await visitor.send(choice="agree")

        assert await events(first, 2) == await events(second, 2)


async def test_a_shutdown_ends_every_stream_at_once(tmp_path: Path) -> None:
    async with site_in(tmp_path, WeiboStandIn()) as site, site.visitor() as visitor:
        await visitor.start()
        stream = await visitor.client.get("/chat/stream?after=2")
        async with asyncio.timeout(2):
            await site.app.shutdown()
            assert await stream.read() == b""


async def test_a_browser_that_left_is_not_followed(site: Site, visitor: Visitor) -> None:
    stream = await visitor.client.get("/chat/stream?after=2")
    assert len(site.streams) == 1
    stream.close()

    async with asyncio.timeout(5):
        while len(site.streams):  # noqa: ASYNC110 -- the stream's end rings no bell
            await asyncio.sleep(0.02)


async def test_nobody_holds_more_streams_than_a_person_has_tabs(visitor: Visitor) -> None:
    streams = [await visitor.client.get("/chat/stream?after=2") for _ in range(9)]

    assert [stream.status for stream in streams] == [200] * 8 + [429]
    for stream in streams:
        stream.close()


async def test_a_process_that_follows_enough_says_that_it_is_busy(site: Site, visitor: Visitor) -> None:
    site.streams.most = 1
    async with (
        visitor.client.get("/chat/stream?after=2"),
        visitor.client.get("/chat/stream?after=2") as answer,
    ):
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
        assert (await answer.json())["error"]["message"]


async def test_a_stream_that_fails_ends_instead_of_falling_silent(
    site: Site, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    await site.turns.store.write(MESSAGES.drop)

    async with visitor.client.get("/chat/stream") as stream, asyncio.timeout(2):
        assert await stream.read() == b""
    assert "a stream failed" in caplog.text
