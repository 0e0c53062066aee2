"""The additive scorecard: scikit-learn's own checks, truths found again, directions kept."""

from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from scoring.training import additive, columns
from scoring.training.additive import AdditiveScorecard
from tests.scoring.training import books


@pytest.fixture(scope="module")
def made() -> tuple[Any, Any]:
    given, y = books.made()
    return columns.matrix([columns.column(name, values) for name, values in given.items()]), y


@pytest.fixture(scope="module")
def fitted(made: tuple[Any, Any]) -> AdditiveScorecard:
    return AdditiveScorecard(categorical_features=[2], monotonic_cst=[-1, 1, 0, 0]).fit(*made)


@parametrize_with_checks([AdditiveScorecard()])  # type: ignore[untyped-decorator] # scikit-learn ships no types
def test_it_keeps_the_grammar_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


def test_an_additive_truth_is_found_again(made: tuple[Any, Any], fitted: AdditiveScorecard) -> None:
    given, y = books.made(2000, seed=1)
    X = columns.matrix([columns.column(name, values) for name, values in given.items()])
    best = -1.5 * np.sign(X[:, 0]) + 0.8 * np.nan_to_num(X[:, 1]) + 1.5 * (X[:, 2] == 1)

    assert roc_auc_score(y, fitted.decision_function(X)) > roc_auc_score(y, best) - 0.02


def test_probabilities_are_right_on_average(fitted: AdditiveScorecard) -> None:
    given, y = books.made(4000, seed=2)
    X = columns.matrix([columns.column(name, values) for name, values in given.items()])

    assert fitted.predict_proba(X)[:, 1].mean() == pytest.approx(y.mean(), abs=0.03)


def test_risk_moves_only_the_way_it_may(fitted: AdditiveScorecard) -> None:
    sales, rent = fitted.tables_.single[0][:-1], fitted.tables_.single[1][:-1]

    assert (np.diff(sales) <= 1e-12).all()
    assert (np.diff(rent) >= -1e-12).all()


def test_tables_are_short_and_noise_is_nearly_flat(fitted: AdditiveScorecard) -> None:
    assert max(grid.bins for grid in fitted.grids_) <= 16
    assert np.std(fitted.tables_.single[3][:-1]) < 0.25 * np.std(fitted.tables_.single[0][:-1])


def test_an_unseen_category_counts_among_the_others(fitted: AdditiveScorecard) -> None:
    rows = np.array([[0.1, 0.1, 77.0, 0.0], [0.1, 0.1, 78.0, 0.0]])

    assert np.ptp(fitted.decision_function(rows)) == 0
    assert fitted.grids_[2].codes(rows[:, 2]).tolist() == [fitted.grids_[2].bins - 1] * 2


def test_infinities_fall_into_the_outer_bins(fitted: AdditiveScorecard) -> None:
    rows = np.array([[np.inf, 0, 0, 0], [1e300, 0, 0, 0], [-np.inf, 0, 0, 0], [-1e300, 0, 0, 0]])
    found = fitted.decision_function(rows)

    assert found[0] == found[1]
    assert found[2] == found[3]


def test_the_same_seed_gives_the_same_tables(made: tuple[Any, Any], fitted: AdditiveScorecard) -> None:
    again = clone(fitted).fit(*made)

    assert again.tables_.intercept == fitted.tables_.intercept
    assert all(map(np.array_equal, again.tables_.single, fitted.tables_.single))


def test_what_two_columns_say_together_takes_a_pair() -> None:
    given, y = books.crossed()
    X = np.column_stack(list(given.values()))
    alone, paired = AdditiveScorecard(), AdditiveScorecard(pairs=1)

    assert roc_auc_score(y, alone.fit(X, y).decision_function(X)) < 0.7
    assert roc_auc_score(y, paired.fit(X, y).decision_function(X)) > 0.8
    assert [pair[:2] for pair in paired.tables_.pairs] == [(0, 1)]


def test_few_rows_are_fitted_without_boosting() -> None:
    given, y = books.made(additive.BOOSTED_FROM // 5)
    X = np.column_stack([given["sales"], given["rent"]])

    assert roc_auc_score(y, AdditiveScorecard().fit(X, y).decision_function(X)) > 0.7


@pytest.mark.parametrize(("rows", "bad"), [(2, 1), (9, 1)])
def test_a_single_bad_row_gives_the_share_and_nothing_else(rows: int, bad: int) -> None:
    X, y = np.arange(float(rows))[:, None], np.array([1] * bad + [0] * (rows - bad))
    found = AdditiveScorecard().fit(X, y).predict_proba(X)[:, 1]

    assert np.ptp(found) == 0
    assert found[0] == pytest.approx((bad + 0.5) / (rows + 1))
