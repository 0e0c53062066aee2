"""Bot API calls as aiogram types them and teremok judges them. Keeps nothing between calls."""

import datetime as dt
import json
import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any

from aiogram import Router, methods
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods.base import Response
from aiohttp import web
from pydantic import ValidationError
from teremok import MockBot

METHODS: dict[str, Any] = {
    name.lower(): cls
    for cls in vars(methods).values()
    if isinstance(cls, type) and isinstance(name := getattr(cls, "__api_method__", None), str)
}


@cache
def _answer(method: Any) -> type:
    """What holds its result; kept here, or pydantic forgets it at the next collection and makes it anew."""
    return Response[method.__returning__]


class Refusal(Exception):
    """What Telegram answers instead of a result."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters

    def answer(self) -> web.Response:
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return web.json_response(
            body | ({"parameters": self.parameters} if self.parameters else {}), status=self.status
        )


class Bridge:
    """Validates a call and makes up a plausible result."""

    def __init__(self) -> None:
        self._bot = MockBot(Router())

    def next_message_id(self, chat: int) -> int:
        return int(self._bot.mock_session.auto.next_message_id(chat))

    async def call(self, name: str, given: Mapping[str, Any]) -> Any:
        """The result, as Telegram's JSON.

        Raises:
            Refusal: the method, a parameter or its value does not exist.
        """
        try:
            return plain(await self._bot(self.judged(name, given)))
        except TelegramBadRequest as error:
            raise Refusal(400, error.message.replace("Bad Request: Bad Request", "Bad Request")) from None

    def judged(self, name: str, given: Mapping[str, Any]) -> Any:
        """The call as aiogram types it, for whoever makes up a result of their own.

        Raises:
            Refusal: the method, a parameter or its value does not exist.
        """
        if (method := METHODS.get(name)) is None:
            raise Refusal(404, "Not Found: method not found")
        if extra := given.keys() - method.model_fields.keys():
            raise Refusal(400, f"Bad Request: unknown parameters {sorted(extra)}")
        _answer(method)
        try:
            return method.model_validate(_with_numbers(given))
        except ValidationError as error:
            raise Refusal(400, f"Bad Request: {error.errors()[0]['loc']} is wrong") from None


def plain(value: Any) -> Any:
    """The JSON of a typed result."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dt.datetime):
        return int(value.timestamp())
    if isinstance(value, dict):
        return {{"from_user": "from"}.get(k, k): plain(item) for k, item in value.items() if item is not None}
    if hasattr(value, "model_dump"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # aiogram's own types do not always agree with its values
            return plain(value.model_dump(by_alias=True))
    return value


async def parameters(request: web.Request) -> dict[str, Any]:
    """What a client sent, as JSON, a form or multipart."""
    if request.content_type == "application/json":
        sent = await request.json()
        return dict(sent)
    form = await request.post()
    return {name: _decoded(value) for name, value in {**request.query, **form}.items()}


def _decoded(value: Any) -> Any:
    if isinstance(value, web.FileField):
        return value.filename
    return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value


def _with_numbers(given: Mapping[str, Any]) -> dict[str, Any]:
    """Clients may send a chat's number as a string, which aiogram would take for a channel's name."""
    return {
        name: int(value) if name.endswith("chat_id") and str(value).lstrip("-").isdecimal() else value
        for name, value in given.items()
    }
