"""What the process counts, for Prometheus: how much, how long, how it ended. No label names a person.

A registry belongs to one process and is built with it. Turns, jobs and deliveries tell a `Metrics` as their
`conversations.watch.Watch`; what waits in tables is looked up when somebody asks, at most once a second.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.health import Kept
from conversations.store.queues import Queues, look
from conversations.watch import Delivered, Rang, Turned, Worked

FRESH = 1.0  #: seconds that a look at the queues serves
PATIENCE = 1.5  #: seconds that the database has to answer a scrape

TURN = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
GROUP = (1, 2, 4, 8, 16, 32, 64, 128, 256)
WAIT = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800, 7200)
DECISION = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2)

#: keeps what `labels` of a figure gives: the look-up costs more than the counting
kept = lru_cache(maxsize=256)


class Metrics:
    """The figures of one process. `observe_…` and the methods of `Watch` cost about a microsecond."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns()
        self._work()
        self._queues()
        self._channels()
        self._process()

    def turn(self, channel: str, outcome: Turned, seconds: float) -> None:
        self._turn(channel, outcome).observe(seconds)

    def waiting(self, turns: int) -> None:
        self._waiting.set(turns)

    def group(self, size: int) -> None:
        self._group.observe(size)

    def job(self, kind: str, outcome: Worked, seconds: float) -> None:
        self._job(kind, outcome).observe(seconds)

    def delivery(self, channel: str, outcome: Delivered, seconds: float) -> None:
        self._delivery(channel, outcome).observe(seconds)

    def timer(self, name: str, outcome: Rang) -> None:
        self._timer(name, outcome).inc()

    def database(self, error: str) -> None:
        self._errors(error).inc()

    def leading(self, role: str, *, yes: bool) -> None:
        self._leader(role).set(yes)

    def source(self, source: str, outcome: str, seconds: float) -> None:
        """A source was asked about an account; `outcome` is "ok" or the fact that stood in its way."""
        self._source(source, outcome).observe(seconds)

    def decided(self, outcome: str, grade: str | None, seconds: float) -> None:
        """A decision was made, or could not be (`failed`); without a grade it has the grade "none"."""
        self._decision.observe(seconds)
        self._decisions(outcome, grade or "none").inc()

    def streams_open(self, count: Callable[[], int]) -> None:
        """Ask this, at every scrape, how many pages follow their conversation."""
        self._streams.set_function(count)

    def channel(self, channel: str, in_reach: Callable[[], bool], backlog: Callable[[], int]) -> None:
        """Ask these, at every scrape, whether a channel brings what merchants do and what waits there."""
        self._in_reach(channel).set_function(in_reach)
        self._backlog(channel).set_function(backlog)

    def show(self, queues: Queues, now: datetime) -> None:
        """What waits, as of now."""
        self._queued("outbox").set(queues.outbox)
        self._queued("jobs").set(queues.jobs_queued)
        self._oldest("outbox").set(_age(queues.outbox_due, now))
        self._oldest("jobs").set(_age(queues.jobs_due, now))
        self._oldest("timers").set(_age(queues.timers_due, now))
        self._running.set(queues.jobs_running)
        self._dead.set(queues.dead_letters)

    def away(self, seconds: float) -> None:
        """The database has not answered for so long; 0 when it just did."""
        self._up.set(seconds == 0)
        self._away.set(seconds)

    def _turns(self) -> None:
        registry = self.registry
        self._turn = kept(Histogram(
            "bangbang_turn_seconds", "From an arrival to its commit.", ["channel", "outcome"],
            buckets=TURN, registry=registry,
        ).labels)  # fmt: skip
        self._waiting = Gauge(
            "bangbang_turns_waiting", "Arrivals that wait to be written.", registry=registry
        )
        self._group = Histogram(
            "bangbang_turn_group_size", "Turns written by one transaction.", buckets=GROUP, registry=registry
        )
        self._streams = Gauge(
            "bangbang_streams_open", "Pages that follow their conversation.", registry=registry
        )

    def _work(self) -> None:
        registry = self.registry
        self._job = kept(Histogram(
            "bangbang_job_seconds", "One attempt at a job.", ["kind", "outcome"],
            buckets=WAIT, registry=registry,
        ).labels)  # fmt: skip
        self._delivery = kept(Histogram(
            "bangbang_delivery_seconds", "From a message's turn to its attempt.", ["channel", "outcome"],
            buckets=WAIT, registry=registry,
        ).labels)  # fmt: skip
        self._source = kept(Histogram(
            "bangbang_source_seconds", "One reading of a source.", ["source", "outcome"],
            buckets=WAIT, registry=registry,
        ).labels)  # fmt: skip
        self._decision = Histogram(
            "bangbang_decision_seconds", "Making one decision.", buckets=DECISION, registry=registry
        )
        self._decisions = kept(
            Counter("bangbang_decisions", "Decisions made.", ["outcome", "grade"], registry=registry).labels
        )

    def _queues(self) -> None:
        registry = self.registry
        self._timer = kept(
            Counter("bangbang_timers", "Timers that fell due.", ["name", "outcome"], registry=registry).labels
        )
        self._queued = kept(
            Gauge("bangbang_queue_waiting", "Rows that wait.", ["queue"], registry=registry).labels
        )
        self._oldest = kept(Gauge(
            "bangbang_queue_oldest_seconds", "How long the oldest due row has waited.", ["queue"],
            registry=registry,
        ).labels)  # fmt: skip
        self._running = Gauge("bangbang_jobs_running", "Jobs taken and not ended.", registry=registry)
        self._dead = Gauge("bangbang_dead_letters", "Arrivals that could not be acted on.", registry=registry)

    def _channels(self) -> None:
        registry = self.registry
        self._in_reach = kept(Gauge(
            "bangbang_channel_in_reach", "Whether this process leads and arrivals reach it.", ["channel"],
            registry=registry,
        ).labels)  # fmt: skip
        self._backlog = kept(Gauge(
            "bangbang_channel_backlog", "Pushes that wait at the channel, as the leader knows.", ["channel"],
            registry=registry,
        ).labels)  # fmt: skip

    def _process(self) -> None:
        registry = self.registry
        self._errors = kept(
            Counter(
                "bangbang_database_errors", "Failures of the database by type.", ["error"], registry=registry
            ).labels
        )
        self._up = Gauge("bangbang_database_up", "Whether the database answers.", registry=registry)
        self._away = Gauge(
            "bangbang_database_away_seconds", "How long it has not answered.", registry=registry
        )
        self._leader = kept(
            Gauge(
                "bangbang_leader", "Whether this process leads in a role.", ["role"], registry=registry
            ).labels
        )
        build = Gauge("bangbang_build_info", "The release.", ["version"], registry=registry)
        build.labels(version("bangbang")).set(1)


class Scrape:
    """`GET /metrics`. It answers when the database does not, with the queues as they were last seen."""

    def __init__(self, metrics: Metrics, store: Kept, clock: Callable[[], datetime]) -> None:
        self._metrics, self._store, self._clock = metrics, store, clock
        self._answered = self._looked = time.monotonic() - FRESH
        self._one = asyncio.Lock()
        metrics.away(0)  # the store is open: a process that starts raises no alarm

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/metrics", self.show)]

    async def show(self, _request: web.Request) -> web.Response:
        async with self._one:  # however many ask, the database is asked by one
            await self._look()
        body = await asyncio.to_thread(generate_latest, self._metrics.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def _look(self) -> None:
        if time.monotonic() - self._looked < FRESH:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                self._metrics.show(await self._store.read(look), self._clock())
        except Exception:  # whatever the driver raises, the other figures are wanted all the more
            self._metrics.away(time.monotonic() - self._answered)
        else:
            self._answered = time.monotonic()
            self._metrics.away(0)
        self._looked = time.monotonic()


def _age(due: datetime | None, now: datetime) -> float:
    return max(0.0, (now - due).total_seconds()) if due else 0.0
