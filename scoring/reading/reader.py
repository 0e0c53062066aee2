"""The trained reader: rules for what is no remark, fitted weights for Chinese, a few words for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scoring.reading import remarks
from scoring.reading.remarks import Rules
from scoring.reading.tone import Tone

if TYPE_CHECKING:
    from scoring.reading.chinese import Chinese


@dataclass(frozen=True)
class Reader:
    """Reads what others write about a shop; the weights are unpacked when the first text comes.

    Of a text at most `characters.LONGEST` characters are read, any of them: a surrogate, a NUL or a
    sign that turns the direction of writing is as good as a blank.
    """

    name: str  #: "reader-1@" and the fingerprint of its files, for the record of a decision
    weights: bytes  #: an .npz, see `scoring.reading.weights`
    words: bytes  #: TOML, see `scoring.reading.remarks`

    @cached_property
    def rules(self) -> Rules:
        return remarks.rules(self.words)

    @cached_property
    def chinese(self) -> Chinese:
        """Imported late: numpy costs a tenth of a second that only a reader of texts should pay."""
        from scoring.reading import chinese, weights

        return chinese.Chinese(weights.parsed(self.weights), self.rules)

    def read(self, texts: Sequence[str]) -> list[Tone | None]:
        """What each text says of the shop; None where it is no consumer's remark at all.

        >>> from scoring import reading
        >>> [tone and tone.value for tone in reading.load().read(["味道很好", "不好吃", "转发微博"])]
        ['positive', 'negative', None]
        """
        return self.chinese.read(texts)
