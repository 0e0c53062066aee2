"""Who has lost the floor, as far as this process knows: asked just before the bot's messages are sent.

While a transaction may take the word from the bot, none of its messages is begun to be sent. Afterwards it is
known whether the message was on its way before that commit, or must not go any more.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

REMEMBERED = 10_000  #: conversations; a message is begun to be sent soon after its commit


class Floor:
    def __init__(self) -> None:
        self._undecided: Counter[str] = Counter()  # conversations whose word is being taken
        self._decided = asyncio.Event()
        self._epochs: OrderedDict[str, int] = OrderedDict()

    @contextmanager
    def undecided(self, sessions: Collection[str]) -> Iterator[None]:
        """While the word may be taken in these conversations."""
        self._undecided.update(sessions)
        try:
            yield
        finally:
            self._undecided.subtract(sessions)
            self._undecided = +self._undecided
            self._decided.set()
            self._decided = asyncio.Event()

    def taken(self, epochs: Mapping[str, int]) -> None:
        """What the bot said in these conversations before this epoch is not said any more."""
        for session_id, epoch in epochs.items():
            self._epochs[session_id] = epoch
            self._epochs.move_to_end(session_id)
        while len(self._epochs) > REMEMBERED:
            self._epochs.popitem(last=False)

    async def still_has(self, session_id: str, epoch: int) -> bool:
        """Whether what the bot said in this epoch may still be sent; known once the word is decided."""
        while session_id in self._undecided:
            await self._decided.wait()
        return epoch >= self._epochs.get(session_id, 0)
