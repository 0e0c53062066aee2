"""How many messages one group takes: Telegram allows a bot twenty in a minute."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

MOST, SPAN = 20, 60.0  #: messages in any so many seconds


class Allowance:
    """Of one group. Some of it can be spared for those who must not wait."""

    def __init__(
        self,
        now: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._sleep = sleep
        self._sent: deque[float] = deque(maxlen=MOST)
        self._held = 0.0

    async def ready(self, spared: int = 0) -> None:
        """Returns once a message may be sent that leaves so many to others."""
        while (seconds := self._wait(MOST - spared)) > 0:
            await self._sleep(seconds)

    async def turn(self, spared: int = 0) -> None:
        """The same, and that message counts."""
        await self.ready(spared)
        self._sent.append(self._now())

    def hold(self, seconds: float) -> None:
        """Telegram asked for so much patience."""
        self._held = max(self._held, self._now() + seconds)

    def _wait(self, most: int) -> float:
        now = self._now()
        full = self._sent[-most] + SPAN if len(self._sent) >= most else 0.0
        return max(full, self._held) - now
