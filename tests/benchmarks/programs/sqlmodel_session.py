"""An SQLModel session per turn over aiosqlite, one durable commit each: how such a bot is usually written."""

import asyncio
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from tests.benchmarks.programs.serving import serve
from tests.benchmarks.programs.told import PATH, SECRET, TOKEN, Told, told


class Kept(SQLModel, registry=registry()):
    """Tables of this program, apart from the product's."""


class Arrival(Kept, table=True):
    id: int = Field(primary_key=True)


class Talk(Kept, table=True):
    chat: int = Field(primary_key=True)
    state: str
    version: int


class Said(Kept, table=True):
    id: int | None = Field(default=None, primary_key=True)
    chat: int
    text: str
    by: str


class Queued(Kept, table=True):
    id: int | None = Field(default=None, primary_key=True)
    chat: int
    text: str
    state: str


async def opened(given: Told) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+aiosqlite:///{given.folder / 'sessions.db'}")

    @event.listens_for(engine.sync_engine, "connect")
    def durable(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA busy_timeout = 10000")

    async with engine.begin() as connection:
        await connection.run_sync(Kept.metadata.create_all)
    return engine


async def keep(session: AsyncSession, arrival: int, chat: int, text: str) -> None:
    """The rows of one turn."""
    if await session.get(Arrival, arrival) is not None:
        return
    talk = await session.get(Talk, chat) or Talk(chat=chat, state="", version=0)
    talk.state, talk.version = text, talk.version + 1
    session.add_all([Arrival(id=arrival), talk, Said(chat=chat, text=text, by="merchant")])
    session.add_all([Said(chat=chat, text=text, by="bot"), Queued(chat=chat, text=text, state="queued")])
    await session.commit()


async def main() -> None:
    given = told()
    engine = await opened(given)
    writing = asyncio.Lock()  # SQLite has one writer; without it most turns would fail as locked
    address = f"{given.api}/bot{TOKEN}/sendMessage"

    async def receive(request: web.Request) -> web.Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != SECRET:
            return web.Response(status=403)
        update = await request.json()
        chat, text = update["message"]["chat"]["id"], update["message"]["text"]
        async with writing, AsyncSession(engine) as session:
            await keep(session, update["update_id"], chat, text)
        async with http.post(address, json={"chat_id": chat, "text": text}) as answer:
            await answer.json()
        return web.Response()

    async with aiohttp.ClientSession() as http:
        application = web.Application()
        application.add_routes([web.post(PATH, receive)])
        await serve(application)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
