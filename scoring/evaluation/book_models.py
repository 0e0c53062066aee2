"""The models that stand beside each other on loan books: ours, and what others would take."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import util

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from scoring.evaluation.loan_books import Floats, LoanBook, Rows
from scoring.training.additive import AdditiveScorecard

ADDITIVE, PAIRED = "additive scorecard", "additive scorecard with pairs"
WOE, BOOSTING, PAPER = "WOE logistic scorecard (optbinning)", "boosting", "the paper's logistic regression"
SEED = 0

Foretell = Callable[[LoanBook, Rows, Floats], Floats]  #: book, rows to fit on, rows to judge: their PDs


@dataclass(frozen=True)
class Additive:
    pairs: int = 0

    def __call__(self, book: LoanBook, fitted: Rows, judged: Floats) -> Floats:
        model = AdditiveScorecard(
            categorical_features=book.categories, pairs=self.pairs, random_state=SEED
        ).fit(book.X[fitted], book.y[fitted])
        return model.predict_proba(judged)[:, 1]


def boosting(book: LoanBook, fitted: Rows, judged: Floats) -> Floats:
    """Plain histogram boosting with every interaction it likes."""
    few = len(book.y) < 8000
    model = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=150 if few else 300,
        max_leaf_nodes=8 if few else 15,
        min_samples_leaf=20,
        l2_regularization=1,
        early_stopping=False,
        categorical_features=book.categories,
        random_state=SEED,
    )
    risks: Floats = model.fit(book.X[fitted], book.y[fitted]).predict_proba(judged)[:, 1]
    return risks


def woe(book: LoanBook, fitted: Rows, judged: Floats) -> Floats:
    """Optimal binning with defaults, weights of evidence into logistic regression."""
    from optbinning import OptimalBinning

    seen, asked = [], []
    for place, one in enumerate(book.columns):
        kind = "numerical" if one.levels is None else "categorical"
        binning = OptimalBinning(name=one.name, dtype=kind).fit(book.X[fitted, place], book.y[fitted])
        seen.append(binning.transform(book.X[fitted, place], metric="woe"))
        asked.append(binning.transform(judged[:, place], metric="woe"))
    model = LogisticRegression(C=1, max_iter=1000).fit(np.column_stack(seen), book.y[fitted])
    risks: Floats = model.predict_proba(np.column_stack(asked))[:, 1]
    return risks


def woe_there() -> bool:
    return util.find_spec("optbinning") is not None


def paper(book: LoanBook, fitted: Rows, judged: Floats) -> Floats:
    """Logistic regression without a penalty, on columns without a gap."""
    model = LogisticRegression(C=np.inf, max_iter=1000).fit(book.X[fitted], book.y[fitted])
    risks: Floats = model.predict_proba(judged)[:, 1]
    return risks
