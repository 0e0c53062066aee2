"""Reads many texts at once: which need a rule is seen from their characters, the rest is weighed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.reading import characters, remarks
from scoring.reading.characters import EDGES, Batch
from scoring.reading.remarks import Rules, stated
from scoring.reading.tone import Tone
from scoring.reading.weights import Weights

_NEGATIVE, _NEUTRAL, _POSITIVE, _NONE = range(4)
_TONES = (Tone.NEGATIVE, Tone.NEUTRAL, Tone.POSITIVE, None)
_CODE = {Tone.NEGATIVE: _NEGATIVE, Tone.NEUTRAL: _NEUTRAL, Tone.POSITIVE: _POSITIVE}

AT_ONCE = 2048  #: texts read together, so that the arrays between stay in the processor's cache
_HAN, _OTHER, _TELLING, _MARK = (1 << bits for bits in (0, 12, 24, 36))  #: what a letter adds to counts
_MANY = 1 << 12  #: more letters than are read of a text
_FOREIGN = 3  #: Latin letters, or a third as many of another script, for each Chinese one: no more is Chinese


class Seen(NamedTuple):
    """A text that the rules are asked about."""

    text: str  #: folded, without names
    odd: bool  #: whether it may be more, or less, than Chinese words about something
    chinese: bool
    names: bool  #: whether somebody was named in it


@dataclass(frozen=True)
class Chinese:
    """Weights for Chinese, rules for the rest, both asked about many texts at once."""

    weights: Weights
    rules: Rules

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        """What each character adds to the counts of its text: four of twelve bits in one number."""
        kinds = np.fromiter((_kind(chr(code)) for code in range(characters.PLANE)), np.int64)
        kinds[kinds > 0] += _TELLING
        kinds[[ord(letter) for letter in self.rules.idle if letter != " "]] %= _TELLING
        kinds[[ord(letter) for letter in self.rules.marks]] += _MARK
        return kinds

    def read(self, texts: Sequence[str]) -> list[Tone | None]:
        """The tone of each text, None where it is no remark."""
        found: list[Tone | None] = []
        for first in range(0, len(texts), AT_ONCE):
            found += self._read(texts[first : first + AT_ONCE])
        return found

    def _read(self, texts: Sequence[str]) -> list[Tone | None]:
        said = [stated(text) if "@" in text or "#" in text or "://" in text else text for text in texts]
        given = self.weights.batch(said)
        tones = self._weighed(given)
        names = np.array(["@" in text for text in texts])
        chinese, odd, marked = self._kinds_of(given)
        odd |= names
        places = np.flatnonzero(odd | marked).tolist()
        for place, own in zip(places, given.pick(places), strict=True):
            seen = Seen(own, bool(odd[place]), bool(chinese[place]), bool(names[place]))
            tones[place] = self._ruled(seen, int(tones[place]))
        return [_TONES[tone] for tone in tones.tolist()]

    def _weighed(self, given: Batch) -> NDArray[np.int8]:
        odds = self.weights.log_odds(given)
        tones = np.full(len(odds), _NEUTRAL, dtype=np.int8)
        tones[odds <= self.weights.low] = _NEGATIVE
        tones[odds >= self.weights.high] = _POSITIVE
        return tones

    def _kinds_of(self, given: Batch) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Which texts are Chinese, which say nothing for certain, which may be about something else."""
        kinds = self.kinds[np.minimum(given.codes, characters.PLANE - 1)]
        sums = np.add.reduceat(kinds[EDGES:], given.starts - EDGES)
        han, foreign, telling = (sums // field % _MANY for field in (_HAN, _OTHER, _TELLING))
        chinese = (han > 0) & (foreign <= _FOREIGN * han)
        return chinese, ~chinese | (telling == 0), sums >= _MARK

    def _ruled(self, seen: Seen, tone: int) -> int:
        """The tone after the rules have seen a text."""
        if self.rules.is_about_else(seen.text):
            return _NONE
        if self.rules.asks(seen.text):
            tone = _NEUTRAL
        return self._odd(seen, tone) if seen.odd else tone

    def _odd(self, seen: Seen, tone: int) -> int:
        bare = remarks.bare(seen.text)
        if self.rules.says_nothing(seen.text, bare):
            return _NONE
        if not seen.chinese or not bare:
            tone = _CODE[self.rules.tone(seen.text, bare)]
        calling = seen.names and tone == _NEUTRAL and len(bare) <= remarks.PASSING
        return _NONE if calling else tone


def _kind(letter: str) -> int:
    if "\u4e00" <= letter <= "\u9fff" or "\u3400" <= letter <= "\u4dbf":
        return _HAN
    if not letter.isalpha():
        return 0
    return _OTHER if letter.isascii() else _FOREIGN * _OTHER
