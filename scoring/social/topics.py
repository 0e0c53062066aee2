"""What the posts are about: how close to the account's own centre, and over how many topics (f9, f10).

Pieces of two characters weighed by TF-IDF in hashed buckets. Sums run in a fixed order, so the same posts
give the same answer on every machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.social.grams import grams
from scoring.social.view import Floats, Ints

TOPICS = 6
ROUNDS = 5  #: of moving each post to the nearest topic
_BUCKET_BITS, _SKETCH = 14, 64
_STEPS = 256  #: of a coordinate, to add in whole numbers


@dataclass(frozen=True)
class Weighed:
    """The texts that say something as unit vectors, one row a different piece of a text."""

    text: Ints  #: 0 to `texts` - 1
    bucket: Ints
    weight: Floats
    texts: int


def weighed(texts: Sequence[str]) -> Weighed:
    """TF-IDF: how often a piece stands in a text, times ln((1 + texts) / (1 + texts with it)) + 1."""
    pieces = grams(texts, 2)
    buckets = (pieces.hashed >> np.uint64(64 - _BUCKET_BITS)).astype(np.int64)
    speaking, text = np.unique(pieces.text, return_inverse=True)
    keys, times = np.unique((text << _BUCKET_BITS) | buckets, return_counts=True)
    text, bucket = keys >> _BUCKET_BITS, keys & (2**_BUCKET_BITS - 1)
    n = len(speaking)
    rarity = np.array([math.log((1 + n) / (1 + with_it)) + 1 for with_it in range(n + 1)])
    weight = times * rarity[np.bincount(bucket, minlength=1)[bucket]]
    length = np.sqrt(np.bincount(text, weight * weight, minlength=n))
    return Weighed(text, bucket, weight / length[text], n)


def fit(found: Weighed) -> float:
    """f9: mean cosine between a post and the sum of the others.

    Without the post itself, or few posts would seem to fit for being few. Needs two texts or more.
    """
    centre = np.bincount(found.bucket, found.weight)
    with_all = np.bincount(found.text, found.weight * centre[found.bucket])
    others = math.fsum((centre * centre).tolist()) - 2 * with_all + 1  # squared length of their sum
    return math.fsum(((with_all - 1) / np.sqrt(np.maximum(others, 1e-12))).tolist()) / found.texts


def diversity(found: Weighed) -> float:
    """f10: entropy of the posts over `TOPICS` groups, 0 for one topic, 1 where all are of one size."""
    sizes = np.bincount(_groups(_sketch(found))).tolist()
    shares = [size / found.texts for size in sizes if size]
    return math.fsum(-share * math.log(share) for share in shares) / math.log(TOPICS) + 0.0


def _sketch(found: Weighed) -> Ints:
    """Each text folded into a few whole coordinates, signs by hash so that strangers cancel."""
    sign = np.where(found.bucket & _SKETCH, -1, 1)
    place = found.text * _SKETCH + found.bucket % _SKETCH
    folded = np.bincount(place, found.weight * sign, minlength=found.texts * _SKETCH)
    return np.rint(folded * _STEPS).astype(np.int64).reshape(found.texts, _SKETCH)


def _groups(points: Ints) -> Ints:
    """The group of each point: k-means by cosine, begun from points far from each other."""
    centres = _far_apart(points)
    nearest = _nearest(points, centres)
    for _ in range(ROUNDS):
        for group in range(len(centres)):
            members = points[nearest == group]
            if len(members):
                centres[group] = members.sum(axis=0)
        nearest = _nearest(points, centres)
    return nearest


def _far_apart(points: Ints) -> Ints:
    """The first point, then each time the one least like any chosen."""
    chosen = [0]
    closest = _cosines(points, points[:1])[:, 0]
    while len(chosen) < TOPICS:
        chosen.append(int(closest.argmin()))
        closest = np.maximum(closest, _cosines(points, points[chosen[-1:]])[:, 0])
    return points[chosen].copy()


def _nearest(points: Ints, centres: Ints) -> Ints:
    found: Ints = _cosines(points, centres).argmax(axis=1)
    return found


def _cosines(points: Ints, centres: Ints) -> Floats:
    """Products are whole numbers, so no order of adding matters."""
    lengths = np.sqrt((points * points).sum(axis=1))[:, None] * np.sqrt((centres * centres).sum(axis=1))
    cosines: Floats = (points @ centres.T) / np.maximum(lengths, 1.0)
    return cosines
