"""Texts as hashed pieces of a few characters: which are alike. Whole numbers only.

Case, punctuation, signs, links and names called with @ are left out first. The same texts give the same
answer on every machine.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.social.view import Flags, Ints

Words = npt.NDArray[np.uint64]

MINIMA = 32  #: hash functions, two for each band
ALIKE = 0.75  #: estimated share of common pieces from which two texts are near-duplicates
SHORTEST = 12  #: characters below which many people write the same words by themselves

_LEFT_OUT = re.compile(r"@[\w\-·]+|https?://[!-~]+|\[[^\[\]\0]{1,8}\]")
#: Where runs of letters begin and end: digits, a-z, letters of Europe to Asia, kana, Han, Hangul, rare Han.
_LETTERS = np.array(
    [48, 58, 97, 123, 0xC0, 0x2000, 0x3040, 0x3100, 0x3400, 0xA000, 0xAC00, 0xD7A4, 0x20000, 0x40000]
)
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
    joined = _LEFT_OUT.sub("", "\0".join(text.replace("\0", " ") for text in texts)).lower()
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32)
    text = np.cumsum(codes == 0)
    letter = np.searchsorted(_LETTERS, codes, side="right") % 2 == 1
    return codes[letter].astype(np.uint64), text[letter].astype(np.int64)


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
    keys = minima[::2] ^ (minima[1::2] * _FACTOR)
    order = np.argsort(keys, axis=1, kind="stable")
    ordered = np.take_along_axis(keys, order, axis=1)
    candidates = ordered[:, 1:] == ordered[:, :-1]
    before, after = order[:, :-1][candidates], order[:, 1:][candidates]
    rows = np.ascontiguousarray(minima.T)
    same = np.count_nonzero(rows[before] == rows[after], axis=1) >= ALIKE * MINIMA
    alike[long[before[same]]] = alike[long[after[same]]] = True
    return alike


def _minima(pieces: Grams, long: Ints) -> Words:
    """The smallest value of each hash function over the pieces of each long text."""
    kept = np.isin(pieces.text, long)
    starts = np.searchsorted(pieces.text[kept], long)
    hashed = pieces.hashed[kept]
    found = np.empty((MINIMA, len(long)), np.uint64)
    for number, factor in enumerate(_FACTORS):
        found[number] = np.minimum.reduceat((hashed ^ factor) * factor >> _SHIFT, starts)
    return found


_FACTORS = [
    np.uint64((0x9E3779B97F4A7C15 * (2 * n + 1) + 0xD1B54A32D192ED03 * n * n) % 2**64 | 1)
    for n in range(MINIMA)
]
