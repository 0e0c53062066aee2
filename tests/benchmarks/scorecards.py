"""The bundled points table beside optbinning's scorecard, one merchant at a time, and a million at once."""

import statistics
import tracemalloc
from collections.abc import Callable, Mapping
from importlib import util
from time import perf_counter
from typing import Any

import numpy as np

from scoring import scorecard
from scoring.portfolio import Portfolio
from scoring.scorecard import Binned, Scorecard
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.rounds import Plan, Wrong

MANY = 1_000_000
FITTED_ON = 2_000  #: rows
UNKNOWN = 0.1  #: share of values that are missing
Columns = Mapping[str, np.ndarray[Any, np.dtype[np.float64]]]


async def run(plan: Plan) -> list[Row]:
    """Both in turn, on values drawn across the bins of the table."""
    model = scorecard.load()
    return [*_alone(model, plan), *_together(model, plan)]


def _drawn(model: Scorecard, rows: int) -> Columns:
    dice = np.random.default_rng(7)
    found = {row.name: _column(row, rows, dice) for row in model.table.features if not row.categorical}
    for values in found.values():
        values[dice.random(rows) < UNKNOWN] = np.nan
    return found


def _column(row: Binned, rows: int, dice: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
    low, high = row.cuts[0], row.cuts[-1]
    reach = max(high - low, 1.0)
    return dice.uniform(low - reach / 2, high + reach / 2, rows)


def _alone(model: Scorecard, plan: Plan) -> list[Row]:
    """One merchant's points, and what optbinning takes for the same."""
    goal = Goal("≥ 200 x", least=200)
    if util.find_spec("optbinning") is None:
        missing = "optbinning is not installed: uv sync --group peers"
        return [Row("scorecard", "optbinning / ours", float("nan"), "x", goal, note=missing)]
    columns = _drawn(model, FITTED_ON)
    merchants = [
        {name: None if np.isnan(values[place]) else float(values[place]) for name, values in columns.items()}
        for place in range(200)
    ]
    peer = _peer(columns)
    ours, theirs = [], []
    for _ in range(plan.rounds):
        ours.append(_seconds(lambda: [model.score(one) for one in merchants]) / len(merchants))
        theirs.append(_seconds(peer))
    ratio = statistics.median(their / our for our, their in zip(ours, theirs, strict=True))
    return [
        Row("scorecard", "points of one, ours", statistics.median(ours) * 1e6, "µs"),
        Row("scorecard", "points of one, optbinning", statistics.median(theirs) * 1e6, "µs"),
        Row("scorecard", "optbinning / ours", ratio, "x", goal),
    ]


def _peer(columns: Columns) -> Callable[[], object]:
    """One row through a scorecard of optbinning's that is fitted on the same columns."""
    import pandas
    from optbinning import BinningProcess
    from optbinning import Scorecard as Peer
    from sklearn.linear_model import LogisticRegression

    frame = pandas.DataFrame(columns)
    outcome = (np.nan_to_num(frame.to_numpy()).sum(axis=1) > 0).astype(int)
    peer = Peer(
        binning_process=BinningProcess(list(columns)), estimator=LogisticRegression(max_iter=1000)
    ).fit(frame, outcome)
    one = frame.iloc[[0]]
    return lambda: peer.score(one)


def _together(model: Scorecard, plan: Plan) -> list[Row]:
    """All rows in one pass of numpy, with what each feature added."""
    columns, portfolio = _drawn(model, MANY), Portfolio(model)
    first = {name: float(values[0]) for name, values in columns.items()}
    found = portfolio.score(columns, MANY)
    if float(found.points[0]) != model.score(first).points:
        raise Wrong("many at once are not scored as one is")
    times = [_seconds(lambda: portfolio.score(columns, MANY)) for _ in range(plan.rounds)]
    tracemalloc.start()
    portfolio.score(columns, MANY)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    note = f"{len(columns)} features, contributions kept"
    return [
        Row("scorecard", "of a million at once", MANY / statistics.median(times), "/s", note=note),
        Row("scorecard", "of a million at once, memory", peak, "MiB", note="beside the columns given"),
    ]


def _seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun
