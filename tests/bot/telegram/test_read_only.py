"""Telegram keeps what PostgreSQL cannot take at the moment: nothing is confirmed that is nowhere."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.dead_letters import DeadLetters
from bot.signing import Signer
from bot.telegram.courtesy import Courtesy
from bot.telegram.intake import Intake
from bot.telegram.webhook import PATH, SECRET_HEADER, Webhook
from conversations.store import Store
from conversations.tables import DEAD_LETTERS, INBOX
from tests import postgres
from tests.bot.telegram.builders import NOW, READER, update
from tests.bot.telegram.fakes import Wire
from tests.conversations.toy import ToyClock, count, toy_turns

SECRET = "0123456789abcdef"


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


async def _pushed(store: Store, body: object) -> tuple[int, str | None]:
    """What the webhook answers."""
    clock = ToyClock()
    turns = toy_turns(store, clock)
    letters = DeadLetters(store, Signer("a secret"), clock)
    intake = Intake(READER, turns, Courtesy(Wire().bot(), turns.quiet, lambda: NOW), letters)
    app = web.Application()
    app.router.add_post(PATH, Webhook(intake, SECRET).receive)
    async with TestClient(TestServer(app)) as client:
        response = await client.post(PATH, json=body, headers={SECRET_HEADER: SECRET})
        return response.status, response.headers.get("Retry-After")


GOOD, BAD = update(text="hi"), update(text=7) | {"update_id": 6}


async def test_what_cannot_be_written_now_must_come_again_and_is_then_taken(store: Store, url: str) -> None:
    async with postgres.reading_only(url), Store.open(url) as stale:
        assert [await _pushed(stale, body) for body in (GOOD, BAD)] == [(503, "5")] * 2

        assert [await count(stale, table) for table in (INBOX, DEAD_LETTERS)] == [0, 0]
    assert [await _pushed(store, body) for body in (GOOD, BAD)] == [(200, None)] * 2
    assert [await count(store, table) for table in (INBOX, DEAD_LETTERS)] == [1, 1]
