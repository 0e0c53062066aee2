"""Texts as the code points the reader goes by: small letters, Simplified, without invisible signs."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]

LONGEST = 300  #: characters of a text that are read; Weibo's own comments end at 140
EDGE = 1  #: the code point that stands between texts; never left in one
EDGES = 2  #: as many between two texts as keep a run of three characters within one of them
DROPPED = 0  #: what an invisible sign is read as, before it is left out
PLANE = 0x10000  #: the plane that holds all but emoji and rare characters

_SPACE = ord(" ")
_UNKNOWN = 0xFFFD
_INVISIBLE = frozenset({"Mn", "Me", "Cf", "Cn", "Co"})


class Batch(NamedTuple):
    """Many texts in one array: two edges, then every text with two edges after it."""

    codes: Codes
    starts: NDArray[np.int64]  #: where each text begins
    lengths: NDArray[np.int64]  #: characters of each that are read

    @property
    def text(self) -> str:
        """All of it as one string with the same places."""
        return self.codes.astype("<u4").tobytes().decode("utf-32-le")

    def pick(self, places: Sequence[int]) -> Iterator[str]:
        """The texts at these places, as they are read."""
        whole, starts, lengths = self.text, self.starts.tolist(), self.lengths.tolist()
        return (whole[starts[place] : starts[place] + lengths[place]] for place in places)


def batch(texts: Sequence[str], letters: Codes) -> Batch:
    """Read texts into one array by a table of letters, see `alphabet`."""
    edges = chr(EDGE) * EDGES
    read = [text[:LONGEST] for text in texts]
    joined = edges + edges.join(read) + edges
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
    lengths = np.array(list(map(len, read)), dtype=np.int64)
    starts = EDGES + np.concatenate(([0], np.cumsum(lengths + EDGES)[:-1])).astype(np.int64)
    codes = letters[np.minimum(raw, PLANE - 1)]
    beyond = raw >= PLANE
    if beyond.any():
        codes[beyond] = raw[beyond]
    _restore_edges(codes, starts, lengths)
    return _without_dropped(Batch(codes, starts, lengths))


def _restore_edges(codes: Codes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> None:
    """The table turns the edge's code point into a space, so that no text can hold an edge."""
    codes[:EDGES] = EDGE
    for place in range(EDGES):
        codes[starts + lengths + place] = EDGE


def _without_dropped(given: Batch) -> Batch:
    kept = given.codes != DROPPED
    if kept.all():
        return given
    before = np.concatenate(([0], np.cumsum(kept)))
    starts = before[given.starts]
    return Batch(given.codes[kept], starts, before[given.starts + given.lengths] - starts)


def alphabet(simplified: Callable[[str], str]) -> Codes:
    """What each character of the basic plane is read as; kept in the reader's file, so that reading stays.

    Compatibility forms (full width) become plain ones, capitals small, Traditional Simplified by the
    function given, blanks a space; combining and invisible signs are dropped.
    """
    return np.array([_read_as(chr(code), simplified) for code in range(PLANE)], dtype=np.uint32)


def _read_as(letter: str, simplified: Callable[[str], str]) -> int:
    kind = unicodedata.category(letter)
    if kind == "Cs":
        return _UNKNOWN
    if kind == "Cc" or letter.isspace():
        return _SPACE
    if kind in _INVISIBLE:
        return DROPPED
    plain = unicodedata.normalize("NFKC", letter).lower()
    plain = simplified(plain if len(plain) == 1 else letter)
    return ord(plain) if len(plain) == 1 and ord(plain) < PLANE else ord(letter)
