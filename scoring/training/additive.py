"""An additive scorecard as a scikit-learn estimator: what it fits is a points table already.

Columns are cut into bins; a regression on steps and boosting without interactions, each shrunk as inner
cross-validation likes best, are mixed, calibrated and merged into few bins. Sums of tables are tables, so the
whole remains one.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from scoring.training import choosing, grids, merging, pairing
from scoring.training.boosted import Boosting
from scoring.training.grids import Floats, Grid
from scoring.training.sample import Sample
from scoring.training.tables import Tables

BOOSTED_FROM = 500  #: rows; with fewer there is little for trees to split
TREES, TREES_OF_PAIRS = 160, 400


class AdditiveScorecard(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """Log odds as a sum of one table for each column, and of one for each of the strongest pairs.

    Quantities may be missing (NaN) and, when predicting, infinite. Categories are whole numbers; one never
    seen counts among the others.

    Args:
        categorical_features: places of columns that hold categories.
        monotonic_cst: for each column, 1 or -1 where the probability of `classes_[1]` may only rise or fall.
        pairs: how many pairs of undirected columns may have a table of their own.
        bins: of a column in the finished table, at most.
        finest: bins of a column while fitting, at most.
        random_state: a whole number; the same one gives the same table.

    Attributes:
        grids_: the bins of each column.
        tables_: log odds of `classes_[1]` by bin, each with mean 0 over the rows fitted.
        groups_: for each column of categories, the merged bin of each bin of its grid.
    """

    def __init__(  # noqa: PLR0913 -- by scikit-learn's grammar each setting is an argument
        self,
        *,
        categorical_features: Sequence[int] | None = None,
        monotonic_cst: Sequence[int] | None = None,
        pairs: int = 0,
        bins: int = 16,
        finest: int = 40,
        random_state: int = 0,
    ) -> None:
        self.categorical_features = categorical_features
        self.monotonic_cst = monotonic_cst
        self.pairs = pairs
        self.bins = bins
        self.finest = finest
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Fit on rows of numbers; raises `ValueError` for one class, more than two, or infinities."""
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        self.classes_, outcome = np.unique(y, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(f"Only binary classification is supported, got {len(self.classes_)} class(es)")
        sample = Sample(X, outcome, self._cut(X), tuple(self.monotonic_cst or [0] * X.shape[1]))
        with threadpool_limits(limits=1 if len(X) < choosing.MANY else None):
            model = self._fitted(sample)
        self.grids_, self.tables_ = merging.merge(model, sample, most=self.bins)
        return self

    def _cut(self, X: Floats) -> tuple[Grid, ...]:
        categories = set(self.categorical_features or ())
        return tuple(
            grids.of_categories(X[:, place])
            if place in categories
            else grids.of_quantities(X[:, place], self.finest)
            for place in range(X.shape[1])
        )

    def _fitted(self, sample: Sample) -> Tables:
        folds = list(sample.parted(self.random_state))
        if not folds:
            return choosing.constant(sample).model
        best = choosing.smoothed(sample, folds).calibrated(sample.y)
        if len(sample.y) < BOOSTED_FROM:
            return best.model
        how = Boosting(sample.directions)
        alone = choosing.boosted(sample, folds, how, most=TREES, seed=self.random_state)
        best = choosing.blended(best, alone, sample.y)
        if self.pairs:
            found = pairing.strongest(sample, best.unseen, self.pairs)
            how = Boosting(sample.directions, found, leaves=12)
            both = choosing.boosted(sample, folds, how, most=TREES_OF_PAIRS, seed=self.random_state)
            best = choosing.blended(best, both, sample.y)
        return best.model

    def decision_function(self, X: Any) -> Floats:
        """Log odds of `classes_[1]`."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite=False, reset=False)
        codes = np.column_stack([grid.codes(X[:, place]) for place, grid in enumerate(self.grids_)])
        return self.tables_.log_odds(codes)

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities of `classes_`, a column each."""
        bad = 1 / (1 + np.exp(-self.decision_function(X)))
        return np.column_stack([1 - bad, bad])

    def predict(self, X: Any) -> npt.NDArray[Any]:
        bad = self.decision_function(X) > 0  # first: it says that nothing is fitted yet
        found: npt.NDArray[Any] = self.classes_[bad.astype(int)]
        return found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.multi_class = False
        return tags
