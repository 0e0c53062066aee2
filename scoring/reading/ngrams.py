"""Runs of one, two and three characters, hashed; one way of doing it for fitting and for reading."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from scoring.reading.characters import EDGES, Batch, Codes

Places = NDArray[np.uint32]
Index = NDArray[np.int64]

BITS = 20  #: of a place: about a million, against a few hundred thousand runs that weigh anything
ORDERS = (1, 2, 3)

_SPREAD, _STIR, _STEP, _LAST = (np.uint32(odd) for odd in (0x9E3779B1, 0x85EBCA6B, 0x01000193, 0x27D4EB2F))


def places(codes: Codes) -> Iterator[Index]:
    """For each order the place of the run that ends at each character, from the third code point on.

    Runs reach over the edges of a text, so that a word at its beginning or end is told from the same
    word within; no run reaches from one text into another.
    """
    stirred = _stirred(codes)
    run = stirred
    for order in ORDERS:
        if order > 1:
            run = run[:-1] * _STEP + stirred[order - 1 :]
        yield _place(run[EDGES + 1 - order :], order)


def _stirred(codes: Codes) -> Places:
    mixed = codes * _SPREAD
    mixed ^= mixed >> np.uint32(15)
    mixed *= _STIR
    mixed ^= mixed >> np.uint32(13)
    return mixed


def _place(run: Places, order: int) -> Index:
    mixed = run + np.uint32(order)
    mixed ^= mixed >> np.uint32(16)
    mixed *= _LAST
    mixed >>= np.uint32(32 - BITS)
    return mixed.astype(np.int64)


def owners(given: Batch) -> NDArray[np.int64]:
    """To which text each run belongs: that of its last character, an edge to the text before it."""
    return np.repeat(np.arange(len(given.lengths)), given.lengths + EDGES)


def runs(given: Batch) -> NDArray[np.int64]:
    """How many runs each text has."""
    return (given.lengths + EDGES) * len(ORDERS)
