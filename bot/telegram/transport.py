"""python-telegram-bot's requests on aiohttp: its own HTTP client collapses under concurrent calls.

Failures come out as `NetworkError` or `TimedOut`. Neither the token nor anything that was said gets into an
error or a log.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # its public way converts every value

CAP = 20 * 2**20  #: bytes of an answer; a hundred updates are far below


class _Answer(dict[str, Any]):
    """An answer without a result is a broken one, not a `KeyError` in the caller's face."""

    def __missing__(self, key: str) -> Any:
        raise NetworkError(f"the answer has no {key}")


class Flooded(TelegramError):
    """Telegram asks to wait. PTB's own `RetryAfter` warns of its future each time it is made."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:g} s")
        self.seconds = seconds


def ready(parameters: Mapping[str, Any]) -> RequestData:
    """Parameters that are JSON already: no files, nothing to convert."""
    return RequestData([RequestParameter(name, value, None) for name, value in parameters.items()])


class Transport(BaseRequest):
    """Carries every call of one bot over one shared session."""

    __slots__ = ("_connect", "_open", "_read", "_session", "_write")

    def __init__(
        self,
        *,
        read_timeout: float = 10,
        write_timeout: float = 20,
        connect_timeout: float = 5,
        open_session: Callable[[], aiohttp.ClientSession] | None = None,
    ) -> None:
        self._read, self._write, self._connect = read_timeout, write_timeout, connect_timeout
        self._open = open_session or _open_session
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            self._session = self._open()

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the base class does it, but what cannot be read is not copied to the log."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise NetworkError("the answer is not a JSON object")
        return _Answer(answer)

    async def do_request(  # noqa: PLR0913, PLR0917  # the signature is python-telegram-bot's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        read, connect = _seconds(read_timeout, self._read), _seconds(connect_timeout, self._connect)
        writing = _seconds(write_timeout, self._write) if request_data and request_data.contains_files else 0
        waits = _waits(connect + read + writing, connect)
        if self._session is None or self._session.closed:
            raise NetworkError("the transport is not open")
        try:
            async with self._session.request(
                method, url, timeout=waits, allow_redirects=False, **_body(request_data)
            ) as response:
                answer = await _capped(response)
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # Only the kind of error: its text may hold the address, and the address holds the token.
            raise NetworkError(type(error).__name__) from None
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Flooded(_retry_after(answer))
        return response.status, answer


def _seconds(given: object, default: float) -> float:
    """PTB marks "not given" with an object of its own; waiting for ever is not offered."""
    return float(given) if isinstance(given, (int, float)) else default


# Chinese as it is: escaped, every character would be six
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_AS_JSON = {"Content-Type": "application/json"}


@cache
def _waits(altogether: float, connect: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=altogether, sock_connect=connect)


def _open_session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=50),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": BaseRequest.USER_AGENT},
    )


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": _JSON.encode(data.parameters).encode(), "headers": _AS_JSON}
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}


def _retry_after(answer: bytes) -> float:
    """What Telegram asks for, or a second when it does not say."""
    parameters = Transport.parse_json_payload(answer).get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(seconds) if isinstance(seconds, (int, float)) and seconds > 0 else 1.0


async def _capped(response: aiohttp.ClientResponse) -> bytes:
    if (response.content_length or CAP + 1) <= CAP:
        return await response.read()
    kept = bytearray()
    async for chunk in response.content.iter_any():
        kept += chunk
        if len(kept) > CAP:
            raise NetworkError("the answer is too long")
    return bytes(kept)
