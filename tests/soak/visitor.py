"""A merchant at the web chat: follows the stream, thinks, answers the open question, until the end."""

import asyncio
import json
import random
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.visitors import contact_of
from tests.faults.merchants import ANSWERS, TAP, Act

Thinking = tuple[float, float]  #: the least and the most seconds before an act
LEAST_PAUSE = 0.5  #: seconds before a message that was not taken is sent again


@dataclass
class Told:
    """What all visitors together did and were told."""

    acknowledged: set[str] = field(default_factory=set)  #: arrivals that were answered 200
    replies: list[float] = field(default_factory=list)  #: seconds from an act to the next question
    finished: int = 0  #: conversations that came to their end
    busy: int = 0  #: requests that were answered 503 with a time to come again
    failures: list[str] = field(default_factory=list)  #: what should not have happened


@dataclass
class Visitor:
    """One browser profile: one conversation."""

    http: aiohttp.ClientSession
    url: str
    dice: random.Random
    thinking: Thinking
    told: Told
    moved: float = 0.0  #: when something was last said here by anybody, in the loop's time
    _headers: dict[str, str] = field(default_factory=dict)
    _address: str = ""
    _done: set[str] = field(default_factory=set)
    _asked_for: float = 0.0

    async def talk(self) -> None:
        """From the first page to the end of the conversation."""
        await self._arrive()
        async with self.http.get(f"{self.url}/chat/stream", headers=self._headers) as stream:
            if stream.status != 200:
                self.told.failures.append(f"the stream answers {stream.status}")
                return
            async for message in _messages(stream):
                self.moved = asyncio.get_running_loop().time()
                if await self._read(message):
                    self.told.finished += 1
                    return

    async def _arrive(self) -> None:
        """As if from an address of one's own, through a proxy on this machine."""
        self._headers = {"X-Forwarded-For": f"2001:db8:{self.dice.randrange(2**16):x}::1"}
        answer = await self._post("/chat/sessions", {})
        token = answer.cookies["bangbang"].value
        self._headers |= {"Cookie": f"bangbang={token}"}
        self._address = contact_of(token).address[:16]

    async def _read(self, message: dict[str, Any]) -> bool:
        """Answer what is asked; whether the conversation is over."""
        step, choices = message["step"], [choice["id"] for choice in message["choices"]]
        if message["from"] == "merchant":
            return False
        if step is None:
            return "accept" in self._done or "/edit" in choices
        if step in self._done:
            return False
        if self._asked_for:
            self.told.replies.append(self.moved - self._asked_for)
        await asyncio.sleep(self.dice.uniform(*self.thinking))
        await self._act(step, self._choose(step, choices))
        return False

    def _choose(self, step: str, choices: list[str]) -> Act:
        if step == "offer":
            return TAP, self.dice.choice([choice for choice in choices if choice.startswith("take:")])
        return (TAP, "skip") if step == "brand_account" else self.dice.choice(ANSWERS[step])

    async def _act(self, step: str, act: Act) -> None:
        self._done.add(step)
        self._asked_for = asyncio.get_running_loop().time()
        how, what = act
        id = str(uuid.uuid4())
        await self._post("/chat/messages", {"id": id, "choice" if how == TAP else "text": what})
        self.told.acknowledged.add(f"{self._address}:{id}")

    async def _post(self, path: str, body: dict[str, str]) -> aiohttp.ClientResponse:
        """Again, under the same id, for as long as the product is busy."""
        while True:
            async with self.http.post(f"{self.url}{path}", json=body, headers=self._headers) as answer:
                if answer.status == 200:
                    return answer
                if answer.status != 503 or "Retry-After" not in answer.headers:
                    raise aiohttp.ClientError(f"{path} answers {answer.status}")
                self.told.busy += 1
                await asyncio.sleep(max(LEAST_PAUSE, float(answer.headers["Retry-After"])))


async def _messages(stream: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    async for line in stream.content:
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))
