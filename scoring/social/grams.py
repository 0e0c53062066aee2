"""Texts as hashed pieces of a few characters: which are alike. Whole numbers only.

Case, punctuation, signs, links and names called with @ are left out first. The same texts give the same
answer on every machine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from scoring.social.view import Flags, Ints

Words = npt.NDArray[np.uint64]

MINIMA = 32  #: hash functions, two for each band
ALIKE = 0.75  #: estimated share of common pieces from which two texts are near-duplicates
LONGEST = 200  #: characters of a text that are looked at
SHORTEST = 12  #: characters below which many people write the same words by themselves

_LEFT_OUT = re.compile(r"@[\w\-·]+|https?://[!-~]+|\[[^\[\]\0]{1,8}\]")
#: Runs of letters: digits, a-z, other letters of Europe to Asia, kana, Han, Hangul, rarer Han.
_RUNS = (
    (48, 58),
    (97, 123),
    (0xC0, 0x2000),
    (0x3040, 0x3100),
    (0x3400, 0xA000),
    (0xAC00, 0xD7A4),
    (0x20000, 0x40000),
)
_NO_LETTER = 0x40000  #: and above
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


@dataclass(frozen=True)
class Grams:
    """Pieces in the order of their texts."""

    text: Ints  #: number of the text
    hashed: Words


def grams(texts: Sequence[str], size: int) -> Grams:
    """All pieces of `size` neighbouring letters of each text; a shorter text has none."""
    codes, text = _letters(texts)
    whole = len(codes) - size + 1
    if whole <= 0:
        return Grams(np.zeros(0, np.int64), np.zeros(0, np.uint64))
    hashed = np.zeros(whole, np.uint64)
    for place in range(size):
        hashed = (hashed + codes[place : place + whole] + np.uint64(1)) * _FACTOR
        hashed ^= hashed >> _SHIFT
    inside = text[:whole] == text[size - 1 :]
    return Grams(text[:whole][inside], hashed[inside])


def _letters(texts: Sequence[str]) -> tuple[Words, Ints]:
    """The code of every letter and the number of its text."""
    joined = "\0".join([text[:LONGEST] for text in texts])
    if joined.count("\0") >= len(texts):
        joined = "\0".join([text[:LONGEST].replace("\0", " ") for text in texts])
    plain = _LEFT_OUT.sub("", joined).lower()
    codes = np.frombuffer(plain.encode("utf-32-le", "replace"), np.uint32)
    letter = _letter()[np.minimum(codes, _NO_LETTER)]
    return codes[letter].astype(np.uint64), np.cumsum(codes == 0)[letter]


@cache
def _letter() -> Flags:
    """Of every code whether it is a letter."""
    found = np.zeros(_NO_LETTER + 1, np.bool_)
    for first, end in _RUNS:
        found[first:end] = True
    return found


def near_duplicates(texts: Sequence[str]) -> Flags:
    """Which texts of `SHORTEST` letters or more have a near-duplicate among the others.

    Minimum hashes in sixteen bands of two; neighbours in a band are compared by all thirty-two.

    >>> texts = ["环境好服务好技术好，五星好评", "服务好环境好技术好五星好评", "周末带爸妈来吃汽锅鸡，很满意"]
    >>> texts = ["环境好服务好技术好，五星好评", "服务好环境好技术好五星好评", "周末带爸妈来吃汽锅鸡"]
    >>> near_duplicates(texts).tolist()
    [True, True, False]
    """
    pieces = grams(texts, 2)
    alike = np.zeros(len(texts), np.bool_)
    long = np.flatnonzero(np.bincount(pieces.text, minlength=len(texts)) >= SHORTEST - 1)
    if len(long) < 2:
        return alike
    minima = _minima(pieces, long)
    keys = (minima[::2].astype(np.uint64) << np.uint64(32)) | minima[1::2]
    order = np.argsort(keys, axis=1, kind="stable")
    ordered = np.take_along_axis(keys, order, axis=1)
    candidates = ordered[:, 1:] == ordered[:, :-1]
    before, after = order[:, :-1][candidates], order[:, 1:][candidates]
    rows = np.ascontiguousarray(minima.T)
    same = np.count_nonzero(rows[before] == rows[after], axis=1) >= ALIKE * MINIMA
    alike[long[before[same]]] = alike[long[after[same]]] = True
    return alike


def _minima(pieces: Grams, long: Ints) -> npt.NDArray[np.uint32]:
    """The smallest value of each hash function over the pieces of each long text."""
    chosen = np.zeros(int(pieces.text[-1]) + 1, np.bool_)
    chosen[long] = True
    kept = chosen[pieces.text]
    starts = np.searchsorted(pieces.text[kept], long)
    hashed = (pieces.hashed[kept] >> np.uint64(32)).astype(np.uint32)
    found = np.empty((MINIMA, len(long)), np.uint32)
    for number, (mask, factor) in enumerate(_FUNCTIONS):
        found[number] = np.minimum.reduceat((hashed ^ mask) * factor, starts)
    return found


#: Each a mask and an odd factor.
_FUNCTIONS = [
    (np.uint32(0x9E3779B9 * (2 * n + 1) % 2**32), np.uint32(0x85EBCA6B * (4 * n * n + 2 * n + 1) % 2**32 | 1))
    for n in range(MINIMA)
]
