"""Figures of a process for Prometheus: they follow what happens, survive the database, and name nobody."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot.health import Kept
from bot.leadership import watched
from bot.metrics import Metrics, Scrape
from conversations.store import Store
from conversations.store.queues import look
from tests.bot.test_health import Gone
from tests.conversations.toy import START, ToyClock
from tests.running import running

DEPLOY = Path(__file__).parents[2] / "deploy"
NAME = re.compile(r"\bbangbang_\w+")


async def scraped(store: Kept, metrics: Metrics) -> str:
    site = web.Application()
    site.add_routes(Scrape(metrics, store, ToyClock(START)).routes())
    async with TestClient(TestServer(site)) as prometheus:
        answer = await prometheus.get("/metrics")
        assert answer.status == 200
        return await answer.text()


async def test_what_is_told_is_what_is_shown() -> None:
    metrics = Metrics()
    metrics.turn("web", "fresh", 0.002)
    metrics.group(3)
    metrics.waiting(7)
    metrics.job("assess", "done", 0.2)
    metrics.delivery("telegram", "sent", 1.5)
    metrics.source("weibo", "rate_limited", 0.1)
    metrics.decided("approved", "B", 0.001)
    metrics.decided("referred", None, 0.001)
    metrics.timer("nudge", "fresh")
    metrics.leading("telegram", yes=True)
    metrics.channel("telegram", lambda: True, lambda: 4)

    shown = await scraped(Gone(), metrics)

    for line in (
        'bangbang_turn_seconds_count{channel="web",outcome="fresh"} 1.0',
        "bangbang_turn_group_size_sum 3.0",
        "bangbang_turns_waiting 7.0",
        'bangbang_job_seconds_count{kind="assess",outcome="done"} 1.0',
        'bangbang_delivery_seconds_count{channel="telegram",outcome="sent"} 1.0',
        'bangbang_source_seconds_count{outcome="rate_limited",source="weibo"} 1.0',
        'bangbang_decisions_total{grade="B",outcome="approved"} 1.0',
        'bangbang_decisions_total{grade="none",outcome="referred"} 1.0',
        'bangbang_timers_total{name="nudge",outcome="fresh"} 1.0',
        'bangbang_leader{role="telegram"} 1.0',
        'bangbang_channel_in_reach{channel="telegram"} 1.0',
        'bangbang_channel_backlog{channel="telegram"} 4.0',
    ):
        assert line in shown


async def test_a_scrape_without_a_database_says_so_and_shows_the_rest() -> None:
    shown = await scraped(Gone(), Metrics())

    assert "bangbang_database_up 0.0" in shown
    assert "bangbang_build_info{" in shown


async def test_two_processes_share_no_figure() -> None:
    one, other = Metrics(), Metrics()

    one.waiting(5)

    assert other.registry.get_sample_value("bangbang_turns_waiting") == 0


async def test_a_scrape_of_many_at_once_asks_the_database_once(tmp_path: Path) -> None:
    asked: list[Callable[..., Any]] = []

    class Counting(Gone):
        async def read(self, body: Callable[..., Any]) -> Any:
            asked.append(body)
            return await super().read(body)

    scrape = Scrape(Metrics(), Counting(), lambda: datetime.now(UTC))
    site = web.Application()
    site.add_routes(scrape.routes())
    async with TestClient(TestServer(site)) as prometheus:
        for _ in range(3):
            await (await prometheus.get("/metrics")).text()

    assert len(asked) == 1


async def test_a_running_product_shows_its_queues(tmp_path: Path) -> None:
    async with (
        running(tmp_path) as product,
        aiohttp.ClientSession() as prometheus,
        prometheus.get(f"{product.url}/metrics") as answer,
    ):
        shown = await answer.text()

    assert "bangbang_database_up 1.0" in shown
    assert 'bangbang_queue_waiting{queue="outbox"} 0.0' in shown
    assert "bangbang_dead_letters 0.0" in shown
    assert "bangbang_streams_open 0.0" in shown


def exposed() -> set[str]:
    """Every name that a query may use."""
    names = set[str]()
    for family in Metrics().registry.collect():
        if family.type == "histogram":
            names |= {f"{family.name}_{part}" for part in ("bucket", "count", "sum")}
        else:
            names.add(f"{family.name}_total" if family.type == "counter" else family.name)
    return names


@pytest.mark.parametrize("file", ["grafana-dashboard.json", "prometheus-rules.yaml"])
def test_dashboard_and_alerts_use_only_what_is_exposed(file: str) -> None:
    text = (DEPLOY / file).read_text("utf-8")
    queried = set(NAME.findall(text))

    assert yaml.safe_load(text)  # JSON is YAML too
    assert queried - exposed() == set()
    assert len(queried) > 8


def test_every_figure_has_its_place_on_the_dashboard() -> None:
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    text = json.dumps(dashboard["panels"])

    assert [family.name for family in Metrics().registry.collect() if family.name not in text] == []


async def test_failures_of_the_database_are_counted_by_type_and_refusals_of_a_body_are_not(
    tmp_path: Path,
) -> None:
    metrics = Metrics()

    def refuses(_connection: Connection) -> None:
        raise LookupError

    async with Store.open(f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}", metrics) as store:
        for ask in (store.read, store.write):
            with pytest.raises(OperationalError):
                await ask(look)  # there are no tables yet
            with pytest.raises(LookupError):
                await ask(refuses)

    counted = {
        sample.labels["error"]: sample.value
        for family in metrics.registry.collect()
        for sample in family.samples
        if sample.name == "bangbang_database_errors_total"
    }
    assert counted == {"OperationalError": 2.0}


async def test_a_process_shows_what_it_leads_in_and_for_how_long() -> None:
    metrics, may = Metrics(), asyncio.Event()

    @asynccontextmanager
    async def after_a_while(_matter: str) -> AsyncIterator[asyncio.Event]:
        await may.wait()
        yield asyncio.Event()

    def leads() -> float | None:
        return metrics.registry.get_sample_value("bangbang_leader", {"role": "housekeeping"})

    waiting = watched(after_a_while, metrics)("housekeeping")
    entering = asyncio.create_task(waiting.__aenter__())
    await asyncio.sleep(0)
    assert leads() == 0
    may.set()
    await entering
    assert leads() == 1
    await waiting.__aexit__(None, None, None)
    assert leads() == 0


async def test_a_store_that_was_just_opened_raises_no_alarm() -> None:
    metrics = Metrics()

    Scrape(metrics, Gone(), ToyClock(START))

    assert metrics.registry.get_sample_value("bangbang_database_up") == 1
