"""Text as the guard reads it: Simplified, half width, lower case, nothing hidden; places are kept."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import opencc

from conversations.amounts import HIDDEN

HAN = re.compile("[\u3400-\u9fff]")
_DROPPED = re.compile(rf"{HIDDEN.pattern}|[*\u00ad]")  # what hides a word: marks of style among them
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "—": "-", "–": "-", "−": "-", "·": " "})
_END = re.compile(r"[。!?;\n…]|\.(?=\s|$)")


@dataclass(frozen=True)
class Folded:
    """`places[i]` is where character i of `text` stands in what was written."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the folded text stands in the original."""
        return self.places[start], self.places[end - 1] + 1

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The sentence around a part; what ends it is left out."""
        ends = [found.start() for found in _END.finditer(self.text)]
        before = max((place + 1 for place in ends if place < start), default=0)
        return before, min((place for place in ends if place >= end), default=len(self.text))


def fold(text: str) -> Folded:
    """
    >>> fold("前　６ 期免息，必\u200b過").text
    '前6期免息,必过'
    """
    letters = [(letter, place) for place, raw in enumerate(text) for letter in _letters(raw)]
    kept = [each for n, each in enumerate(letters) if not _idle_space(letters, n)]
    return Folded(_simplified("".join(letter for letter, _ in kept)), tuple(place for _, place in kept))


def _letters(raw: str) -> str:
    if _DROPPED.fullmatch(raw) and raw != "\n":
        return ""
    return unicodedata.normalize("NFKC", raw).translate(_SAME).lower()


def _idle_space(letters: list[tuple[str, int]], n: int) -> bool:
    """A space beside a Chinese character or another space; a new line stays."""
    if letters[n][0] == "\n" or not letters[n][0].isspace():
        return False
    before = letters[n - 1][0] if n else " "
    after = next((letter for letter, _ in letters[n + 1 :] if letter == "\n" or not letter.isspace()), " ")
    return before.isspace() or after == "\n" or bool(HAN.match(before) or HAN.match(after))


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplified(text: str) -> str:
    """Never shorter or longer: phrases that would be are converted character by character."""
    whole = str(_simplifier().convert(text))
    return whole if len(whole) == len(text) else "".join(_one(letter) for letter in text)


def _one(letter: str) -> str:
    converted = str(_simplifier().convert(letter))
    return converted if len(converted) == 1 else letter
