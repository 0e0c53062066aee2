"""Whether the desk's pages stay quick when a hundred thousand conversations are stored, on both databases."""

import asyncio
import html
import random
import re
import secrets
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection, Table, insert

from bot import app, settings
from bot.access import sessions
from bot.access.access import Where, begun
from bot.access.staff import Role
from bot.visitors import new_token
from conversations import session
from conversations.events import Said
from conversations.phrases import sentences
from conversations.session import BOT, Account, Session
from conversations.store import Contact, Store, staff_sessions
from conversations.store import staff as accounts
from conversations.store.desk import search
from conversations.store.staff import Account as StaffAccount
from conversations.tables import CONTACTS, MESSAGES, SESSIONS
from tests import postgres
from tests.benchmarks import rounds
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.rounds import Plan
from tests.running import SECRET

CONVERSATIONS, QUICK = 100_000, 2_000
LINES = 10  #: messages of each, half of them the merchant's
WAITING, HELD = 50, 200  #: one in so many waits for a person, or is held by a colleague
BATCH = 500
SLOW = Goal("≤ 250 ms", most=250)
LATE = Goal("≤ 1,000 ms", most=1000)
WHY = ("asked", "stuck", "referred", "check")


@dataclass(frozen=True)
class Desk:
    """Somebody's browser at a running desk, with the conversations that are stored."""

    client: aiohttp.ClientSession
    form: str
    parts: app.Parts
    ids: Sequence[str]
    phone: str  #: said in one conversation

    async def get(self, path: str) -> str:
        async with self.client.get(path) as answer:
            assert answer.status == 200, answer.status
            return await answer.text()

    async def find(self, words: str) -> str:
        data = {"words": words, "form_token": self.form}
        headers = {"Origin": str(self.client._base_url)}  # what a browser would say
        async with self.client.post("/desk/search", data=data, headers=headers) as answer:
            assert answer.status == 200, answer.status
            return await answer.text()


async def run(plan: Plan) -> list[Row]:
    many = QUICK if plan.rounds == 1 else CONVERSATIONS
    rows = await _measured("SQLite", f"sqlite+aiosqlite:///{plan.folder / 'desk.db'}", many, plan)
    if postgres.available():
        with postgres.server() as url:
            rows += await _measured("PostgreSQL", url, many, plan)
    return rows


async def _measured(database: str, url: str, many: int, plan: Plan) -> list[Row]:
    rounds.say(f"storing {many:,} conversations on {database}")
    async with Store.open(url) as store:
        await store.create()
        began = time.perf_counter()
        ids, phone = await _fill(store, many)
        filled = time.perf_counter() - began
    async with _at_desk(url, ids, phone) as desk:
        middle = await _address_of_page(desk, 3)
        pages: Mapping[str, Callable[[], Awaitable[object]]] = {
            "waiting": partial(desk.get, "/desk"),
            "waiting, fourth page": partial(desk.get, middle),
            "all": partial(desk.get, "/desk?view=all"),
            "narrowed by reason": partial(desk.get, "/desk?view=all&why=check"),
            "conversation": partial(desk.get, f"/desk/conversations/{ids[-1]}"),
            "found: telephone": partial(desk.find, phone),
            "found: two characters": partial(desk.find, "房租"),
            "found: common figures": partial(desk.find, "000"),
            "found: nothing": partial(desk.find, "不存在的词语"),
        }
        times = plan.rounds * 4
        rows = [
            _row(database, name, [await _milliseconds(page) for _ in range(times)], SLOW)
            for name, page in pages.items()
        ]
        delays = [await _delay(desk, n) for n in range(times)]
        rows.append(_row(database, "a word in another browser", delays, LATE))
    return [*rows, Row("desk", f"{database}: stored and noted", many / filled, "/s")]


def _row(database: str, what: str, taken: Sequence[float], goal: Goal) -> Row:
    worst = max(taken)
    return Row(
        "desk", f"{database}: {what}", statistics.median(taken), "ms", goal, note=f"worst {worst:.0f} ms"
    )


async def _milliseconds(page: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await page()
    return (time.perf_counter() - began) * 1000


async def _address_of_page(desk: Desk, pages: int) -> str:
    path = "/desk"
    for _ in range(pages):
        page = await desk.get(path)
        following = re.search(r'class="button second" href="([^"]+)"', page)
        path = html.unescape(following[1]) if following else path
    return path


async def _delay(desk: Desk, n: int) -> float:
    """Milliseconds from a merchant's words to a colleague until they are in an open page."""
    id, words = desk.ids[1], f"heard {n} {secrets.token_hex(4)}"
    headers = {"Accept": "text/event-stream"}
    async with desk.client.get(f"/desk/live?chat={id}", headers=headers) as stream:
        await stream.content.readuntil(b"\r\n\r\n")
        await asyncio.sleep(1)
        began = time.perf_counter()
        now = datetime.now(UTC)
        said = asyncio.create_task(desk.parts.turns.handle(_contact(id), words, Said(now, words)))
        while words.encode() not in await stream.content.readuntil(b"\r\n\r\n"):
            pass
        await said
        return (time.perf_counter() - began) * 1000


@asynccontextmanager
async def _at_desk(url: str, ids: Sequence[str], phone: str) -> AsyncIterator[Desk]:
    given = {"_env_file": None, "database_url": url, "secret_key": SECRET, "telegram_token": None}
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(app.assembled(settings.read(**given)))
        server = await stack.enter_async_context(TestServer(app.application(parts)))
        token, me = new_token(), _member()
        begins = begun(Where("", "benchmark"), me.id, sessions.kept(token), me.created)

        def body(connection: Connection) -> None:
            accounts.add(connection, me)
            staff_sessions.begin(connection, begins)

        await parts.store.write(body)
        jar = aiohttp.CookieJar(unsafe=True)
        jar.update_cookies({"desk": token}, server.make_url("/"))
        client = await stack.enter_async_context(
            aiohttp.ClientSession(server.make_url("/"), cookie_jar=jar, read_bufsize=2**22)
        )
        yield Desk(client, sessions.form_token(parts.signer, begins), parts, ids, phone)


def _member() -> StaffAccount:
    now = datetime.now(UTC)
    return StaffAccount(
        secrets.token_hex(8), "mei", "Mei", Role.AGENT, "", now, totp="set", language="zh-Hans"
    )


async def _fill(store: Store, many: int) -> tuple[list[str], str]:
    """Conversations of merchants invented by a fixed chance; their ids, and a telephone number of one."""
    chance = random.Random(5)  # the same every time
    texts = [text for text in sentences("zh-Hans").values() if "{" not in text and 4 <= len(text) <= 40]
    now, ids, phone = datetime.now(UTC), [], ""
    for start in range(0, many, BATCH):
        made = [_conversation(chance, texts, now, n) for n in range(start, start + BATCH)]
        ids += [one["sessions"][0]["id"] for one in made]
        phone = made[0]["messages"][-2]["text"].split()[-1]
        await store.write(partial(_store, made=made))
    return ids, phone


def _store(connection: Connection, made: Sequence[Mapping[str, list[dict[str, Any]]]]) -> None:
    tables: Mapping[str, Table] = {"sessions": SESSIONS, "contacts": CONTACTS, "messages": MESSAGES}
    for name, table in tables.items():
        connection.execute(insert(table), [row for one in made for row in one[name]])
    search.note(connection, [one["sessions"][0]["id"] for one in made])


def _conversation(
    chance: random.Random, texts: Sequence[str], now: datetime, n: int
) -> dict[str, list[dict[str, Any]]]:
    id, at = f"{chance.getrandbits(128):032x}", now - timedelta(seconds=40 * (CONVERSATIONS - n))
    name = (
        chance.choice(texts)[:2]
        + chance.choice(("小馆", "咖啡", "健身", "民宿"))
        + str(chance.randrange(9999))
    )
    holder = "mei" if n % HELD == 1 else BOT
    person = chance.choice(WHY) if n % WAITING == 0 else None
    shop = {"brand": Account(name, "", screen_name=name)}
    kept = Session(id, holder=holder, person=person, accounts=shop)
    if holder != BOT:
        kept = replace(kept, holder_name="Mei", held_since=at)
    return {
        "sessions": [_row_of(kept, name, at)],
        "contacts": [{**vars(_contact(id)), "session_id": id, "alive": True}],
        "messages": list(_messages(chance, texts, id, at)),
    }


def _contact(id: str) -> Contact:
    return Contact("web", f"visitor {id}")


def _row_of(kept: Session, name: str, at: datetime) -> dict[str, Any]:
    waits = kept.person is not None and kept.holder == BOT
    return {
        "id": kept.id,
        "state": session.dump(kept),
        "stage": kept.stage.value,
        "language": kept.language,
        "holder": kept.holder,
        "epoch": 0,
        "person": kept.person,
        "person_since": at if kept.person else None,
        "answer_by": at + timedelta(minutes=10) if waits else None,
        "priority": 0,
        "snoozed_until": None,
        "name": name,
        "version": 0,
        "counter": LINES,
        "created": at,
        "updated": at,
    }


def _messages(chance: random.Random, texts: Sequence[str], id: str, at: datetime) -> Iterator[dict[str, Any]]:
    phone = f"1{chance.randrange(3_000_000_000, 9_999_999_999)}"
    for n in range(1, LINES + 1):
        mine = n % 2 == 1
        said = chance.choice(
            (f"{chance.randrange(100)}万", f"{chance.randrange(1, 99)}000元", chance.choice(texts))
        )
        text = f"我的电话是 {phone}" if n == LINES - 1 else said if mine else chance.choice(texts)
        yield {
            "session_id": id,
            "n": n,
            "sender": "merchant" if mine else "bot",
            "kind": "say",
            "text": text,
            "choices": [],
            "data": {},
            "language": "zh-Hans",
            "at": at + timedelta(seconds=n),
        }
