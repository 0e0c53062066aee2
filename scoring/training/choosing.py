"""Chooses by inner cross-validation how much to shrink, how long to boost and how to mix the two.

Every figure here is of rows that the model in question has not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.training import smooth, tables
from scoring.training.boosted import Boosted, Boosting
from scoring.training.grids import Floats
from scoring.training.sample import Classes, Rows, Sample, deviance
from scoring.training.tables import Tables

Folds = Sequence[tuple[Rows, Rows]]
MANY = 5000  #: rows from which two folds are enough to choose a strength
LEAST_SHARE = 0.05  #: of a model that is worth its tables
STRIDE = 10  #: trees between two stages that are compared
SLOPE_HELD = 5.0  #: rows' worth of belief that log odds of unseen rows need no stretching


@dataclass(frozen=True, eq=False)
class Chosen:
    """A model, and the log odds that models like it gave rows they had not seen."""

    model: Tables
    unseen: Floats

    def mixed(self, other: "Chosen", share: float) -> "Chosen":
        if share == 0:
            return self  # without empty tables for the other's pairs
        return Chosen(
            self.model.scaled(1 - share).plus(other.model.scaled(share)),
            (1 - share) * self.unseen + share * other.unseen,
        )

    def calibrated(self, y: Classes) -> "Chosen":
        """Log odds stretched and shifted so that they fit the rows that were not seen."""
        slope, shift = calibration(self.unseen, y)
        return Chosen(self.model.scaled(slope, shift), slope * self.unseen + shift)


def calibration(log_odds: Floats, y: Classes) -> tuple[float, float]:
    """The slope and the shift that fit best, by Newton steps; the slope is held to 1 where rows are few."""
    slope, shift = 1.0, 0.0
    for _ in range(25):
        p = 1 / (1 + np.exp(-(slope * log_odds + shift)))
        weight, wrong = p * (1 - p), p - y
        cross = float(np.sum(weight * log_odds))
        steep = float(np.sum(weight * log_odds**2)) + SLOPE_HELD
        pull = np.array([np.sum(wrong * log_odds) + SLOPE_HELD * (slope - 1), np.sum(wrong)])
        step = np.linalg.solve([[steep, cross], [cross, float(np.sum(weight)) + 1e-9]], pull)
        slope, shift = max(slope - float(step[0]), 0.05), shift - float(step[1])
        if np.abs(step).max() < 1e-10:
            break
    return slope, shift


def constant(sample: Sample) -> Chosen:
    """No more than the share of bad rows: all that one row, or one outcome, can tell."""
    share = (sample.y.sum() + 0.5) / (len(sample.y) + 1)
    log_odds = float(np.log(share / (1 - share)))
    single = tuple(np.zeros(grid.bins + 1) for grid in sample.grids)
    return Chosen(Tables(log_odds, single), np.full(len(sample.y), log_odds))


def smoothed(sample: Sample, folds: Folds) -> Chosen:
    """The regression on steps with the strength that unseen rows like best."""
    strengths: tuple[float, ...] = smooth.STRENGTHS
    unseen = {strength: np.zeros(len(sample.y)) for strength in strengths}
    lost = dict.fromkeys(strengths, 0.0)
    for number, (fitted, judged) in enumerate(folds):
        if number == 2 and len(sample.y) >= MANY:
            strengths = (min(strengths, key=lost.__getitem__),)
        models = _regressions(sample.of(fitted), strengths)
        for strength, model in zip(strengths, models, strict=True):
            log_odds = model.log_odds(sample.codes[judged])
            unseen[strength][judged] += log_odds
            lost[strength] += float(deviance(log_odds, sample.y[judged])) * len(judged)
    best = min(strengths, key=lost.__getitem__)
    return Chosen(_regressions(sample, (best,))[0], unseen[best] / _times(folds))


def _times(folds: Folds) -> float:
    """How often each row was among the unseen ones."""
    return sum(len(judged) for _, judged in folds) / sum(len(part) for part in folds[0])


def _regressions(sample: Sample, strengths: Sequence[float]) -> list[Tables]:
    steps = smooth.basis(sample.X, sample.codes, sample.grids)
    models = smooth.path(steps, sample.codes, sample.y, strengths)
    return [smooth.directed(model, sample.directions, sample.counts) for model in models]


def boosted(sample: Sample, folds: Folds, how: Boosting, *, most: int, seed: int) -> Chosen:
    """Boosting stopped where unseen rows like it best; the mean over the models of all folds."""
    fits: list[Boosted] = []
    stages = np.zeros((most // STRIDE, len(sample.y)))
    lost = np.zeros(len(stages))
    for number, (fitted, judged) in enumerate(folds):
        part = sample.of(fitted)
        model = how.fit(part.codes, part.y, sample.grids, seed=seed + number, trees=most)
        found = np.array(list(model.staged(sample.codes[judged]))[STRIDE - 1 :: STRIDE])
        stages[:, judged] += found
        lost += deviance(found, sample.y[judged]) * len(judged)
        fits.append(model)
    best = int(np.argmin(lost))
    models = [model.tables((best + 1) * STRIDE) for model in fits]
    return Chosen(tables.average(models), stages[best] / _times(folds))


def blended(one: Chosen, two: Chosen, y: Classes) -> Chosen:
    """Two models mixed, calibrated.

    Every share of the second counts by how likely it makes the unseen rows, so that few rows, which can tell
    little, give an even mix and many rows the best one.
    """
    shares = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    lost = np.array([deviance(one.mixed(two, share).calibrated(y).unseen, y) for share in shares.tolist()])
    share = float(np.average(shares, weights=np.exp((lost.min() - lost) * len(y))))
    return one.mixed(two, share if share > LEAST_SHARE else 0.0).calibrated(y)
