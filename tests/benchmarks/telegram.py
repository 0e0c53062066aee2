"""Telegram as the load plays it: a Bot API that knows the fewest things, and pushes over kept connections.

Both ends are bare protocols, so that the load costs its core little; what is wrong shows as a missing reply.
"""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

from tests.benchmarks.programs.told import PATH, SECRET

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
#: in JSON, in a form, and in a part of a multipart body
_CHAT = re.compile(rb'chat_id"?(?:[:=]\s*"?|\r\n(?:[^\r\n]+\r\n)*\r\n)(-?\d+)')
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"

_BOT = {"id": 42, "is_bot": True, "first_name": "b", "username": "test_bot"}
_TRUE = {"ok": True, "result": True}
_ME = {"ok": True, "result": _BOT | {"can_join_groups": True, "supports_inline_queries": False}}
_WEBHOOK = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
_OTHERS: dict[bytes, dict[str, Any]] = {
    b"getme": _ME,
    b"getwebhookinfo": {"ok": True, "result": _WEBHOOK},
}

Heard = Callable[[int, bytes], None]


def _answer(body: dict[str, Any]) -> bytes:
    text = json.dumps(body).encode()
    return _HEAD % (len(text), text)


_SENT = (
    b'{"ok": true, "result": {"message_id": 7, "date": 1790000000, "text": "x", "from": '
    + json.dumps(_BOT).encode()
    + b', "chat": {"id": %s, "type": "private", "first_name": "Xia"}}}'
)


class _Call(asyncio.Protocol):
    """One connection of the bot; `heard` learns of every sendMessage."""

    def __init__(self, heard: Heard) -> None:
        self._heard, self._kept = heard, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._kept += data
        while (end := self._kept.find(b"\r\n\r\n")) >= 0:
            head = self._kept[:end]
            if (whole := _end(head, self._kept, end + 4)) is None:
                return
            body, self._kept = self._kept[end + 4 : whole], self._kept[whole:]
            self._serve(head, body)

    def _serve(self, head: bytes, body: bytes) -> None:
        assert self._transport is not None
        method = head.split(b" ", 2)[1].split(b"?")[0].rpartition(b"/")[2].lower()
        if method != b"sendmessage":
            self._transport.write(_answer(_OTHERS.get(method, _TRUE)))
            return
        found = _CHAT.search(body)
        assert found, body
        answer = _SENT % found[1]
        self._transport.write(_HEAD % (len(answer), answer))
        self._heard(int(found[1]), body)


def _end(head: bytes, kept: bytes, start: int) -> int | None:
    """Where the body ends; None when it is not all there yet."""
    if _CHUNKED.search(head):
        last = kept.find(b"0\r\n\r\n", start)
        return None if last < 0 else last + 5
    length = _LENGTH.search(head)
    end = start + (int(length[1]) if length else 0)
    return end if len(kept) >= end else None


async def serve(heard: Heard) -> asyncio.Server:
    """A Bot API on a free port of this machine."""
    return await asyncio.get_running_loop().create_server(lambda: _Call(heard), "127.0.0.1", 0)


class Push(asyncio.Protocol):
    """One kept connection to a bot's webhook, for one update at a time."""

    def __init__(self, port: int) -> None:
        self._head = (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: "
        ).encode()
        self._port, self._kept = port, b""
        self._transport: asyncio.Transport | None = None
        self._status: asyncio.Future[int] | None = None

    async def send(self, update: bytes) -> int:
        """The status that the webhook answered; 0 when the connection was lost."""
        loop = asyncio.get_running_loop()
        if self._transport is None or self._transport.is_closing():
            await loop.create_connection(lambda: self, "127.0.0.1", self._port)
        assert self._transport is not None
        self._status = loop.create_future()
        self._transport.write(self._head + b"%d\r\n\r\n%s" % (len(update), update))
        return await self._status

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._kept = transport, b""

    def data_received(self, data: bytes) -> None:
        self._kept += data
        end = self._kept.find(b"\r\n\r\n")
        if end >= 0 and (whole := _end(self._kept[:end], self._kept, end + 4)) is not None:
            status, self._kept = int(self._kept.split(b" ", 2)[1]), self._kept[whole:]
            self._answered(status)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._answered(0)

    def _answered(self, status: int) -> None:
        if self._status is not None and not self._status.done():
            self._status.set_result(status)
