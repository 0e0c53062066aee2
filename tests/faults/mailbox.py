"""Updates on their way to the bot: kept until confirmed, then perhaps delivered once more."""

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

BATCH = 100  #: updates in one answer, as Telegram's default


@dataclass(frozen=True)
class Update:
    number: int
    chat: int
    body: dict[str, Any] = field(compare=False)


class Mailbox:
    """A queue with an offset. `copies` is how often each update comes at most; 1 is once."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.waiting: deque[Update] = deque()
        self.sent: list[Update] = []
        self.confirmed: set[int] = set()
        self.copies = 1
        self.late: list[Update] = []  # confirmed ones that will come again
        self._newest = 100_000_000
        self._came = asyncio.Event()

    def put(self, chat: int, kind: str, body: dict[str, Any]) -> Update:
        self._newest += 1
        update = Update(self._newest, chat, {"update_id": self._newest, kind: body})
        self.sent.append(update)
        self.waiting.append(update)
        self._came.set()
        return update

    def restart_numbers(self, lower: int) -> None:
        """After a quiet week Telegram goes on from any number, a lower one too."""
        self._newest = lower

    def confirm(self, update: Update) -> None:
        """It is Telegram's no more."""
        if update.number in self.confirmed:
            return
        self.confirmed.add(update.number)
        self.waiting.remove(update)

    def forget_taps(self) -> list[Update]:
        """Those that have waited for too long: they come no more, as if nobody had tapped."""
        lost = [update for update in self.waiting if "callback_query" in update.body]
        for update in lost:
            self.waiting.remove(update)
            self.sent.remove(update)
        return lost

    def again(self) -> int:
        """How many more times an update comes."""
        return self._dice.randint(0, self.copies - 1)

    async def fetch(self, offset: int, timeout: float) -> list[Update]:  # noqa: ASYNC109  # Telegram's own parameter
        """What waits from `offset` on; what lies before it is confirmed. An offset in the future is none."""
        if offset <= self._newest + 1:
            for update in [one for one in self.waiting if one.number < offset]:
                self.confirm(update)
                self.late += [update] * self.again()
        if not self.waiting and not self.late:
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), timeout)
            except TimeoutError:
                return []
        late, self.late = self.late[:BATCH], self.late[BATCH:]
        return self._mixed([*late, *list(self.waiting)[:BATCH]])

    def _mixed(self, batch: list[Update]) -> list[Update]:
        """In order, or any order that keeps each chat's own."""
        return batch if self.copies == 1 else list(shuffled(batch, self._dice))


def shuffled(batch: Iterable[Update], dice: random.Random) -> Iterable[Update]:
    """Any order of the batch in which every chat's own is kept."""
    chats: dict[int, deque[Update]] = defaultdict(deque)
    for update in batch:
        chats[update.chat].append(update)
    places = [chat for chat, theirs in chats.items() for _ in theirs]
    dice.shuffle(places)
    for chat in places:
        yield chats[chat].popleft()
