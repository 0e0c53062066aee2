"""Arithmetic on tables: the sum is the model, whatever is moved between its parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.training import tables
from scoring.training.grids import Grid, of_categories, of_quantities, round_between
from scoring.training.tables import Tables

DICE = np.random.default_rng(0)
CODES = np.column_stack([DICE.integers(0, 4, 200), DICE.integers(0, 3, 200)]).astype(np.int16)
ROWS = tables.counts(CODES, [3, 2])
MODEL = Tables(0.5, (DICE.normal(size=4), DICE.normal(size=3)), ((0, 1, DICE.normal(size=(4, 3))),))


def test_centring_changes_no_score() -> None:
    centred = tables.centred(MODEL, ROWS)

    assert centred.log_odds(CODES) == pytest.approx(MODEL.log_odds(CODES))
    assert np.average(centred.single[0], weights=ROWS[0]) == pytest.approx(0)


def test_what_a_pair_adds_has_no_part_of_its_own_columns() -> None:
    _, _, pure = tables.centred(MODEL, ROWS).pairs[0]

    assert np.average(pure, axis=1, weights=ROWS[1]) == pytest.approx(np.zeros(4), abs=1e-12)
    assert np.average(pure, axis=0, weights=ROWS[0]) == pytest.approx(np.zeros(3), abs=1e-12)


def test_a_bin_without_rows_adds_nothing() -> None:
    rows = (np.array([5.0, 5.0, 5.0, 0.0]), ROWS[1])

    assert tables.centred(MODEL, rows).single[0][-1] == 0


def test_sums_and_averages_are_those_of_the_scores() -> None:
    both = tables.average([MODEL, MODEL.scaled(3, 1)])

    assert both.log_odds(CODES) == pytest.approx(2 * MODEL.log_odds(CODES) + 0.5)


def test_bins_that_hardly_differ_become_one() -> None:
    profile, rows = np.array([[0.0], [0.01], [1.0], [1.01], [5.0]]), np.ones(5)

    assert tables.merged(profile, rows, most=9, loss=1e-3).tolist() == [0, 0, 1, 1, 2]
    assert tables.merged(profile, rows, most=2, loss=0).tolist() == [0, 0, 0, 0, 1]


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_a_round_cut_parts_its_neighbours(one: float, two: float) -> None:
    low, high = sorted((one, two))

    assert low == high or low < round_between(low, high) <= high


def test_a_value_of_many_rows_has_a_bin_of_its_own() -> None:
    column = np.concatenate([np.arange(300.0), np.full(100, 150.0)])
    codes = of_quantities(column, 10).codes(np.array([149.0, 150.0, 151.0]))

    assert len(set(codes.tolist())) == 3


def test_rare_categories_share_a_bin() -> None:
    grid = of_categories(np.array([1.0] * 9 + [2.0] * 9 + [3.0] * 2))

    assert grid.codes(np.array([1.0, 2.0, 3.0, 4.0, np.nan])).tolist() == [0, 1, 2, 2, 3]


def test_a_column_without_values_has_one_bin() -> None:
    assert Grid(np.array([]), np.array([])).codes(np.array([1.0, np.nan])).tolist() == [0, 1]
