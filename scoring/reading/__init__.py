"""Reads what people write about a shop."""

import hashlib
from pathlib import Path

from scoring.forms import PolicyError, canonical_toml, contents, packaged
from scoring.reading.reader import Reader

__all__ = ["Reader", "load"]

WEIGHTS, WORDS = "reader.npz", "remarks.toml"


def load(path: Path | None = None) -> Reader:
    """The reader whose weights are in a file, or the one that ships with this package.

    Raises `PolicyError` where the file cannot be read or holds no weights for this reader. The packaged
    weights are not unpacked before the first text is read, which costs a few hundredths of a second.
    """
    label, weights = contents(path, WEIGHTS)
    words = packaged(WORDS)
    marks = hashlib.sha256(weights + canonical_toml(words)).hexdigest()[:12]
    reader = Reader(f"reader-1@{marks}", weights, words)
    if path is not None:
        _check(reader, label)
    return reader


def _check(reader: Reader, label: str) -> None:
    from scoring.reading.weights import UnreadableWeights

    try:
        reader.read(["好"])
    except UnreadableWeights as wrong:
        raise PolicyError(f"{label}: {wrong}") from None
