"""Fits the reader of remarks: a logistic regression on hashed runs of characters, folded into one table.

Each run's count is divided by the square root of the number of a text's runs and multiplied by how rare
the run is and how unevenly it falls on praise and complaint (the log count ratio of Wang & Manning 2012,
"Baselines and Bigrams"), so that regularisation spares the runs that tell the two apart.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.reading import characters, ngrams
from scoring.reading.characters import Batch, Codes
from scoring.reading.weights import Weights
from scoring.training.text_sets import COMPLAINT, NEITHER, PRAISE, Labelled

Floats = NDArray[np.float64]
Progress = Callable[[str], None]

AT_ONCE = 2048  #: texts counted or weighed together
#: Edges of bands that are tried, in log odds: those of the probabilities .55 to .80.
BANDS = tuple(round(math.log(share / (100 - share)), 4) for share in range(55, 81))
SHARES = {COMPLAINT: 0.4, NEITHER: 0.2, PRAISE: 0.4}  #: of each kind among a shop's remarks, assumed
USUAL = 10  #: the place of .65 among them
EVERY = 5  #: of so many texts one is left out to calibrate on


def silent(_: str) -> None:
    """Nobody is told how far a fit has come."""


@dataclass(frozen=True)
class Recipe:
    """What a fit may be varied by."""

    freedom: float = 0.2  #: C of the logistic regression: more of it follows the texts more closely
    least: int = 2  #: texts a run must stand in
    floor: float = 0.1  #: of the unevenness by which a run is emphasised
    kept: int = 200_000  #: runs that keep a weight, the heaviest
    #: Whether even odds are where praise and complaint are as likely to be said so, however many of each were
    #: fitted: for reading texts of which nobody knows how many are praise.
    even: bool = False


@dataclass(frozen=True)
class Counted:
    """Texts as a sparse matrix, a row for each text, a column for each place of a run."""

    counts: Any  #: scipy.sparse.csr_matrix
    runs: NDArray[np.int64]

    @property
    def shares(self) -> Any:
        """Counts over the square root of a text's runs, as the reader weighs them."""
        from scipy import sparse

        return sparse.diags(1 / np.sqrt(self.runs), dtype=np.float32) @ self.counts

    def pick(self, rows: NDArray[np.int64]) -> "Counted":
        return Counted(self.counts[rows], self.runs[rows])


def counted(texts: Sequence[str], letters: Codes) -> Counted:
    """Count the runs of texts, by the very places the reader looks up."""
    from scipy import sparse

    batches = [
        characters.batch(texts[first : first + AT_ONCE], letters) for first in range(0, len(texts), AT_ONCE)
    ]
    counts = sparse.vstack([_counts(given) for given in batches], format="csr")
    return Counted(counts, np.concatenate([ngrams.runs(given) for given in batches]))


def _counts(given: Batch) -> Any:
    from scipy import sparse

    rows = np.tile(ngrams.owners(given), len(ngrams.ORDERS)).astype(np.int32)
    places = np.concatenate(list(ngrams.places(given.codes))).astype(np.int32)
    shape = (len(given.lengths), 1 << ngrams.BITS)
    counts = sparse.csr_matrix((np.ones(len(places), np.float32), (rows, places)), shape=shape)
    counts.sum_duplicates()
    return counts


@dataclass(frozen=True)
class Fit:
    """What every place weighs, as fitted, with a spread of one over the texts it was fitted on."""

    table: Floats
    bias: float

    def __add__(self, other: "Fit") -> "Fit":
        return Fit(self.table + other.table, self.bias + other.bias)


def fitted(known: Counted, praise: Floats, recipe: Recipe, importance: Floats) -> Fit:
    """A logistic regression; `importance` is what each text counts for."""
    from sklearn.linear_model import LogisticRegression

    held = np.flatnonzero(_standing(known.counts) >= recipe.least)
    counts = known.counts[:, held]
    emphasis = _emphasis(counts, praise, recipe.floor)
    told = known.shares[:, held].multiply(emphasis.astype(np.float32)).tocsr()
    model = LogisticRegression(
        C=recipe.freedom, solver="liblinear", dual=True, tol=0.1, max_iter=1000, random_state=0
    )
    model.fit(*_both_ways(told, praise, importance))
    spread = float(np.std(model.decision_function(told)))
    table = np.zeros(1 << ngrams.BITS)
    table[held] = model.coef_[0] * emphasis / spread
    return Fit(table, float(model.intercept_[0]) / spread)


def _standing(counts: Any) -> NDArray[np.int64]:
    """In how many texts each run stands."""
    return np.bincount(counts.indices, minlength=counts.shape[1])


def _emphasis(counts: Any, praise: Floats, floor: float) -> Floats:
    """How rare a run is times the root of how unevenly it falls."""
    rarity = np.log((1 + counts.shape[0]) / (1 + _standing(counts))) + 1
    there = counts.copy()
    there.data[:] = 1
    pleased, displeased = 1 + there.T @ praise, 1 + there.T @ (1 - praise)
    uneven = np.log((pleased / pleased.sum()) / (displeased / displeased.sum()))
    result: Floats = rarity * np.sqrt(floor + np.abs(uneven))
    return result


def _both_ways(told: Any, praise: Floats, importance: Floats) -> tuple[Any, NDArray[np.int64], Floats]:
    """A text that says neither is given as praise and as complaint, half each: it pulls towards even odds."""
    yes, no = np.flatnonzero(praise > COMPLAINT), np.flatnonzero(praise < PRAISE)
    rows = np.concatenate((yes, no))
    answers = np.repeat((1, 0), (len(yes), len(no)))
    return told[rows], answers, importance[rows] * np.concatenate((praise[yes], 1 - praise[no]))


def packed(fit: Fit, letters: Codes, recipe: Recipe) -> Weights:
    """The heaviest runs in steps of one byte; the few beyond its ends are cut there."""
    heavy = np.argsort(-np.abs(fit.table), kind="stable")[: recipe.kept]
    kept = np.zeros_like(fit.table)
    kept[heavy] = fit.table[heavy]
    largest = float(np.quantile(np.abs(kept[kept != 0]), 0.9995))
    runs = np.clip(np.rint(kept / largest * 127), -127, 127).astype(np.int8)
    return Weights(runs, letters, largest / 127, fit.bias, -BANDS[USUAL], BANDS[USUAL])


def log_odds(weights: Weights, texts: Sequence[str]) -> Floats:
    """Of many texts, as the reader weighs them."""
    parts = [texts[first : first + AT_ONCE] for first in range(0, len(texts), AT_ONCE)]
    return np.concatenate([weights.log_odds(weights.batch(part)) for part in parts])


def calibrated(weights: Weights, odds: Floats, praise: Floats, even: bool = False) -> Weights:
    """Stretch and shift log odds so that probabilities come true on texts not fitted (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    sure = praise != NEITHER
    platt = LogisticRegression(C=1e6, class_weight="balanced" if even else None)
    platt.fit(odds[sure, None], praise[sure])
    slope, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    stretched = replace(weights, scale=weights.scale * slope, bias=weights.bias * slope + shift)
    edge = _edge(odds * slope + shift, praise)
    return replace(stretched, low=-edge, high=edge)


def _edge(odds: Floats, praise: Floats) -> float:
    """The log odds from which a text is praise, and below whose opposite it is a complaint.

    Of the bands tried the one that tells praise, complaint and neither apart best, were one text in five
    neither (`SHARES`); the usual one, probabilities of .35 to .65, where no text says neither.
    """
    if not (praise == NEITHER).any():
        return BANDS[USUAL]
    return max(BANDS, key=lambda edge: _recall(odds, praise, edge))


def _recall(odds: Floats, praise: Floats, edge: float) -> float:
    found = np.where(odds >= edge, PRAISE, np.where(odds <= -edge, COMPLAINT, NEITHER))
    return sum(share * float(np.mean(found[praise == kind] == kind)) for kind, share in SHARES.items())


@dataclass(frozen=True)
class Lesson:
    """Texts to learn from, with what each counts for; `own` are of the kind that will be read."""

    labelled: Labelled
    importance: Floats
    own: NDArray[np.bool_]

    @staticmethod
    def of(own: Labelled, beside: Labelled | None = None, importance: float = 1.0) -> "Lesson":
        """The kind that will be read, counting `importance` times as much as the texts beside it."""
        labelled = own + beside if beside else own
        kind = np.arange(len(labelled)) < len(own)
        return Lesson(labelled, np.where(kind, importance, 1.0), kind)

    def taught(self, known: Counted, rows: NDArray[np.int64], recipe: Recipe) -> Fit:
        """A fit on all of these rows, and where some are of another kind, one on their own kind added."""
        kinds = [rows] if self.own[rows].all() else [rows, rows[self.own[rows]]]
        fits = [
            fitted(known.pick(kind), self.labelled.praise[kind], recipe, self.importance[kind])
            for kind in kinds
        ]
        return fits[0] if len(fits) == 1 else fits[0] + fits[1]


def fit(lesson: Lesson, letters: Codes, recipe: Recipe, say: Progress = silent) -> Weights:
    """Weights taught by all texts, calibrated as a fit without every fifth of their own kind is by those."""
    known = counted(lesson.labelled.texts, letters)
    rows = np.arange(len(lesson.labelled))
    rest = np.flatnonzero(lesson.own)[::EVERY]
    say("fitting four fifths, to calibrate on the rest")
    first = packed(lesson.taught(known, np.setdiff1d(rows, rest), recipe), letters, recipe)
    odds = log_odds(first, [lesson.labelled.texts[row] for row in rest.tolist()])
    say("fitting all")
    whole = packed(lesson.taught(known, rows, recipe), letters, recipe)
    return calibrated(whole, odds, lesson.labelled.praise[rest], recipe.even)
