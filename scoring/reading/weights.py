"""The fitted part: what every run of characters weighs, and where praise and complaint begin."""

import io
import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.reading import characters, ngrams
from scoring.reading.characters import Batch, Codes

VERSION = 1


class UnreadableWeights(ValueError):
    """A file of weights that cannot be used: says what it should hold."""


@dataclass(frozen=True)
class Weights:
    """A linear model of hashed runs: log odds of praise = scale x sum of weights / sqrt(runs) + bias."""

    runs: NDArray[np.int8]  #: weight of each place
    letters: Codes  #: what each character is read as
    scale: float
    bias: float
    low: float  #: log odds up to which a text is a complaint
    high: float  #: log odds from which it is praise; between them it is neither

    def batch(self, texts: Sequence[str]) -> Batch:
        return characters.batch(texts, self.letters)

    def log_odds(self, given: Batch) -> NDArray[np.float64]:
        """Of being praise, for each text of a batch.

        Sums are of whole numbers, so they do not depend on the order in which a machine adds.
        """
        total = np.zeros(len(given.codes) - characters.EDGES, dtype=np.int16)
        for places in ngrams.places(given.codes):
            total += self.runs.take(places, mode="clip")  # none is beyond: spares the check
        begins = given.starts - characters.EDGES
        sums = np.add.reduceat(total, begins, dtype=np.int64)
        return self.scale * sums / np.sqrt(ngrams.runs(given)) + self.bias


def probability(log_odds: float) -> float:
    """
    >>> probability(0.0), round(probability(2.0), 3)
    (0.5, 0.881)
    """
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, log_odds))))


_FIGURES = ("scale", "bias", "low", "high")


def dumped(weights: Weights) -> bytes:
    """The bytes of a file of weights: the same for the same weights."""
    held = np.flatnonzero(weights.runs)
    changed = np.flatnonzero(weights.letters != np.arange(characters.PLANE)).astype(np.uint16)
    arrays: dict[str, NDArray[Any]] = {
        "version": np.array([VERSION, ngrams.BITS, characters.LONGEST], dtype=np.int32),
        "figures": np.array([getattr(weights, name) for name in _FIGURES], dtype=np.float64),
        "gaps": np.diff(held, prepend=0).astype(np.uint32),
        "weights": weights.runs[held],
        "letters": np.stack([changed, weights.letters[changed].astype(np.uint16)]),
    }
    return _zipped(arrays)


def _zipped(arrays: dict[str, NDArray[Any]]) -> bytes:
    """As `numpy.savez_compressed`, with a date that never changes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name, array in arrays.items():
            inner = io.BytesIO()
            np.lib.format.write_array(inner, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            pack.writestr(entry, inner.getvalue(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def parsed(raw: bytes) -> Weights:
    """Read a file of weights; raises `UnreadableWeights` where it is none, or none for this reader."""
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as pack:
            arrays = {name: pack[name] for name in ("version", "figures", "gaps", "weights", "letters")}
    except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile) as wrong:
        raise UnreadableWeights(f"should be an .npz of a reader's weights ({wrong})") from None
    wanted = [VERSION, ngrams.BITS, characters.LONGEST]
    if arrays["version"].tolist() != wanted:
        raise UnreadableWeights(f"version: should be {wanted}, is {arrays['version'].tolist()}")
    return _unpacked(arrays)


def _unpacked(arrays: dict[str, NDArray[Any]]) -> Weights:
    runs = np.zeros(1 << ngrams.BITS, dtype=np.int8)
    held = np.cumsum(arrays["gaps"].astype(np.int64))
    if len(held) != len(arrays["weights"]) or (len(held) and held[-1] >= len(runs)):
        raise UnreadableWeights("gaps: should lead to one place for each weight")
    runs[held] = arrays["weights"]
    letters = np.arange(characters.PLANE, dtype=np.uint32)
    letters[arrays["letters"][0]] = arrays["letters"][1]
    scale, bias, low, high = (float(figure) for figure in arrays["figures"])
    if not (np.isfinite(arrays["figures"]).all() and scale > 0 and low <= high):
        raise UnreadableWeights("figures: should be finite, scale above 0 and low not above high")
    return Weights(runs, letters, scale, bias, low, high)
