"""What a text about a shop says, and who can tell."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol


class Tone(StrEnum):
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class Reader(Protocol):
    def read(self, texts: Sequence[str]) -> list[Tone | None]:
        """What each text says of the shop; None where it is no consumer's remark at all.

        A repost, a lottery, a bare name or a greeting is no remark.
        """
