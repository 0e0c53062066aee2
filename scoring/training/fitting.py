"""From columns and outcomes to a points table, and to the risk of rows that the fit has not seen."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import StratifiedKFold

from scoring.declared import Feature
from scoring.scorecard import Fitted, ScorecardFile
from scoring.training import columns, exporting
from scoring.training.additive import AdditiveScorecard
from scoring.training.columns import Array, Column
from scoring.training.exporting import Described, Title
from scoring.training.grids import Floats

FOLDS = 5
WHOLE_FOLDS = 5000  #: rows from which one fifth is held out once, instead of each fifth in turn

METHOD = "logistic regression on steps and boosting without interactions, mixed and calibrated"
ABOUT = (
    "A points table fitted by `bangbang train`. Points are score points (20 of them double the odds of "
    "repayment); each feature adds the points of its bin to the base. The bin with 0 points is the neutral "
    "one; `lowers` and `raises` are the reason codes of negative and positive points."
)

Step = Callable[[], None]  #: called once for every piece of work done


@dataclass(frozen=True, eq=False)
class Work:
    """What to fit, and how."""

    columns: tuple[Column, ...]
    y: Array  #: 1 bad, 0 good
    directions: tuple[int, ...]  #: of each column: +1 when more of it speaks for the applicant
    pairs: int = 0
    seed: int = 0

    def estimator(self) -> AdditiveScorecard:
        return AdditiveScorecard(
            categorical_features=[n for n, one in enumerate(self.columns) if one.levels is not None],
            monotonic_cst=[-direction for direction in self.directions],
            pairs=self.pairs,
            random_state=self.seed,
        )

    @property
    def rounds(self) -> int:
        """How many fits a look at unseen rows takes."""
        return FOLDS if len(self.y) < WHOLE_FOLDS else 1

    def sha256(self) -> str:
        """Of the columns and the outcomes, in their order."""
        digest = hashlib.sha256()
        for one in self.columns:
            digest.update(repr((one.name, one.levels)).encode())
            digest.update(one.numbers.astype("<f8").tobytes())
        digest.update(self.y.astype("<i8").tobytes())
        return digest.hexdigest()


@dataclass(frozen=True, eq=False)
class Unseen:
    """What happened to rows, and the PD of a model that had not seen them."""

    outcome: Array
    pd: Floats


def unseen(work: Work, step: Step = lambda: None) -> Unseen:
    """Fit on folds and judge by the rest: each row once where rows are few, else one fifth of them."""
    X = columns.matrix(work.columns)
    folds = min(FOLDS, int(np.bincount(work.y).min()))
    parts = StratifiedKFold(folds, shuffle=True, random_state=work.seed).split(X, work.y)
    rows, risks = [], []
    for _, (fitted, judged) in zip(range(work.rounds), parts, strict=False):
        model = work.estimator().fit(X[fitted], work.y[fitted])
        rows.append(judged)
        risks.append(model.predict_proba(X[judged])[:, 1])
        step()
    return Unseen(work.y[np.concatenate(rows)], np.concatenate(risks))


def fit(work: Work, described: Sequence[Described], title: Title) -> ScorecardFile:
    """Fit on all rows; the table says what it was fitted on."""
    model = work.estimator().fit(columns.matrix(work.columns), work.y)
    return exporting.table(model, described, title)


def provenance(work: Work, data: str, held_out: Mapping[str, float] | None = None) -> Fitted:
    """What a table fitted by this work is said to be fitted on."""
    return Fitted(
        data=data,
        rows=len(work.y),
        bad=int(work.y.sum()),
        sha256=work.sha256(),
        seed=work.seed,
        method=f"{METHOD}; {work.pairs} pairs" if work.pairs else METHOD,
        held_out=held_out or {},
    )


def fit_table(  # noqa: PLR0913 -- all but four have a meaning of their own when left out
    given: Mapping[str, Array],
    y: Array,
    features: Sequence[Feature],
    reasons: Mapping[str, tuple[str | None, str | None]],
    *,
    seed: int,
    pairs: int = 0,
    data: str = "simulated merchants",
    name: str = "fitted",
    version: str = "1",
) -> ScorecardFile:
    """The points table of declared features.

    Args:
        given: a column for each feature, by name; NaN or None is missing.
        y: 1 for a default, 0 for a loan repaid.
        features: what to fit on, in the order of the table; a declared direction is kept to.
        reasons: for each feature the reason codes of negative and of positive points.
        seed: the same one gives the same table.
        pairs: how many pairs of undirected features may have a table of their own.

    Raises:
        BookError: a column or the outcomes cannot be fitted on; named with its row.
    """
    columns.same_length(given, y)
    parts = tuple(columns.column(one.name, np.asarray(given[one.name])) for one in features)
    work = Work(parts, columns.outcome(y), tuple(one.direction for one in features), pairs, seed)
    described = [
        replace(
            Described(one.name, f"{one.id}: {one.formula} ({one.unit})", one.direction, *reasons[one.name]),
            levels=part.levels,
        )
        for one, part in zip(features, parts, strict=True)
    ]
    return fit(work, described, Title(name, version, ABOUT, provenance(work, data)))
