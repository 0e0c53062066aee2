"""Bare aiohttp on both sides: an echo, alone or after a commit of the rows a turn needs.

Variants: none; `group` commits all turns that wait to SQLite with `synchronous=FULL`; a `postgresql://`
address does so through asyncpg.
"""

import asyncio
from contextlib import AsyncExitStack

import aiohttp
from aiohttp import web

from tests.benchmarks.programs import bare_store
from tests.benchmarks.programs.serving import serve
from tests.benchmarks.programs.told import PATH, SECRET, TOKEN, Told, told


def echo(http: aiohttp.ClientSession, given: Told, store: bare_store.Store) -> web.Application:
    """Parse, store, send, answer."""
    address = f"{given.api}/bot{TOKEN}/sendMessage"

    async def receive(request: web.Request) -> web.Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != SECRET:
            return web.Response(status=403)
        update = await request.json()
        message = update["message"]
        await store(bare_store.Heard(update["update_id"], message["chat"]["id"], message["text"]))
        sent = {"chat_id": message["chat"]["id"], "text": message["text"]}
        async with http.post(address, json=sent) as answer:
            await answer.json()
        return web.Response()

    application = web.Application()
    application.add_routes([web.post(PATH, receive)])
    return application


async def main() -> None:
    given = told()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        store = await stack.enter_async_context(bare_store.opened(given))
        await serve(echo(http, given, store))


if __name__ == "__main__":
    asyncio.run(main())
