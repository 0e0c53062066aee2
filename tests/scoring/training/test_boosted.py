"""Boosting read back as tables: exactly the model, with categories in any place."""

import numpy as np

from scoring.training import columns, grids
from scoring.training.boosted import Boosting
from scoring.training.sample import Sample
from tests.scoring.training import books


def _sample() -> Sample:
    given, y = books.made(600)
    X = columns.matrix([columns.column(name, values) for name, values in given.items()])
    cut = [grids.of_quantities(X[:, place], 12) for place in range(4)]
    cut[2] = grids.of_categories(X[:, 2])
    return Sample(X, y, tuple(cut), (0, 0, 0, 0))


def test_tables_are_the_model_itself() -> None:
    sample = _sample()
    model = Boosting(sample.directions).fit(sample.codes, sample.y, sample.grids, seed=0, trees=30)

    found = model.tables(20).log_odds(sample.codes)

    assert np.abs(found - list(model.staged(sample.codes))[19]).max() < 1e-12


def test_tables_of_pairs_are_the_model_itself_too() -> None:
    """Also with a category in the middle, which scikit-learn moves without the pairs."""
    sample = _sample()
    how = Boosting(sample.directions, pairs=((0, 2), (0, 3), (1, 3)), leaves=8)
    model = how.fit(sample.codes, sample.y, sample.grids, seed=0, trees=30)

    tables = model.tables(30)

    assert np.abs(tables.log_odds(sample.codes) - list(model.staged(sample.codes))[-1]).max() < 1e-12
    assert all(np.abs(table).max() > 1e-3 for *_, table in tables.pairs)
