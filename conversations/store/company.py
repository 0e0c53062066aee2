"""Several processes on one PostgreSQL: each keeps a connection of its own by which the others know it.

The connection holds the worker's advisory lock and those of the matters it leads in, hears what others
announce and announces what happened here. The server frees the locks when the connection ends, so a process
that was killed is gone at once. A connection that breaks, or falls silent, is made again; then every bell
is rung, for what was announced meanwhile is not repeated.
"""

import asyncio
import logging
import zlib
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from conversations.store.bell import Bell, rung
from conversations.store.presence import worker_number

CHANNEL = "bangbang"
WORKERS = 0x42414E47  #: the class of the locks by which workers are seen alive
LEADERS = 0x42414E48  #: the class of the locks of those who lead
PAYLOAD_BYTES = 7900  #: the server takes less than 8,000
KEEP_ALIVE = 4.0  #: seconds of quiet after which the connection is tried
PATIENCE = 4.0  #: seconds the server has to answer on it
LONGEST_PAUSE = 5.0  #: seconds between attempts to connect
TRY_TO_LEAD = 1.0  #: seconds between attempts to lead
CONNECTED, UNCONNECTED = 5.0, 1.0  #: seconds between looks at a table, with announcements and without

# The server drops a machine that fell silent after 6 + 2 × 3 s, later than that machine itself lets go of
# what it leads (KEEP_ALIVE + PATIENCE). On a socket file these settings are ignored.
_SETTLE_IN = """
SET application_name = 'bangbang presence';
SET tcp_keepalives_idle = 6;
SET tcp_keepalives_interval = 2;
SET tcp_keepalives_count = 3;
"""
_TELL = "SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload"
_LIVE = text(
    "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
    " AND classid = :workers"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)

log = logging.getLogger(__name__)


class _Line:
    """One connection for as long as it holds; it answers one question at a time."""

    def __init__(self, pooled: AsyncConnection, driver: Any) -> None:
        self.lost = asyncio.Event()
        self._pooled, self._driver = pooled, driver
        self._asking = asyncio.Lock()

    async def ask(self, statement: str, *given: object) -> Any:
        """The first value of the answer. Whatever fails ends the line."""
        async with self._asking:
            try:
                return await self._driver.fetchval(statement, *given, timeout=PATIENCE)
            except BaseException:  # cut short, the connection is in a state nobody knows
                self.drop()
                raise

    def drop(self) -> None:
        self.lost.set()
        self._driver.terminate()

    async def close(self) -> None:
        self.drop()
        await self._pooled.close()


class Company:
    """This process among the others; before it has entered it is heard and seen by nobody."""

    receipts = None  # rows are taken up at once, by another machine too

    def __init__(self, url: URL, bell: Bell) -> None:
        self._engine = create_async_engine(
            url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": PATIENCE}
        )
        self._bell = bell
        self._number = worker_number()
        self.worker = str(self._number)
        self._line: _Line | None = None
        self._untold: set[str] = set()
        self._news = asyncio.Event()
        self._present = False

    @property
    def look_again(self) -> float:
        return UNCONNECTED if self._line is None else CONNECTED

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[None]:
        self._line = await self._connected()
        self._present = True
        staying = asyncio.create_task(self._stay())
        try:
            yield
        finally:
            self._present = False
            staying.cancel()
            await asyncio.wait({staying})
            await self._leave()
            await self._engine.dispose()

    def live(self, connection: Connection) -> set[str]:
        locks = connection.execute(_LIVE, {"workers": WORKERS}).scalars()
        return {self.worker, *map(str, locks)}

    @asynccontextmanager
    async def leading(self, matter: str) -> AsyncIterator[asyncio.Event]:
        key = (LEADERS, _signed(zlib.crc32(matter.encode())))
        line = await self._chosen(key)
        try:
            yield line.lost
        finally:
            if not line.lost.is_set():
                with suppress(Exception):  # a line that breaks frees its locks by that
                    await line.ask("SELECT pg_advisory_unlock($1, $2)", *key)

    def tell(self, topics: Collection[str]) -> None:
        # After the commit and never in its transaction: NOTIFY makes every commit of the database that has
        # one wait for a single lock. What a crash loses in between is found by looking at the tables.
        if self._present:
            self._untold.update(topics)
            self._news.set()

    async def _chosen(self, key: tuple[int, int]) -> _Line:
        """The line that holds the lock of a matter, once it does."""
        while True:
            if not self._present:
                raise RuntimeError("a process leads only after it has entered")
            line = self._line
            if line is not None and await _gets(line, key):
                return line
            await asyncio.sleep(TRY_TO_LEAD)

    async def _stay(self) -> None:
        """Tell and keep alive on the line there is; make a new one whenever it breaks."""
        while True:
            if self._line is not None:
                with suppress(Exception):
                    await self._talk(self._line)
                log.warning("the connection to the other processes broke")
                await self._leave()
            self._line = await self._again()
            self._bell.ring_all()

    async def _again(self) -> _Line:
        pause = 0.1
        while True:
            try:
                return await self._connected()
            except Exception as error:
                log.info("the other processes cannot be reached: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _talk(self, line: _Line) -> None:
        """Announce what gathered since the last time, in one statement; nothing, after a while of quiet."""
        while not line.lost.is_set():
            await rung(self._news, KEEP_ALIVE)
            self._news.clear()
            topics, self._untold = self._untold, set()
            try:
                await line.ask(_TELL, CHANNEL, payloads(self.worker, topics))
            except BaseException:
                self._untold |= topics
                raise

    async def _connected(self) -> _Line:
        """A new line, seen by others and hearing them."""
        pooled = await self._engine.connect()
        try:
            driver = (await pooled.get_raw_connection()).driver_connection
            line = _Line(pooled, driver)
            async with asyncio.timeout(PATIENCE):
                await self._settle_in(line, driver)
        except BaseException:
            await pooled.close()
            raise
        return line

    async def _settle_in(self, line: _Line, driver: Any) -> None:
        await driver.execute(_SETTLE_IN)
        # Only a connection of this very process can hold the lock: one that broke and is not yet missed.
        await driver.execute(f"SELECT pg_advisory_lock_shared({WORKERS}, {self._number})")
        await driver.add_listener(CHANNEL, self._heard)
        driver.add_termination_listener(lambda _: self._ended(line))

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: str) -> None:
        worker, *topics = payload.split("\n")
        if worker != self.worker:
            self._bell.ring(*topics)

    def _ended(self, line: _Line) -> None:
        line.lost.set()
        self._news.set()

    async def _leave(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(Exception):  # it is broken already
                await line.close()


async def _gets(line: _Line, key: tuple[int, int]) -> bool:
    try:
        return await line.ask("SELECT pg_try_advisory_lock($1, $2)", *key) is True
    except Exception as error:  # the line is broken; there will be another one
        log.info("nobody was chosen: %s", type(error).__name__)
        return False


def _signed(number: int) -> int:
    """The 32 bits as the server's own signed integer."""
    return number - 2**32 if number >= 2**31 else number


def payloads(worker: str, topics: Iterable[str]) -> list[str]:
    """The topics in as few notifications as hold them, each beginning with who sends it."""
    made: list[str] = []
    for topic in sorted(topics):
        if made and len(f"{made[-1]}\n{topic}".encode()) <= PAYLOAD_BYTES:
            made[-1] += f"\n{topic}"
        else:
            made.append(f"{worker}\n{topic}")
    return made
