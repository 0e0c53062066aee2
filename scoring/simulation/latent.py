"""What nobody sees of a merchant: eight qualities, correlated as declared, each with mean 0 and sd 1."""

from collections.abc import Mapping

import numpy as np

from scoring.simulation.columns import Columns, Vector, rounded

QUALITIES = ("quality", "buffer", "leverage", "honesty", "activity", "product", "popularity", "steadiness")


def correlation(pairs: Mapping[str, float]) -> Vector:
    """The correlation matrix of the qualities from pairs named "one-other"."""
    matrix = np.eye(len(QUALITIES))
    for pair, r in pairs.items():
        one, other = (QUALITIES.index(name) for name in pair.split("-"))
        matrix[one, other] = matrix[other, one] = r
    return matrix


def draw(dice: np.random.Generator, merchants: int, pairs: Mapping[str, float]) -> Columns:
    """So many merchants' qualities by name."""
    independent = dice.standard_normal((merchants, len(QUALITIES)))
    mixed = (independent[:, None, :] * np.linalg.cholesky(correlation(pairs))[None, :, :]).sum(axis=2)
    return rounded({name: mixed[:, place].copy() for place, name in enumerate(QUALITIES)})
