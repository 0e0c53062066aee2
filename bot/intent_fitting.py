"""Fits the reader of intents on the phrases kept in the repository: a logistic regression for each class.

The same phrases give the same weights. The threshold below which the reader is not sure is chosen on
phrases of patterns that were left out of the fit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conversations.intents.intent import CLASSES, NONE
from conversations.intents.phrases import Phrase, digest, phrases
from conversations.intents.reader import Reader
from conversations.intents.traits import Concepts, traits

Floats = NDArray[np.float64]
Progress = Callable[[str], None]

FREEDOM = 10.0  #: C of the logistic regressions
LEAST = 2  #: phrases a trait must stand in
FOLDS = 4
TAKEN = 0.04  #: of what is no intent, the share that may be taken for one where the threshold is set
LIGHT = 2  #: of 127: a trait of which no class weighs more is left out


@dataclass(frozen=True)
class Counted:
    """Phrases as a sparse matrix, a row for each phrase, a column for each trait, of length one."""

    shares: Any  #: scipy.sparse.csr_matrix
    rarity: Floats  #: of each trait
    names: Sequence[str]


@dataclass(frozen=True)
class Fit:
    """A line for each class through the space of traits."""

    table: Floats
    bias: Floats


def fit(files: Mapping[str, bytes], say: Progress) -> Reader:
    """The reader that these files of phrases and concepts give.

    Raises:
        KeyError: an intent has no phrases.
        ValueError: a file is no TOML.
    """
    concepts = Concepts.parsed(files["concepts.toml"])
    known = phrases(files)
    said = [traits(phrase.text, concepts) for phrase in known]
    say(f"{len(known):,} phrases of {known[-1].pattern + 1:,} patterns; choosing the threshold")
    threshold = _threshold(known, _left_out(known, said))
    say(f"threshold {threshold:.2f}; fitting all")
    packed = _packed(_fitted(known, counted := _counted(said)), counted)
    return replace(packed, concepts=concepts, threshold=threshold, digest=digest(files))


def _counted(said: Sequence[Sequence[str]]) -> Counted:
    """Which traits each phrase has; the rarer a trait, the more it says."""
    stands: dict[str, int] = {}
    for one in said:
        for trait in one:
            stands[trait] = stands.get(trait, 0) + 1
    names = sorted(trait for trait, times in stands.items() if times >= LEAST)
    rarity = np.log((1 + len(said)) / (1 + np.array([stands[name] for name in names]))) + 1
    return Counted(_shares(said, names, rarity), rarity, names)


def _shares(said: Sequence[Sequence[str]], names: Sequence[str], rarity: Floats) -> Any:
    from scipy import sparse

    places = {name: column for column, name in enumerate(names)}
    columns = [[places[trait] for trait in one if trait in places] for one in said]
    rows = np.repeat(np.arange(len(said)), [len(one) for one in columns])
    flat = np.array([column for one in columns for column in one], dtype=np.int64)
    counts = sparse.csr_matrix((rarity[flat], (rows, flat)), shape=(len(said), len(names)))
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    return sparse.diags(1 / np.maximum(lengths, 1e-9)) @ counts


def _fitted(known: Sequence[Phrase], counted: Counted) -> Fit:
    from sklearn.linear_model import LogisticRegression

    intents = np.array([phrase.intent for phrase in known])
    weight = np.array([phrase.weight for phrase in known])
    lines = []
    for one in CLASSES:
        line = LogisticRegression(C=FREEDOM, solver="liblinear", dual=True, tol=0.05, random_state=0)
        lines.append(line.fit(counted.shares, intents == one, sample_weight=weight))
    table = np.stack([line.coef_[0] for line in lines], axis=1)
    return Fit(table, np.array([float(line.intercept_[0]) for line in lines]))


def _left_out(known: Sequence[Phrase], said: Sequence[Sequence[str]]) -> Floats:
    """The shares that each phrase is given by a fit without the patterns of its fold."""
    fold = np.random.default_rng(0).integers(FOLDS, size=known[-1].pattern + 1)
    folds = fold[[phrase.pattern for phrase in known]]
    shares = np.zeros((len(known), len(CLASSES)))
    for each in range(FOLDS):
        taught, left = np.flatnonzero(folds != each).tolist(), np.flatnonzero(folds == each).tolist()
        counted = _counted([said[row] for row in taught])
        fitted = _fitted([known[row] for row in taught], counted)
        scores = (
            _shares([said[row] for row in left], counted.names, counted.rarity) @ fitted.table + fitted.bias
        )
        shares[left] = _softmax(np.asarray(scores))
    return shares


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = raised / raised.sum(axis=1, keepdims=True)
    return result


def _threshold(known: Sequence[Phrase], shares: Floats) -> float:
    """The lowest share at which little enough of what is no intent is taken for one."""
    weight = np.array([phrase.weight for phrase in known])
    idle = np.array([phrase.intent == NONE for phrase in known])
    best = shares[:, :-1].max(axis=1)
    taken = best > shares[:, -1]
    for threshold in np.arange(0.3, 1, 0.01):
        if weight[idle & taken & (best >= threshold)].sum() <= TAKEN * weight[idle].sum():
            return round(float(threshold), 2)
    return 0.99


def _packed(fit: Fit, counted: Counted) -> Reader:
    """Weights in steps of one byte, without the traits that hardly weigh anything."""
    table = fit.table * counted.rarity[:, None]
    scale = float(np.abs(table).max()) / 127
    weights = np.rint(table / scale).astype(np.int8)
    kept = np.flatnonzero(np.abs(weights).max(axis=1) > LIGHT)
    return Reader(
        Concepts({}, {}),
        {counted.names[row]: place for place, row in enumerate(kept.tolist())},
        weights[kept],
        (counted.rarity[kept] ** 2).astype(np.float32),
        fit.bias.astype(np.float32),
        scale,
        threshold=1.0,
        digest="",
    )
