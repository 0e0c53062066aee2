"""Remarks read a second on one core: the bundled reader, and scikit-learn's hashed runs with a regression."""

import random
import statistics
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

from bot.sandbox import feedback
from scoring import reading
from scoring.reading.tone import Tone
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.rounds import Plan, Wrong

TRADES = ("restaurant", "cafe", "gym", "beauty", "retail", "homestay", "travel")
EACH = 150  #: different remarks of one trade and one meaning
ONE_MERCHANT = 1_000


async def run(plan: Plan) -> list[Row]:
    """The sandbox's customers, over and over; both read the same texts in turn."""
    said = [
        (text, label) for trade in TRADES for label in ("positive", "negative") for text in _of(trade, label)
    ]
    texts, reader = [text for text, _ in said] * 10, reading.load()
    peer = _peer(said)
    if reader.read(["味道很好"]) != [Tone.POSITIVE]:
        raise Wrong("the reader does not read")
    ours, theirs, few = [], [], []
    for _ in range(plan.rounds):
        ours.append(_speed(reader.read, texts, plan.seconds / 3))
        theirs.append(_speed(peer, texts, plan.seconds / 3))
        few.append(_speed(reader.read, texts[:ONE_MERCHANT], plan.seconds / 3))
    ratio = statistics.median(our / their for our, their in zip(ours, theirs, strict=True))
    note = f"{len(texts):,} at once, {sum(map(len, texts)) / len(texts):.0f} characters each"
    goal = Goal("≥ 300,000/s", least=300_000)
    return [
        Row("reading", "remarks, in a batch", statistics.median(ours), "/s", goal, note=note),
        Row("reading", "scikit-learn, the same", statistics.median(theirs), "/s"),
        Row("reading", "ours / scikit-learn", ratio, "x"),
        Row("reading", "one merchant's 1,000", ONE_MERCHANT / statistics.median(few) * 1e3, "ms"),
    ]


def _of(trade: str, label: str) -> list[str]:
    return feedback.phrases(trade, label, EACH, random.Random(7))


def _peer(said: Sequence[tuple[str, str]]) -> Callable[[list[str]], Any]:
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression

    hashed = HashingVectorizer(analyzer="char", ngram_range=(1, 3), n_features=1 << 20)
    texts, labels = zip(*said, strict=True)
    model = LogisticRegression(solver="liblinear").fit(hashed.transform(texts), labels)
    return lambda read: model.predict(hashed.transform(read))


def _speed(read: Callable[[list[str]], object], texts: list[str], seconds: float) -> float:
    """Texts a second, for about so long, after one time to warm up."""
    read(texts)
    begun, times = perf_counter(), 0
    while not times or perf_counter() - begun < seconds:
        read(texts)
        times += 1
    return times * len(texts) / (perf_counter() - begun)
