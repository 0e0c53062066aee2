"""What is left when everything has happened: every row of the database, all that merchants did and saw."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, Row, create_engine, func, select
from sqlalchemy.engine import make_url

from bot.signing import Signer
from conversations import session
from conversations.session import Session
from conversations.tables import CONTACTS, JOBS, METADATA, OUTBOX, SESSIONS
from tests.faults.bot_api import BotApi
from tests.faults.merchants import Merchant
from tests.faults.program import SECRET
from tests.faults.visitors import Visitor

if TYPE_CHECKING:
    from tests.faults.market import Market

DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Evidence:
    """Rows by table; `kills` counts the processes that were killed, by chance or at a place."""

    merchants: Sequence[Merchant]
    api: BotApi
    kills: int
    rows: dict[str, Rows]
    signer: Signer
    absences: int  #: how often the product was away for so long that it asks again
    poisoned: bool  #: whether there were updates that nobody can read

    @property
    def visitors(self) -> list[Visitor]:
        return [merchant for merchant in self.merchants if isinstance(merchant, Visitor)]

    def of(self, table: str, merchant: Merchant) -> Rows:
        """A merchant's rows in the order of their keys."""
        return self._by_session[table].get(self.session_ids.get(merchant.chat, ""), [])

    def state(self, merchant: Merchant) -> Session | None:
        """Raises ValueError when what is stored is no session."""
        stored = self.of("sessions", merchant)
        return session.load(stored[0].state) if stored else None

    @cached_property
    def session_ids(self) -> dict[int, str]:
        visitors = {one.address: one.chat for one in self.visitors}
        return {
            visitors[row.address] if row.address in visitors else int(row.address): row.session_id
            for row in self.rows["contacts"]
            if row.channel == "telegram" or row.address in visitors
        }

    @cached_property
    def _by_session(self) -> dict[str, dict[str, list[Row[Any]]]]:
        found: dict[str, dict[str, list[Row[Any]]]] = {name: defaultdict(list) for name in self.rows}
        for name, rows in self.rows.items():
            key = "id" if name == "sessions" else "session_id"
            for row in rows if key in METADATA.tables[name].c else ():
                found[name][row._mapping[key]].append(row)
        return found


def evidence(market: "Market") -> Evidence:
    """Read everything, in one transaction."""
    engine = connected(market.url)
    with engine.begin() as connection:
        rows = {
            name: connection.execute(select(table).order_by(*table.primary_key)).all()
            for name, table in METADATA.tables.items()
        }
    engine.dispose()
    return Evidence(
        market.merchants, market.api, market.kills, rows, Signer(SECRET), market.absences, market.poisoned
    )


def undone(url: str) -> int:
    """How many messages and jobs of reachable chats still wait, or are on their way and may have to again."""
    engine = connected(url)
    with engine.begin() as connection:
        alive = select(CONTACTS.c.address).where(CONTACTS.c.alive)
        waiting = OUTBOX.c.state.in_(("queued", "sending"))
        queued = select(func.count()).where(waiting, OUTBOX.c.address.in_(alive))
        pending = select(func.count()).where(JOBS.c.state.in_(("queued", "running")))
        count = sum(connection.execute(query).scalar_one() for query in (queued, pending))
    engine.dispose()
    return int(count)


def holders(url: str) -> dict[str, str]:
    """Who speaks in each conversation."""
    engine = connected(url)
    with engine.begin() as connection:
        query = select(SESSIONS.c.id, SESSIONS.c.holder).order_by(SESSIONS.c.id)
        found = {row.id: row.holder for row in connection.execute(query)}
    engine.dispose()
    return found


def connected(url: str) -> Engine:
    parsed = make_url(url)
    return create_engine(parsed.set(drivername=DRIVERS[parsed.get_backend_name()]))
