"""Reads the intent of a text, or says honestly that it is not sure. Looks weights up, and fits nothing."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conversations.intents.intent import CLASSES, NONE, Intent
from conversations.intents.traits import Concepts, traits

VERSION = 1
_FILE = "weights.npz"


class UnreadableWeights(ValueError):
    """A file of weights that cannot be used: says what it should hold."""


@dataclass(frozen=True)
class Reader:
    """A linear model: the score of a class is scale x sum of weights / length of the text's traits + bias."""

    concepts: Concepts
    places: Mapping[str, int]  #: the row of each trait
    weights: NDArray[np.int8]  #: a row for each trait, a column for each class
    lengths: NDArray[np.float32]  #: what each trait adds to the squared length
    bias: NDArray[np.float32]
    scale: float
    threshold: float  #: the share a class needs to be believed
    digest: str  #: of the phrases it was fitted on

    def read(self, text: str) -> Intent | None:
        """The intent of a text; None where it is none, or not sure to be one."""
        shares = self.shares(text)
        best = max(shares, key=shares.__getitem__)
        return None if best == NONE or shares[best] < self.threshold else Intent(best)

    def shares(self, text: str) -> Mapping[str, float]:
        """How far each class is believed, adding up to one."""
        known = [row for trait in traits(text, self.concepts) if (row := self.places.get(trait)) is not None]
        if not known:
            return {**dict.fromkeys(CLASSES, 0.0), NONE: 1.0}  # nothing of it was ever seen
        rows = np.array(known)
        length = float(self.lengths.take(rows).sum()) ** 0.5
        sums = self.weights.take(rows, axis=0).sum(axis=0, dtype=np.int32)
        scores = (sums * (self.scale / length) + self.bias).tolist()
        raised = [exp(score) for score in scores]
        whole = sum(raised)
        return {name: one / whole for name, one in zip(CLASSES, raised, strict=True)}


@cache
def load() -> Reader:
    """The packaged reader."""
    folder = resources.files("conversations.intents")
    concepts = Concepts.parsed(folder.joinpath("concepts.toml").read_bytes())
    return parsed(folder.joinpath(_FILE).read_bytes(), concepts)


def dumped(reader: Reader) -> bytes:
    """The bytes of a file of weights: the same for the same reader."""
    head = {
        "version": VERSION,
        "classes": list(CLASSES),
        "scale": reader.scale,
        "threshold": reader.threshold,
        "digest": reader.digest,
    }
    arrays: dict[str, NDArray[Any]] = {
        "head": _bytes(json.dumps(head)),
        "traits": _bytes("\n".join(reader.places)),
        "weights": reader.weights,
        "lengths": reader.lengths,
        "bias": reader.bias,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name, array in arrays.items():
            inner = io.BytesIO()
            np.lib.format.write_array(inner, array, allow_pickle=False)
            pack.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), inner.getvalue(), zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def parsed(raw: bytes, concepts: Concepts) -> Reader:
    """Read a file of weights; raises `UnreadableWeights` where it is none, or none for these classes."""
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as pack:
            arrays = {name: pack[name] for name in ("head", "traits", "weights", "lengths", "bias")}
        head = json.loads(arrays["head"].tobytes())
        names = arrays["traits"].tobytes().decode().split("\n")
    except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile) as wrong:
        raise UnreadableWeights(f"should be an .npz of a reader's weights ({wrong})") from None
    if head["version"] != VERSION or head["classes"] != list(CLASSES):
        raise UnreadableWeights("should be of this version and these intents: run bangbang train --phrases")
    if arrays["weights"].shape != (len(names), len(CLASSES)) or arrays["lengths"].shape != (len(names),):
        raise UnreadableWeights("should hold a row of weights and a length for each trait")
    return Reader(
        concepts,
        {name: row for row, name in enumerate(names)},
        arrays["weights"],
        arrays["lengths"],
        arrays["bias"],
        head["scale"],
        head["threshold"],
        head["digest"],
    )
