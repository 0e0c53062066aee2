"""Journeys: conversations as data, each run through the real turn loop over every channel.

A step says what the merchant does (`arrived`, `said`, `tapped`, `connected`, `refused`, `placed`, `waited`)
and what must follow: `replied` (the keys of every reply, in order), `reads` (words in them), `waiting`,
`remembered`, `outcome`, `limit` (yuan). A story without `since` begins now.
"""

import asyncio
import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from conversations.session import Session
from conversations.store import Message
from tests.channels import CHANNELS, Merchant, merchant
from tests.running import MovingClock, Product, authorise, describe, running
from tests.telegram_peer.peer import TOKEN, Peer

FOLDER = Path(__file__).parent / "journeys"
FILES = sorted(FOLDER.rglob("*.yaml"))
STORIES = {file: yaml.safe_load(file.read_text("utf-8")) for file in FILES}
PATIENCE = 20.0  #: seconds until a reply must be there
ACTS = ("arrived", "said", "tapped", "connected", "refused", "placed", "waited")


class Journey:
    """One merchant on the way, and everything said to them so far."""

    def __init__(self, product: Product, user: Merchant) -> None:
        self.product, self.user = product, user
        self.heard = 0  #: the last message looked at
        self.version = 0

    async def act(self, step: dict[str, Any]) -> None:
        """Do what the step says, and wait until everything it caused has happened."""
        name = next(act for act in ACTS if act in step)
        await getattr(self, f"_{name}")(step[name])
        if name not in ("placed", "waited"):
            await self._until_heard()

    async def new(self) -> list[Message]:
        """What the bot has said since the last look."""
        session = await self._session()
        messages = await self.product.parts.turns.messages(session.id, self.heard)
        self.heard = messages[-1].n if messages else self.heard
        return [message for message in messages if message.sender == "bot"]

    async def session(self) -> Session:
        return await self._session()

    async def _arrived(self, _: object) -> None:
        await self.user.arrive()

    async def _said(self, text: object) -> None:
        await self.user.say(str(text))

    async def _tapped(self, choice: str) -> None:
        await self.user.tap(*await self._offered(choice))

    async def _connected(self, given: dict[str, str]) -> None:
        """Connect accounts as their owner would, in a browser."""
        for account, owner in given.items():
            assert await authorise(await self._link(account), owner) == 200

    async def _refused(self, account: str) -> None:
        assert await authorise(await self._link(account), "xiaoxia", agree=False) == 200

    async def _placed(self, given: dict[str, str]) -> None:
        """Put the ownership phrase into a profile."""
        session = await self._session()
        for account, screen_name in given.items():
            phrase = session.accounts[account].phrase
            await describe(self.product.sandbox_url, screen_name, f"好吃的都在这里 {phrase}")

    async def _waited(self, span: dict[str, float]) -> None:
        self.product.clock.ahead += timedelta(**span)

    async def _link(self, account: str) -> str:
        choices = [choice for message in await self._said_to_us() for choice in message.choices]
        found = [choice["url"] for choice in choices if f"choice.connect.{account}" and "url" in choice]
        return str(found[-1])

    async def _offered(self, choice: str) -> tuple[str, str]:
        """The newest button of this kind: its id ("yes" has one for each value read back) and its label."""
        for message in reversed(await self._said_to_us()):
            for offered in message.choices:
                if offered["id"] == choice or offered["id"].startswith(f"{choice}:"):
                    return str(offered["id"]), str(offered["label"])
        return choice, choice

    async def _said_to_us(self) -> list[Message]:
        return await self.product.parts.turns.messages((await self._session()).id)

    async def _session(self) -> Session:
        found = await self.product.parts.turns.session_of(self.user.contact)
        assert found is not None
        return found

    async def _until_heard(self) -> None:
        """The turn is stored, the work it asked for is done, and the channel has brought every reply."""
        await until(self._moved_on, PATIENCE, lambda: f"nothing was heard from {self.user.contact}")
        await self.product.settled((await self._session()).id)
        self.version = (await self._session()).version
        await until(self._brought, PATIENCE, lambda: "a reply did not reach the merchant")

    async def _moved_on(self) -> bool:
        found = await self.product.parts.turns.session_of(self.user.contact)
        return found is not None and found.version > self.version

    async def _brought(self) -> bool:
        said = [message for message in await self._said_to_us() if message.sender == "bot"]
        return len(await self.user.delivered()) >= len(said)


async def until(done: Callable[[], Awaitable[bool]], seconds: float, problem: Callable[[], str]) -> None:
    """Ask again and again, for a limited time."""
    for _ in range(int(seconds / 0.005)):
        if await done():
            return
        await asyncio.sleep(0.005)
    raise AssertionError(problem())


@asynccontextmanager
async def journey(
    channel: str, language: str, folder: Path, since: datetime | None = None
) -> AsyncIterator[Journey]:
    """A merchant at a running product; `since` is the moment at which the story begins, if not now."""
    async with AsyncExitStack() as stack:
        peer: Peer | None = None
        given: dict[str, object] = {}
        if channel == "telegram":
            peer = Peer()
            await peer.start()
            stack.push_async_callback(peer.stop)
            given = {"telegram_token": TOKEN, "telegram_api_url": peer.url}
        product = await stack.enter_async_context(
            running(folder, MovingClock.at(since) if since else None, given)
        )
        user = await stack.enter_async_context(merchant(channel, product, language, peer))
        yield Journey(product, user)


def _named(file: Path) -> str:
    return str(file.relative_to(FOLDER).with_suffix(""))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("file", FILES, ids=_named)
async def test_journey(file: Path, channel: str, tmp_path: Path) -> None:
    told = STORIES[file]
    language = told.get("language", "zh-Hans")
    async with asyncio.timeout(60), journey(channel, language, tmp_path, told.get("since")) as on_the_way:
        for number, step in enumerate([{"arrived": True}, *told["steps"]]):
            await on_the_way.act(step)
            replies = await on_the_way.new()
            _check(step, replies, await on_the_way.session(), f"{_named(file)} step {number}: {step}")
        await _check_delivered(on_the_way)


def _check(step: dict[str, Any], replies: list[Message], session: Session, where: str) -> None:
    if "replied" in step:
        assert [reply.key for reply in replies] == step["replied"], where
    for words in step.get("reads", []):
        assert any(words in reply.text for reply in replies), (where, words, [r.text for r in replies])
    if "waiting" in step:
        assert session.waiting == step["waiting"], where
    for name, value in step.get("remembered", {}).items():
        assert session.value(name) == value, (where, name)
    if "limit" in step:
        assert session.decision is not None, where
        assert session.decision.limit == step["limit"] * 100, (where, session.decision.binding)
    if "outcome" in step:
        assert session.decision is not None, where
        assert session.decision.outcome == step["outcome"], (where, session.decision.reasons)


async def _check_delivered(on_the_way: Journey) -> None:
    """What the journal holds is what reached the merchant, in the same order."""
    session = await on_the_way.session()
    journal = await on_the_way.product.parts.turns.messages(session.id)
    said = [_plain(message.text) for message in journal if message.sender == "bot"]
    arrived = (await on_the_way.user.delivered())[
        -len(said) :
    ]  # an erased journal is shorter than what was seen
    for expected, seen in zip(said, arrived, strict=True):
        assert expected in _plain(seen)


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"</?[a-z]+>", "", text)).strip()
