"""Receives updates that Telegram pushes. 200 means "stored": it is said after the commit and never before."""

import hmac
import json
from collections.abc import Awaitable

from aiohttp import web

from bot.telegram.intake import Intake, StoreAway
from conversations.crashpoints import crashpoint

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name
CAP = 2**20  #: bytes; the longest real update is far below


class Webhook:
    """Only a caller who knows the secret is listened to."""

    def __init__(self, intake: Intake, secret: str) -> None:
        if not secret:
            raise ValueError("a webhook without a secret would take updates from anybody")
        self._intake, self._secret = intake, secret.encode()

    async def receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        body = await _read(request)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            # Telegram would repeat it for a day and hold back everything else of that chat.
            return await _stored(self._intake.park("not JSON" if len(body) <= CAP else "too long", body))
        crashpoint("webhook received")
        return await _stored(self._intake.take(update, body))


async def _stored(work: Awaitable[None]) -> web.Response:
    """200 once the work is done; otherwise Telegram is told when to come again."""
    try:
        await work
    except StoreAway as away:
        return web.Response(status=503, headers={"Retry-After": str(away.seconds)})
    crashpoint("webhook stored")
    return web.Response()


async def _read(request: web.Request) -> bytes:
    """The body, cut just behind the cap: what is longer cannot be read as JSON any more."""
    kept = bytearray()
    async for chunk in request.content.iter_any():
        kept += chunk
        if len(kept) > CAP:
            break
    return bytes(kept[: CAP + 1])
