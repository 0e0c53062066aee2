"""The merchant's side in a terminal: text in, replies out, as people read them or as JSON lines."""

import asyncio
import io
import json
import sys
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from conversations.events import Arrived, Chose, Event, Said
from conversations.store import Contact, Message
from conversations.turns import Turns

HERE = Contact("terminal", "local")
LONGEST = 4096  #: characters of one message, as in every channel
WORK_LASTS = 60.0  #: seconds to wait for a result before the next line is read


class Screen(Protocol):
    """Where replies are shown."""

    def show(self, message: Message) -> None: ...
    def wait(self, step: str | None) -> None: ...
    def refuse(self, problem: str, line: int) -> None: ...


class JsonScreen:
    """One JSON object a line, for programs."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def show(self, message: Message) -> None:
        self._line(message.to_json())

    def wait(self, step: str | None) -> None:
        self._line({"kind": "waiting", "step": step})

    def refuse(self, problem: str, line: int) -> None:
        self._line({"error": problem, "line": line})

    def _line(self, shown: dict[str, Any]) -> None:
        self._write(json.dumps(shown, ensure_ascii=False) + "\n")


class PlainScreen:
    """Text with the quick replies under it, for people."""

    def __init__(self, write: Callable[[str], object], *, prompt: bool) -> None:
        self._write = write
        self._prompt = prompt

    def show(self, message: Message) -> None:
        whose = f"{message.speaker}: " if message.voice == "staff" else ""
        self._write(f"\n{whose}{message.text}\n")
        for choice in message.choices:
            self._write(f"  [{choice['label']}]{' ' + choice['url'] if 'url' in choice else ''}\n")

    def wait(self, step: str | None) -> None:
        if self._prompt:
            self._write("\n> ")

    def refuse(self, problem: str, line: int) -> None:
        self._write(f"! {line}: {problem}\n")


class Unreadable(ValueError):
    """A line of input that is no message."""


@dataclass
class Terminal:
    """One merchant at one terminal; what was said before is still there at the next start."""

    turns: Turns
    screen: Screen
    clock: Callable[[], datetime]
    language: str | None = None
    since: datetime | None = None  #: when this terminal was opened; what was said from then on is news
    whose: Contact = HERE
    _shown: int = field(default=0, init=False)
    _choices: dict[str, str] = field(default_factory=dict, init=False)

    async def run(self, lines: AsyncIterator[str]) -> None:
        """Talk until the input ends; replies that come meanwhile are shown as they come."""
        await self._begin()
        number = 0
        async for line in _beside(lines, self._follow):
            number += 1
            try:
                event = self._event(line)
            except Unreadable as problem:
                self.screen.refuse(str(problem), number)
                continue
            if event:
                await self._hear(event)

    async def _begin(self) -> None:
        known = await self.turns.session_of(self.whose)
        if known is None:
            await self._hear(Arrived(self.clock()))
            return
        said = await self.turns.messages(known.id)
        self._shown = max((message.n for message in said if not self._is_news(message)), default=0)
        changed = self.language is not None and self.language != known.language
        await self._hear(Said(self.clock(), f"/language {self.language}" if changed else "/start"))

    def _is_news(self, message: Message) -> bool:
        """Work that a killed process left behind may be done before the first line is read."""
        return self.since is not None and message.at >= self.since

    async def _hear(self, event: Event) -> None:
        self._choices.clear()
        handled = await self.turns.handle(self.whose, uuid.uuid4().hex, event, language=self.language)
        deadline = asyncio.get_running_loop().time() + WORK_LASTS
        while not await self.turns.idle(handled.session_id):
            if asyncio.get_running_loop().time() > deadline:
                break
            await self._show(handled.session_id, 0.2)
        await self._show(handled.session_id, 0)
        await self._wait()

    async def _show(self, session_id: str, patience: float) -> bool:
        new = await self.turns.news(session_id, self._shown, patience)
        for message in new:
            self._shown = message.n
            if message.sender != "merchant":
                self.screen.show(message)
                self._choices |= {choice["label"]: choice["id"] for choice in message.choices}
        return bool(new)

    async def _follow(self) -> None:
        """Show what is said while the input is quiet: a colleague's words, an account that was connected."""
        session = await self.turns.session_of(self.whose)
        while session:
            if await self._show(session.id, 1.0):
                await self._wait()

    async def _wait(self) -> None:
        session = await self.turns.session_of(self.whose)
        self.screen.wait(session.waiting if session else None)

    def _event(self, line: str) -> Event | None:
        """What a line means: plain text, {"text": …} or {"choice": …}; a label typed is a tap."""
        if not line.strip():
            return None
        said: object = _object(line) if line.lstrip().startswith("{") else {"text": line}
        match said:
            case {"text": str(text)} if len(text) <= LONGEST:
                choice = self._choices.get(text.strip())
                return Chose(self.clock(), choice) if choice else Said(self.clock(), text)
            case {"choice": str(choice)} if len(choice) <= LONGEST:
                return Chose(self.clock(), choice)
        raise Unreadable(
            f'should hold text, {{"text": ...}} or {{"choice": ...}}, up to {LONGEST} characters'
        )


def _object(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise Unreadable("should hold one JSON object") from None


async def _beside(lines: AsyncIterator[str], follow: Callable[[], Any]) -> AsyncIterator[str]:
    """The lines, with `follow` running only while the next one is awaited."""
    while True:
        following = asyncio.create_task(follow())
        try:
            line = await anext(lines)
        except StopAsyncIteration:
            return
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        yield line


async def typed() -> AsyncIterator[str]:
    """Lines of standard input, to its end; bytes that are no UTF-8 arrive as replacement characters.

    Read by a thread of its own, which nobody waits for: Ctrl-C ends the chat at once, typed line or not.
    """
    if sys.stdin is None:  # closed by the caller, as in `bangbang chat <&-`
        return
    source = io.FileIO(sys.stdin.fileno(), closefd=False)  # no lock of `sys.stdin` is held while it waits
    lines: asyncio.Queue[bytes] = asyncio.Queue(1)
    threading.Thread(target=_read, args=(source, lines, asyncio.get_running_loop()), daemon=True).start()
    while line := await lines.get():
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def _read(source: io.FileIO, lines: asyncio.Queue[bytes], loop: asyncio.AbstractEventLoop) -> None:
    """Hand over line after line, and an empty one at the end; a terminal that has gone is an end too."""
    line = b"begun"
    with suppress(RuntimeError, asyncio.CancelledError):  # the chat is over
        while line:
            try:
                line = source.readline()
            except OSError:
                line = b""
            asyncio.run_coroutine_threadsafe(lines.put(line), loop).result()
