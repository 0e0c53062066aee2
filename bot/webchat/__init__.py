"""The web chat: one page, its messages in and out, and a stream that follows the conversation."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.pages import Pages
from bot.visitors import Proxies
from bot.webchat.routes import WebChat
from bot.webchat.stream import Streams
from conversations.turns import Turns


def attach(  # noqa: PLR0913, PLR0917  # the composition root names each part once
    app: web.Application,
    turns: Turns,
    pages: Pages,
    public_url: str,
    clock: Callable[[], datetime],
    trusted_proxies: str,
) -> Streams:
    """Mount the web chat; its streams end with the application, and tell how many are open."""
    streams = Streams(turns)
    app.add_routes(WebChat(turns, streams, pages, public_url, clock, Proxies(trusted_proxies)).routes())
    app.on_shutdown.append(streams.close)
    return streams
