"""Patience that Telegram asks for: each chat holds for itself, and a storm slows everybody down."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

#: that are told to wait within `TOGETHER`, and more of them than messages went out meanwhile: then it is the
#: bot, not the chats
CHATS_OF_A_STORM = 3
TOGETHER = 1.0  #: seconds
CAREFUL = 30.0  #: seconds after a storm in which messages go out evenly
ENOUGH = 256  #: messages that are remembered; nobody sends as many in `TOGETHER`
GAP = 1 / 25  #: seconds between them; the limit for one bot is near 30 a second


class Pace:
    """Of one bot. Plain replies are never slowed down before Telegram says so."""

    def __init__(
        self,
        now: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._sleep = sleep
        self._held: dict[str, float] = {}  # until when, by chat
        self._floods: dict[str, float] = {}  # when the chat was last told to wait
        self._sent: deque[float] = deque(maxlen=ENOUGH)  # when messages went out
        self._all_held = self._careful = self._next = 0.0

    def wait(self, chat: str) -> float:
        """Seconds until the chat may be written to; 0 now."""
        if not self._held and not self._all_held:
            return 0.0
        now = self._now()
        until = max(self._held.get(chat, 0.0), self._all_held)
        if until > now:
            return until - now
        self._held.pop(chat, None)
        return 0.0

    def sent(self) -> None:
        """A message went out."""
        self._sent.append(self._now())

    def flooded(self, chat: str, seconds: float) -> None:
        """Telegram asked for so much patience with this chat."""
        now = self._now()
        self._held = {each: until for each, until in self._held.items() if until > now}
        self._held[chat] = max(self._held.get(chat, 0.0), now + seconds)
        self._floods = {each: at for each, at in self._floods.items() if now - at <= TOGETHER} | {chat: now}
        went_out = sum(now - at <= TOGETHER for at in self._sent)
        if len(self._floods) >= max(CHATS_OF_A_STORM, went_out + 1):
            # Of several holds the shortest: the longer ones stay with their chats.
            self._all_held = min(self._held[each] for each in self._floods if each in self._held)
            self._careful = self._all_held + CAREFUL

    async def turn(self) -> None:
        """Returns at once, or after a storm when it is this message's turn."""
        if not self._careful:
            return
        now = self._now()
        if now >= self._careful:
            self._all_held = self._careful = 0.0
            return
        self._next = max(self._next + GAP, now)
        if self._next > now:
            await self._sleep(self._next - now)
