"""Many rows through a points table: the bits of one at a time, whatever the columns hold."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import portfolio
from scoring.portfolio import Portfolio
from tests.scoring import builders

MODEL = builders.model()
NAMES = [row.name for row in MODEL.table.features]
edges = st.sampled_from([cut for row in MODEL.table.features for cut in row.cuts])
singles = st.floats(-10, 700, width=32) | edges.map(lambda cut: float(np.float32(cut)))


def _columns(values: list[list[float]], kind: Any) -> dict[str, Any]:
    return {name: np.array([row[place] for row in values], kind) for place, name in enumerate(NAMES)}


def _same_as_one_by_one(columns: dict[str, Any], rows: int) -> None:
    found = portfolio.score_many(MODEL, columns, rows)
    for place in range(rows):
        one = MODEL.score({name: float(values[place]) for name, values in columns.items()})
        assert (found.points[place], found.pd[place]) == (one.points, one.pd)
        assert {name: part[place] for name, part in found.contributions.items()} == one.contributions


def _many(values: Any) -> Any:
    return st.lists(
        st.lists(
            values | st.sampled_from([math.nan, math.inf, -math.inf]),
            min_size=len(NAMES),
            max_size=len(NAMES),
        ),
        max_size=5,
    )


@given(_many(st.floats(-10, 700) | edges))
def test_double_precision_gives_the_same_bits(values: list[list[float]]) -> None:
    _same_as_one_by_one(_columns(values, np.float64), len(values))


@given(_many(singles))
def test_single_precision_gives_the_bits_of_its_own_numbers(values: list[list[float]]) -> None:
    _same_as_one_by_one(_columns(values, np.float32), len(values))


@given(st.integers(-(10**8), 10**8))
def test_every_score_has_the_pd_it_has_alone(units: int) -> None:
    ready = Portfolio(MODEL)

    found = ready._pd(np.array([units], np.int32))[0]

    assert found == round(MODEL.pd(units / MODEL.table.unit), 6)


def test_whole_numbers_are_values_too() -> None:
    _same_as_one_by_one({NAMES[0]: np.arange(100)}, 100)


def test_a_column_that_is_not_there_is_missing() -> None:
    assert portfolio.score_many(MODEL, {}, 3).points.tolist() == [MODEL.score({}).points] * 3


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match=f"{NAMES[0]}: should have 3 rows, has 2"):
        portfolio.score_many(MODEL, {NAMES[0]: np.zeros(2)}, 3)
