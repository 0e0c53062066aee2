"""The points table: scaling, additivity, direction, and refusal of unsound tables."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import scorecard
from scoring.forms import PolicyError, packaged
from tests.scoring import builders

MODEL = builders.model()
ROWS = MODEL.table.features


@pytest.mark.parametrize(
    ("pd", "points"),
    [
        *((0.005, 639.9), (0.01, 619.7), (0.015, 607.9), (0.02, 599.4), (0.03, 587.4), (0.04, 578.8)),
        *((0.05, 572.1), (0.08, 557.6), (0.1, 550.5), (0.12, 544.6), (0.2, 527.1)),
    ],
)
def test_twenty_points_double_the_odds(pd: float, points: float) -> None:
    assert round(MODEL.points(pd), 1) == points
    assert MODEL.pd(MODEL.points(pd)) == pytest.approx(pd)


def test_six_hundred_points_are_fifty_to_one() -> None:
    assert round(MODEL.factor, 4) == 28.8539
    assert round(MODEL.offset, 2) == 487.12
    assert MODEL.pd(600) == pytest.approx(1 / 51)


def test_a_neutral_merchant_scores_the_base_and_a_missing_value_too() -> None:
    neutral = MODEL.score({row.name: row.neutral for row in ROWS})

    assert neutral.points == MODEL.table.base
    assert set(neutral.contributions.values()) == {0}
    assert MODEL.score({}).points == MODEL.table.base


values = st.fixed_dictionaries({row.name: st.none() | st.floats(-5, 700) for row in ROWS})


@given(values)
def test_a_score_is_exactly_its_base_and_contributions(given_values: dict[str, float | None]) -> None:
    scored = MODEL.score(given_values)

    assert scored.points == MODEL.table.base + sum(scored.contributions.values())
    assert scored.score == math.floor(scored.points + 0.5)


@given(values, st.sampled_from(ROWS), st.floats(-5, 700), st.floats(-5, 700))
def test_more_of_a_good_thing_never_raises_the_risk(
    given_values: dict[str, float | None], row: scorecard.Binned, first: float, second: float
) -> None:
    worse, better = sorted((first, second), reverse=row.direction < 0)

    assert (
        MODEL.score({**given_values, row.name: better}).pd
        <= MODEL.score({**given_values, row.name: worse}).pd
    )


def test_the_best_merchant_and_the_weakest_are_plausible() -> None:
    best = {row.name: 1e6 if row.direction > 0 else -1e6 for row in ROWS}
    weak = {"months_open": 5, "cushion": -0.01, "spread": 0.7}

    assert 0.008 < MODEL.score(best).pd < 0.016
    assert MODEL.score(weak).pd > 0.1


def test_the_name_tells_version_and_fingerprint_and_ignores_layout(tmp_path: Path) -> None:
    same = tmp_path / "same.json"
    same.write_text(json.dumps(json.loads(packaged("scorecard.json")), indent=8))

    assert scorecard.load(same).name == MODEL.name
    assert MODEL.name.startswith("expert-1@")


def _changed(tmp_path: Path, change: Any) -> Path:
    table = json.loads(packaged("scorecard.json"))
    change(table)
    path = tmp_path / "table.json"
    path.write_text(json.dumps(table))
    return path


def _bins(feature: dict[str, Any], *bins: tuple[float | None, float]) -> None:
    feature["bins"] = [
        {"points": points} if below is None else {"below": below, "points": points} for below, points in bins
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda table: table.pop("base"), "base"),
        (lambda table: table.update(colour="red"), "colour"),
        (lambda table: _bins(table["features"][0], (6, -1), (3, 0), (None, 0)), "below should rise"),
        (lambda table: _bins(table["features"][0], (6, 0), (None, -1)), "move one way"),
        (lambda table: _bins(table["features"][0], (6, -2), (None, -1)), "neutral"),
        (lambda table: _bins(table["features"][0], (6, 0), (None, 4)), "lowers and raises"),
        (lambda table: table["features"][0].update(lowers=None), "lowers and raises"),
        (lambda table: table["scaling"].update(odds=0), "odds"),
    ],
)
def test_an_unsound_table_is_refused_with_the_place(tmp_path: Path, change: Any, says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        scorecard.load(_changed(tmp_path, change))


@pytest.mark.parametrize(
    "bins", [((1, 0), (2, 5), (None, 6)), ((1, -1), (2, 0), (None, 6)), ((1, -1), (2, -1), (None, 0))]
)
def test_a_neutral_value_lies_in_the_neutral_bin_wherever_that_is(tmp_path: Path, bins: Any) -> None:
    def change(table: dict[str, Any]) -> None:
        table["features"][0]["raises"] = "P01"
        _bins(table["features"][0], *bins)

    model = scorecard.load(_changed(tmp_path, change))
    row = model.table.features[0]
    assert model.score({row.name: row.neutral}).contributions[row.name] == 0
