"""The points table and the estimator: the same model, apart from rounding points once."""

import copy
import json
import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import portfolio
from scoring.declared import Feature
from scoring.scorecard import Scorecard, ScorecardFile
from scoring.training import columns, exporting, fitting
from scoring.training.additive import AdditiveScorecard
from scoring.training.exporting import PLACES, Described, Title
from scoring.training.tables import Tables
from tests.scoring.training import books

FACTOR = 20 / math.log(2)
NAMES = ("sales", "rent", "trade", "noise")
TRADES = ("food", "gym", "hair", "rare")


@cache
def fitted() -> tuple[AdditiveScorecard, Scorecard]:
    """A model with pairs, a category and a direction, and its table."""
    given_columns, y = books.made(600, crossing=2)
    parts = [columns.column(name, values) for name, values in given_columns.items()]
    model = AdditiveScorecard(categorical_features=[2], monotonic_cst=[-1, 0, 0, 0], pairs=2)
    model.fit(columns.matrix(parts), y)
    described = [
        Described(one.name, "made up", int(one.name == "sales"), "R01", "P01", one.levels) for one in parts
    ]
    work = fitting.Work(tuple(parts), y, (1, 0, 0, 0))
    table = exporting.table(model, described, Title("made", "1", "made up", fitting.provenance(work, "made")))
    return model, Scorecard(table, "made")


def in_points(model: AdditiveScorecard) -> AdditiveScorecard:
    """The estimator with each of its figures rounded as the table's are."""
    same, old = copy.copy(model), model.tables_

    def rounded(log_odds: Any) -> Any:
        return np.round(-FACTOR * log_odds, PLACES) / -FACTOR

    offset = 600 - FACTOR * math.log(50)
    intercept = (round(offset - FACTOR * old.intercept, PLACES) - offset) / -FACTOR
    pairs = tuple((one, two, rounded(table)) for one, two, table in old.pairs)
    same.tables_ = Tables(intercept, tuple(map(rounded, old.single)), pairs)
    return same


numbers = st.one_of(st.none(), st.floats(-4, 4), st.sampled_from([math.inf, -math.inf, 0.0, math.nan, 1e300]))
cuts = st.deferred(
    lambda: st.sampled_from([cut for grid in fitted()[0].grids_ for cut in grid.cuts.tolist()])
)
rows = st.fixed_dictionaries(
    {
        **{name: numbers | cuts for name in NAMES if name != "trade"},
        "trade": st.none() | st.sampled_from([*TRADES, "never seen"]),
    }
)


def asked(row: dict[str, Any]) -> Any:
    """A row as the estimator takes it."""
    places = {trade: float(place) for place, trade in enumerate(TRADES)} | {None: math.nan}
    told = {**row, "trade": places.get(row["trade"], 99.0)}
    return np.array([[math.nan if told[name] is None else told[name] for name in NAMES]])


@given(rows)
@settings(max_examples=200, deadline=None)
def test_table_and_estimator_agree(row: dict[str, Any]) -> None:
    model, table = fitted()
    scored = table.score(row)

    log_odds = (scored.points - table.offset) / -table.factor

    assert log_odds == pytest.approx(in_points(model).decision_function(asked(row))[0], abs=1e-9)


@given(rows)
@settings(max_examples=100, deadline=None)
def test_rounding_costs_half_a_tenth_of_a_point_a_figure(row: dict[str, Any]) -> None:
    model, table = fitted()
    figures = 1 + len(table.table.features) + len(table.table.pairs)

    exact = table.offset - table.factor * model.decision_function(asked(row))[0]

    assert abs(table.score(row).points - exact) <= 0.05 * figures + 1e-9


@given(st.lists(rows, min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_many_rows_at_once_are_the_same_bits_as_one_at_a_time(many: list[dict[str, Any]]) -> None:
    _, table = fitted()
    given_columns = {
        name: np.array([math.nan if row[name] is None else row[name] for row in many], float)
        for name in NAMES
        if name != "trade"
    }
    given_columns["trade"] = np.array([row["trade"] for row in many], dtype=object)

    found = portfolio.score_many(table, given_columns, len(many))

    for place, row in enumerate(many):
        one = table.score(row)
        assert (found.points[place], found.pd[place]) == (one.points, one.pd)
        assert {name: part[place] for name, part in found.contributions.items()} == one.contributions


def test_the_table_that_is_tested_has_all_that_a_table_can_have() -> None:
    _, table = fitted()

    assert len(table.table.pairs) >= 1
    assert table.by_name["trade"].categorical
    assert table.table.unit == 10


def test_a_table_survives_its_file() -> None:
    _, table = fitted()
    text = json.dumps(exporting.to_json(table.table))

    assert ScorecardFile.model_validate_json(text) == table.table


def _declared(name: str, direction: int) -> Feature:
    return Feature(
        name=name, id="f0", group="g", formula="x", unit="CNY", direction=direction, missing="none"
    )


def test_declared_features_are_fitted_in_their_order_with_their_reasons() -> None:
    given_columns, y = books.made(150)
    features = [_declared("rent", -1), _declared("sales", 1)]
    reasons = {"rent": ("R10", "P10"), "sales": ("R01", "P01")}

    table = fitting.fit_table(given_columns, y, features, reasons, seed=3)

    assert [(row.name, row.direction, row.lowers, row.raises) for row in table.features] == [
        ("rent", -1, "R10", "P10"),
        ("sales", 1, "R01", "P01"),
    ]
    assert table.fitted is not None
    assert (table.fitted.rows, table.fitted.bad, table.fitted.seed) == (len(y), y.sum(), 3)
    assert table == fitting.fit_table(given_columns, y, features, reasons, seed=3)


def test_the_fingerprint_of_the_rows_tells_other_rows_apart() -> None:
    given_columns, y = books.made(60)
    part = columns.column("sales", given_columns["sales"])
    other = columns.column("sales", -given_columns["sales"])

    assert fitting.Work((part,), y, (0,)).sha256() != fitting.Work((other,), y, (0,)).sha256()


def test_rows_unseen_are_judged_once_each_by_models_that_rank_them() -> None:
    given_columns, y = books.made(120)
    parts = tuple(columns.column(name, given_columns[name]) for name in ("sales", "rent"))

    found = fitting.unseen(fitting.Work(parts, y, (0, 0)))

    assert sorted(found.outcome.tolist()) == sorted(y.tolist())
    assert found.pd[found.outcome == 1].mean() > found.pd[found.outcome == 0].mean() + 0.2
