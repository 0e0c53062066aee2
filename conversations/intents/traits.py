"""What a text is weighed by: its characters and words, and the concepts that they stand for.

One way of doing it for fitting and for reading.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from conversations.amounts import plain

_FIGURE = re.compile(r"[0-9][0-9,.]*")
_NO_WORD = re.compile(r"[^\w%?\s]+|_")
_LATIN = re.compile("[a-z0-9%]+")
_NOT_LATIN = re.compile("[^\x00-\x7f]+")
_PHRASE = 3  #: words of the longest phrase that stands for a concept
_STEM = 3  #: letters that the beginning of a word must have to stand for one


@dataclass(frozen=True)
class Concepts:
    """Which concepts a word, a phrase or the beginning of a word ("mistak*") stands for."""

    of: Mapping[str, tuple[str, ...]]
    by_start: Mapping[
        str, tuple[str, ...]
    ]  #: words by their first character, beginnings by their first letters

    @staticmethod
    def parsed(raw: bytes) -> "Concepts":
        of: dict[str, tuple[str, ...]] = {}
        for name, words in tomllib.loads(raw.decode()).items():
            for word in map(_known, words):
                of[word] = (*of.get(word, ()), name)
        by_start: dict[str, tuple[str, ...]] = {}
        for word in of:
            start = word[0] if not word.isascii() else f"{word[:_STEM]}*" if word.endswith("*") else ""
            by_start[start] = (*by_start.get(start, ()), word)
        return Concepts(of, by_start)

    def found(self, text: str) -> list[str]:
        """The concepts of a bare text, in alphabetical order."""
        return sorted({name for piece in self._pieces(text) for name in self.of.get(piece, ())})

    def _pieces(self, text: str) -> Iterator[str]:
        for start, sign in enumerate(text):
            yield from (word for word in self.by_start.get(sign, ()) if text.startswith(word, start))
        words = _LATIN.findall(text)
        for size in range(1, _PHRASE + 1):
            yield from (" ".join(words[start : start + size]) for start in range(len(words) - size + 1))
        for word in words:
            known = self.by_start.get(f"{word[:_STEM]}*", ())
            yield from (stem for stem in known if word.startswith(stem[:-1]))


def _known(word: str) -> str:
    return f"{bare(word[:-1])}*" if word.endswith("*") else bare(word)


def bare(text: str) -> str:
    """The text without signs, every figure a nought.

    >>> bare("I don't know, 35,000?")
    'i dont know 0?'
    """
    text = _FIGURE.sub("0", plain(text)).replace("'", "").replace("’", "")
    return " ".join(_NO_WORD.sub(" ", text).split())


def traits(text: str, concepts: Concepts) -> list[str]:
    """Everything that a text may be weighed by, each once; first letters tell the kinds apart."""
    said = bare(text)
    found = concepts.found(said)
    pairs = (f"p{one}+{other}" for one, other in combinations(found, 2))
    return list(dict.fromkeys((*_characters(said), *_words(said), *(f"c{each}" for each in found), *pairs)))


def _characters(said: str) -> Iterator[str]:
    """Single characters and pairs of those that are not Latin, with the edges of the text."""
    kept = " ".join(_NOT_LATIN.findall(said))
    if not kept:
        return
    yield from kept
    yield from (one + other for one, other in pairwise(f"^{kept}$"))


def _words(said: str) -> Iterator[str]:
    """Latin words, pairs of them with the edges, and runs of three letters, which survive a slip."""
    words = _LATIN.findall(said)
    yield from (f"w{word}" for word in words)
    if words:
        yield from (f"w{one} {other}" for one, other in pairwise(("^", *words, "$")))
    for word in words:
        edged = f"<{word}>"
        yield from (f"g{edged[start : start + 3]}" for start in range(len(edged) - 2))
