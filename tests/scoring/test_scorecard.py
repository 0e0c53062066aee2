"""The points table: scaling, additivity, direction, and refusal of unsound tables."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import scorecard
from scoring.forms import PolicyError
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
    same.write_text(json.dumps(json.loads(builders.EXPERT.read_text("utf-8")), indent=8))

    assert scorecard.load(same).name == MODEL.name
    assert MODEL.name.startswith("expert-1@")


def _changed(tmp_path: Path, change: Any) -> Path:
    table = json.loads(builders.EXPERT.read_text("utf-8"))
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


def _paired(tmp_path: Path, points: Any, **changes: Any) -> Path:
    def change(table: dict[str, Any]) -> None:
        table["features"] = [
            {**CATEGORY, **changes},
            {**table["features"][0], "name": "plain", "direction": 0},
        ]
        table["pairs"] = [{"first": "trade", "second": "plain", "about": "both", "points": points}]

    return _changed(tmp_path, change)


CATEGORY = {
    "name": "trade",
    "about": "what the shop does",
    "direction": 0,
    "bins": [{"values": ["food", "hair"], "points": 3.5}, {"values": ["gym"], "points": 0}, {"points": -4.2}],
    "missing": -1,
    "lowers": "R20",
    "raises": "P01",
}
PLAIN_BINS = len(ROWS[0].bins)
SQUARE = [[0.5 * row + column for column in range(PLAIN_BINS + 1)] for row in range(4)]


@pytest.mark.parametrize(
    ("value", "points"), [("food", 3.5), ("hair", 3.5), ("gym", 0), ("pub", -4.2), (None, -1), (math.nan, -1)]
)
def test_a_category_has_the_points_of_its_bin_and_an_unknown_one_those_of_the_rest(
    tmp_path: Path, value: Any, points: float
) -> None:
    model = scorecard.load(_changed(tmp_path, lambda table: table.update(features=[CATEGORY])))

    assert model.score({"trade": value}).contributions == {"trade": points}
    assert model.by_name["trade"].neutral_category == "gym"


def test_where_the_rest_is_neutral_so_is_a_category_nobody_knows(tmp_path: Path) -> None:
    bins = [{"values": ["food"], "points": 3}, {"points": 0}]
    model = scorecard.load(
        _changed(tmp_path, lambda table: table.update(features=[{**CATEGORY, "bins": bins}]))
    )

    neutral = model.by_name["trade"].neutral_category

    assert model.score({"trade": neutral}).contributions == {"trade": 0}


def test_a_pair_adds_what_its_table_says_of_both_bins(tmp_path: Path) -> None:
    model = scorecard.load(_paired(tmp_path, SQUARE))

    scored = model.score({"trade": "gym"})

    assert scored.pairs == {"trade * plain": 0.5 + PLAIN_BINS}
    assert scored.points == model.table.base + sum(scored.contributions.values()) + sum(scored.pairs.values())


def test_points_add_up_as_decimals(tmp_path: Path) -> None:
    def change(table: dict[str, Any]) -> None:
        table["base"] = 0.1
        table["features"] = [{**CATEGORY, "name": name, "missing": 0.1} for name in "abcdefghi"]

    assert scorecard.load(_changed(tmp_path, change)).score({}).points == 1.0


def test_more_than_thousandths_of_a_point_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="at most 3 decimal places"):
        scorecard.load(_changed(tmp_path, lambda table: table.update(base=0.0001)))


@pytest.mark.parametrize(
    ("bins", "says"),
    [
        ([{"values": ["a"], "points": 0}, {"values": ["a"], "points": 1}, {"points": 0}], "told apart"),
        ([{"values": ["a"], "points": 0}, {"points": 1}, {"points": 0}], "told apart"),
        ([{"values": ["a"], "below": 3, "points": 0}, {"points": 1}], "told apart"),
        ([{"values": ["a"], "points": 0}, {"values": ["b"], "points": 1}], "left out in the last bin"),
    ],
)
def test_unsound_categories_are_refused(tmp_path: Path, bins: Any, says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        scorecard.load(_changed(tmp_path, lambda table: table.update(features=[{**CATEGORY, "bins": bins}])))


def test_categories_have_no_direction(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="which have no order"):
        scorecard.load(
            _changed(tmp_path, lambda table: table.update(features=[{**CATEGORY, "direction": 1}]))
        )


def test_a_feature_without_a_direction_may_rise_and_fall(tmp_path: Path) -> None:
    def change(table: dict[str, Any]) -> None:
        table["features"][0].update(direction=0, raises="P01")
        _bins(table["features"][0], (1, -1), (2, 5), (None, 0))

    assert scorecard.load(_changed(tmp_path, change)).table.features[0].direction == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda table: table["pairs"][0].update(second="trade"), "should name two features"),
        (lambda table: table["pairs"][0].update(first="gone"), "should name two features"),
        (lambda table: table["pairs"][0].update(points=SQUARE[:-1]), "a place for each bin"),
        (lambda table: table["features"][1].update(direction=1), "features without a direction"),
        (lambda table: table["features"].append(table["features"][0]), "each name once"),
    ],
)
def test_unsound_pairs_are_refused(tmp_path: Path, change: Any, says: str) -> None:
    path = _paired(tmp_path, SQUARE)
    table = json.loads(path.read_text())
    change(table)
    path.write_text(json.dumps(table))

    with pytest.raises(PolicyError, match=says):
        scorecard.load(path)
