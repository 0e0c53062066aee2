"""Who may push updates, and what 200 promises."""

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.telegram.courtesy import Courtesy
from bot.telegram.intake import Intake
from bot.telegram.webhook import CAP, PATH, SECRET_HEADER, Webhook
from conversations.gathering import Busy
from tests.bot.telegram.builders import NOW, READER, update
from tests.bot.telegram.fakes import Letters, Turns, Wire

SECRET = "0123456789abcdef"
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def intake(turns: Turns, letters: Letters) -> Intake:
    return Intake(READER, turns, Courtesy(Wire().bot(), turns.quiet, lambda: NOW), letters)


@pytest.fixture
async def client(intake: Intake) -> AsyncIterator[Client]:
    app = web.Application(client_max_size=2**30)
    app.router.add_post(PATH, Webhook(intake, SECRET).receive)
    async with TestClient(TestServer(app)) as client:
        yield client


async def push(client: Client, body: Any, secret: str | None = SECRET) -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = await client.post(
        PATH, data=io.BytesIO(data), headers={SECRET_HEADER: secret} if secret is not None else {}
    )
    return response.status


async def test_an_update_is_taken_before_200(client: Client, turns: Turns) -> None:
    assert await push(client, update(text="hi")) == 200
    assert len(turns.handled) == 1


@pytest.mark.parametrize(
    "secret", [None, "", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "密码"]
)
async def test_whoever_does_not_know_the_secret_is_sent_away(
    client: Client, turns: Turns, secret: str | None
) -> None:
    assert await push(client, update(text="hi"), secret) == 403
    assert turns.handled == []


async def test_an_update_that_cannot_be_stored_must_come_again(client: Client, turns: Turns) -> None:
    turns.trouble.append(OSError())
    response = await client.post(PATH, json=update(text="hi"), headers={SECRET_HEADER: SECRET})

    assert response.status == 503
    assert response.headers["Retry-After"] == "5"
    assert await push(client, update(text="hi")) == 200


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b'"' + b"x" * 2**21 + b'"', "too long"),
        (b"[]", "malformed update"),
        (b'{"update_id": 1, "message": {"text": 7}}', "malformed chat"),
    ],
)
async def test_what_can_never_be_understood_does_not_come_again(
    client: Client, letters: Letters, body: bytes, reason: str
) -> None:
    assert await push(client, body) == 200
    [(_, _, why, raw)] = letters.kept
    assert why == reason
    assert raw == body[: CAP + 1]


async def test_an_update_that_breaks_its_turn_does_not_come_again(
    client: Client, turns: Turns, letters: Letters
) -> None:
    turns.trouble.append(KeyError())

    assert await push(client, update(text="hi")) == 200
    assert len(letters.kept) == 1


async def test_more_than_can_be_done_soon_comes_again_soon(client: Client, turns: Turns) -> None:
    turns.trouble.append(Busy())
    response = await client.post(PATH, json=update(text="hi"), headers={SECRET_HEADER: SECRET})

    assert (response.status, response.headers["Retry-After"]) == (503, "1")


async def test_what_cannot_even_be_put_aside_must_come_again(client: Client, letters: Letters) -> None:
    letters.trouble.extend([OSError(), OSError()])

    assert await push(client, b"{") == 503
    assert await push(client, update(text=7)) == 503
    assert letters.kept == []


def test_without_a_secret_there_is_no_webhook(intake: Intake) -> None:
    with pytest.raises(ValueError, match="secret"):
        Webhook(intake, "")
