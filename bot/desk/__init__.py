"""The staff desk: its gate, its frame and its pages, mounted under /desk."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Protocol

from aiohttp import web

from bot.access.access import Access
from bot.desk import routes
from bot.desk.account import OwnAccount
from bot.desk.activity import Activity
from bot.desk.bench import Bench
from bot.desk.board import Board
from bot.desk.colleagues import Colleagues
from bot.desk.conversation import Conversation
from bot.desk.entrance import A_MINUTE, Entrance
from bot.desk.gate import Gate
from bot.desk.live import Live
from bot.desk.noting import Noting
from bot.desk.numbers import Numbers
from bot.desk.queue import Queue
from bot.desk.replies import Replies
from bot.desk.revealing import Revealing
from bot.desk.shell import Shell
from bot.desk.verdicts import Verdicts
from bot.leadership import Leading
from bot.pages import Pages
from bot.rates import Rate
from bot.settings import Settings
from bot.visitors import Proxies
from conversations.turns import Turns


class Parts(Protocol):
    """What the desk needs of `bot.app.Parts`."""

    @property
    def settings(self) -> Settings: ...
    @property
    def access(self) -> Access: ...
    @property
    def turns(self) -> Turns: ...
    @property
    def bench(self) -> Bench: ...
    @property
    def leading(self) -> Leading: ...


def attach(app: web.Application, parts: Parts, pages: Pages, *, demonstration: bool) -> None:
    """Mount the desk; last, because it looks at every route that is there. A demonstration says so on each
    page, and lets the second step wait.

    Raises:
        Undeclared: a route of the desk without a right.
    """
    access = replace(parts.access, insist=not demonstration)
    gate = Gate(access, parts.settings.public_url, Proxies(parts.settings.trusted_proxies))
    shell = Shell(pages, demonstration)
    app.middlewares.append(gate.middleware)
    app.add_routes(Entrance(access, gate, shell, Rate(A_MINUTE, access.now)).routes())
    group = parts.settings.telegram_desk is not None
    app.add_routes(OwnAccount(access, gate, shell, group).routes())
    app.add_routes(Colleagues(access, gate, shell).routes())
    app.add_routes(Activity(access, shell).routes())
    app.add_routes(Revealing(access, shell).routes())
    board = Board(shell, parts.turns, access, parts.bench)
    conversation = Conversation(board)
    live = Live(board, gate)
    app.on_shutdown.append(live.close)
    numbers = Numbers(parts.turns.store, parts.turns.clock, shell)
    verdicts = Verdicts(conversation, parts.bench)
    for place in (Queue(board), conversation, verdicts, live, Replies(access, shell), numbers):
        app.add_routes(place.routes())
    app.cleanup_ctx.append(_noting(parts))
    routes.check(app.router.routes())


def _noting(parts: Parts) -> Callable[[web.Application], AsyncIterator[None]]:
    """Words are noted for the search beside everything else."""

    async def running(_app: web.Application) -> AsyncIterator[None]:
        store, clock = parts.turns.store, parts.turns.clock
        task = asyncio.create_task(Noting(store, clock, parts.leading).run())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    return running
