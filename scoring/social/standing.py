"""Where a merchant stands among others of its trade and size: percentiles, and six sub-scores of them.

A small honest shop is compared with small shops, so that size alone beats nobody.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import Field

from scoring.declared import Feature
from scoring.features import Measured
from scoring.forms import Form, fill, fingerprint, packaged
from scoring.social.table import TABLE, Side

FILE = "norms.json"
STEPS = 20  #: between quantiles: one at every fifth percent
LEAST = 50  #: merchants of a group below which a wider one is asked
#: Followers below which an account is of a bucket; whoever has more, or none shown, is of the last.
BUCKETS = (("under_1k", 1_000), ("1k_10k", 10_000), ("10k_100k", 100_000))
LARGEST_BUCKET, ALL = "over_100k", "all"
#: What is shown as one: how steadily is part of what is posted, signs of manipulation part of the feedback.
SUBSCORES: Mapping[str, tuple[str, ...]] = {
    "scale": ("scale",),
    "content": ("content", "activity"),
    "interaction": ("interaction",),
    "affection": ("affection",),
    "feedback": ("feedback", "manipulation"),
    "network": ("network",),
}


class Group(Form):
    """The quantiles of each figure among the merchants of one trade and bucket, from least to most."""

    merchants: int = Field(ge=1)
    quantiles: Mapping[str, tuple[float, ...]]


class Norms(Form):
    """`groups` by "trade/bucket", "all/bucket" and "all/all"."""

    about: str
    fitted_on: str
    groups: Mapping[str, Group]

    def group(self, trade: str | None, bucket: str) -> Group | None:
        """The narrowest group that has enough merchants; None where not even all of them are known."""
        for name in (f"{trade}/{bucket}", f"{ALL}/{bucket}"):
            found = self.groups.get(name)
            if found and found.merchants >= LEAST:
                return found
        return self.groups.get(f"{ALL}/{ALL}")


@dataclass(frozen=True)
class Merchant:
    """One merchant to fit norms on."""

    trade: str | None
    measured: Measured


def bucket(measured: Measured, side: Side) -> str:
    """Which accounts this one is compared with by its followers."""
    shown = measured.get(f"{side}_followers")
    if shown is None:
        return BUCKETS[0][0]
    followers = round(10**shown - 1)
    return next((name for name, below in BUCKETS if followers < below), LARGEST_BUCKET)


def fit(merchants: Iterable[Merchant], *, fitted_on: str) -> Norms:
    """Norms of merchants already measured; a group is kept if it has `LEAST` of them, all together always."""
    groups: dict[str, list[Measured]] = {}
    for merchant in merchants:
        size = bucket(merchant.measured, "brand")
        for name in (f"{merchant.trade}/{size}", f"{ALL}/{size}", f"{ALL}/{ALL}"):
            groups.setdefault(name, []).append(merchant.measured)
    kept = {
        name: Group(merchants=len(rows), quantiles=_quantiles(rows))
        for name, rows in sorted(groups.items())
        if len(rows) >= LEAST or name == f"{ALL}/{ALL}"
    }
    about = "Quantiles, one at every fifth percent, of each figure of social accounts by trade and followers."
    return Norms(about=about, fitted_on=fitted_on, groups=kept)


def _quantiles(rows: Sequence[Measured]) -> dict[str, tuple[float, ...]]:
    found = {}
    for line in TABLE:
        for side in line.accounts:
            name = f"{side}_{line.feature.name}"
            values = sorted(value for row in rows if (value := row.get(name)) is not None)
            if values:
                found[name] = tuple(round(_quantile(values, step / STEPS), 6) for step in range(STEPS + 1))
    return found


def _quantile(values: Sequence[float], share: float) -> float:
    """Between the two nearest values in proportion."""
    place = share * (len(values) - 1)
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def percentile(value: float, quantiles: Sequence[float]) -> float:
    """Which percent lies below a value, half of those that equal it counted in.

    >>> percentile(5.0, range(0, 21)), percentile(0.0, [0.0] * 11 + [1.0] * 10), percentile(99, [0, 1])
    (25.0, 25.0, 100.0)
    """
    last = len(quantiles) - 1
    left, right = bisect_left(quantiles, value), bisect_right(quantiles, value)
    if left == right:
        return 100 * _between(value, quantiles, left) / last
    return 100 * (left + right - 1) / 2 / last


def _between(value: float, quantiles: Sequence[float], above: int) -> float:
    """The place of a value that lies between two quantiles, or beyond all of them."""
    if above in (0, len(quantiles)):
        return 0.0 if above == 0 else len(quantiles) - 1.0
    low, high = quantiles[above - 1], quantiles[above]
    return above - 1 + (value - low) / (high - low)


def subscores(measured: Measured, side: Side, trade: str | None, norms: Norms) -> dict[str, int | None]:
    """Six figures from 0 to 100: the mean percentile of what is known of each, None where nothing is."""
    found = {
        name: [place for _, place in figures]
        for name, figures in places(measured, side, trade, norms).items()
    }
    return {name: round(math.fsum(each) / len(each)) if each else None for name, each in found.items()}


def places(
    measured: Measured, side: Side, trade: str | None, norms: Norms
) -> dict[str, list[tuple[str, float]]]:
    """What each sub-score is made of: figures, each with the percent of merchants it is better than."""
    group = norms.group(trade, bucket(measured, side))
    quantiles = group.quantiles if group else {}
    found: dict[str, list[tuple[str, float]]] = {name: [] for name in SUBSCORES}
    for feature in _directed():
        name = f"{side}_{feature.name}"
        value, spread = measured.get(name), quantiles.get(name)
        if value is not None and spread:
            good = percentile(value, spread)
            place = good if feature.direction > 0 else 100 - good
            found[_SHOWN_AS[feature.group]].append((name, place))
    return found


_SHOWN_AS = {group: name for name, groups in SUBSCORES.items() for group in groups}


@cache
def _directed() -> tuple[Feature, ...]:
    """What counts towards a sub-score: whatever has a better and a worse end."""
    return tuple(line.feature for line in TABLE if line.feature.direction and line.feature.group in _SHOWN_AS)


@cache
def bundled() -> tuple[Norms, str]:
    """The norms that ship with this package, and the fingerprint of their file."""
    raw = packaged(FILE)
    return fill(Norms, FILE, raw), fingerprint(raw)
