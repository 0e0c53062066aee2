"""How well the invented merchants can be told apart: by the shop's answers, by its accounts, by both.

A believable population lies in the bands. Above them something leaks: a simulator in which social data add
ten points shows what was put in, not what is there. Run `python -m scoring.evaluation.bands`.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scoring import policy
from scoring.evaluation import metrics
from scoring.evaluation.measured import Goal, Measured
from scoring.simulation import measuring
from scoring.simulation.measuring import MeasuredMerchant
from scoring.simulation.merchants import Simulation

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: AUC of each block; near Berg et al. 2020: a bureau .683, the digital footprint .696, both .736
BANDS: Mapping[str, tuple[float, float]] = {
    "operating": (0.68, 0.72),
    "social": (0.60, 0.66),
    "joint": (0.74, 0.77),
}
LIFT = (0.005, 0.03)  #: of the social block beside a full file
FOLDS = 4


def measure(merchants: Sequence[MeasuredMerchant]) -> list[Measured]:
    """AUC of a plain logistic model on each block, out of fold, over all, over full files and over thin ones.

    Each merchant counts as defaulted and as not, by its true probability: the figure that a very large sample
    would give, without the chance of few defaults.
    """
    truth = np.array([one.merchant.true_pd for one in merchants])
    blocks = {
        "operating": _matrix([one.operating for one in merchants]),
        "social": _matrix([one.social for one in merchants]),
    }
    blocks["joint"] = np.hstack(list(blocks.values()))
    scores = {name: _out_of_fold(values, truth) for name, values in blocks.items()}
    return [
        Measured(
            data=f"simulated merchants, {kind}",
            split=f"{FOLDS} folds",
            model=f"logistic, {block}",
            figures={"auc": metrics.expected_auc(scores[block][chosen], truth[chosen])},
            goals=(Goal("auc", BANDS[block][0]),) if kind == "all" else (),
        )
        for kind, chosen in _kinds(merchants).items()
        for block in blocks
        if chosen.any()
    ]


def _kinds(merchants: Sequence[MeasuredMerchant]) -> Mapping[str, Flags]:
    return {
        "all": np.ones(len(merchants), bool),
        "full files": np.array([one.full for one in merchants]),
        "thin files": np.array([one.thin for one in merchants]),
    }


def _matrix(figures: Sequence[Mapping[str, float | None]]) -> Vector:
    """Figures as columns, those that vary; an absent one is not a number."""
    names = list(dict.fromkeys(name for one in figures for name in one))
    rows = [[one.get(name) for name in names] for one in figures]
    found = np.array(rows, dtype=np.float64)
    known = np.where(np.isnan(found), 0.0, found)
    return found[:, (known.std(axis=0) > 0) & (~np.isnan(found)).any(axis=0)]


def _out_of_fold(values: Vector, truth: Vector) -> Vector:
    fold = np.random.default_rng(0).integers(0, FOLDS, len(truth))
    found = np.empty(len(truth))
    for held_out in range(FOLDS):
        train, test = fold != held_out, fold == held_out
        low, high = np.nanpercentile(values[train], [1, 99], axis=0)
        found[test] = _fitted(
            np.clip(values[train], low, high), truth[train], np.clip(values[test], low, high)
        )
    return found


def _fitted(train: Vector, truth: Vector, test: Vector) -> Vector:
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(
        SimpleImputer(add_indicator=True), StandardScaler(), LogisticRegression(C=0.1, max_iter=1000)
    )
    both = np.repeat([1.0, 0.0], len(truth))
    weights = np.concatenate([truth, 1 - truth])
    model.fit(np.vstack([train, train]), both, logisticregression__sample_weight=weights)
    return np.asarray(model.decision_function(test))


def lines(found: Sequence[Measured]) -> Iterator[str]:
    """The figures as text, each beside its band."""
    for one in found:
        block = one.model.split(", ")[1]
        low, high = BANDS[block]
        band = f"  band {low:.2f} to {high:.2f}" if one.goals else ""
        yield f"{one.data:34s} {block:10s} AUC {one.figures['auc']:.4f}{band}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--merchants", type=int, default=4000)
    asked.add_argument("--seed", type=int, default=0)
    given = asked.parse_args()
    rules, simulation = policy.load(), Simulation(given.seed)
    measured = [measuring.measure(one, rules) for one in simulation.merchants(given.merchants)]
    sys.stdout.writelines(f"{line}\n" for line in lines(measure(measured)))


if __name__ == "__main__":
    main()
