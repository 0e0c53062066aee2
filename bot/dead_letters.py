"""Puts aside what cannot be acted on, sealed, so that a person with the secret can look at it later."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.signing import Signer
from conversations.store import Store, dead_letters
from conversations.store.clean import clean
from conversations.store.dead_letters import DeadLetter

_PURPOSE = "dead letter"


@dataclass(frozen=True)
class DeadLetters:
    store: Store
    signer: Signer
    clock: Callable[[], datetime]

    async def keep(self, channel: str, arrival: str | None, why: str, raw: bytes) -> None:
        """Store the bytes as they came; raises what the store raises while it is away."""
        sealed = self.signer.seal(_PURPOSE, raw.decode("latin-1"))  # any byte is one character of it
        letter = DeadLetter(channel, clean(arrival), clean(why), sealed, self.clock())
        await self.store.write(lambda connection: dead_letters.add(connection, letter))

    async def newest(self, most: int = 50) -> list[DeadLetter]:
        """The newest letters, still sealed."""
        return await self.store.read(lambda connection: dead_letters.newest(connection, most))

    async def opened(self, id: int) -> bytes:
        """The bytes of one letter as they came.

        Raises:
            LookupError: there is no such letter, or its time was up.
            BadSignature: it was sealed with another secret.
        """
        letter = await self.store.read(lambda connection: dead_letters.find(connection, id))
        if letter is None:
            raise LookupError("no such letter")
        return self.signer.unseal(_PURPOSE, letter.sealed).encode("latin-1")


def line(letter: DeadLetter) -> str:
    """A letter for an operator's terminal: its id, when it came, over which channel, and why it lies here."""
    why = letter.why.encode("unicode_escape").decode()  # nothing that a terminal would act on
    return f"{letter.id}\t{letter.at:%FT%TZ}\t{letter.channel}\t{why}"
