"""Pictures: what lies where, and that nothing is drawn outside."""

import math
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.evaluation import drawing, intervals, metrics, plots, table_plots
from scoring.evaluation.drawing import Element, Frame, Picture
from scoring.evaluation.plots import Row
from scoring.scorecard import Binned


def elements(nodes: tuple[Element, ...]) -> Iterator[Element]:
    for node in nodes:
        yield node
        yield from elements(node.children)


def outside(picture: Picture) -> list[Element]:
    """Shapes beyond the view box."""
    found = []
    for node in elements(picture.children):
        across = [float(node.attributes[name]) for name in ("x", "x1", "x2", "cx") if name in node.attributes]
        down = [float(node.attributes[name]) for name in ("y", "y1", "y2", "cy") if name in node.attributes]
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", node.attributes.get("d", "")):
            across.append(float(x))
            down.append(float(y))
        if any(not 0 <= x <= picture.width for x in across) or any(
            not 0 <= y <= picture.height for y in down
        ):
            found.append(node)
    return found


def test_a_frame_puts_its_ends_at_its_edges() -> None:
    frame = Frame((0, 2), (0, 10), width=100, height=100, left=20, right=10, top=5, bottom=15)

    assert frame.at(0, 0) == (20, 85)
    assert frame.at(2, 10) == (90, 5)


@settings(deadline=None)  # the machine may be busy
@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_lie_between_the_ends_and_are_not_many(low: float, width: float) -> None:
    places = drawing.ticks(low, low + width)

    assert 1 <= len(places) <= 7
    assert all(low - 1e-6 * width <= place <= low + width * (1 + 1e-6) for place in places)


@settings(deadline=None)  # the machine may be busy
@given(st.floats(1e-9, 1e9))
def test_a_nice_ceiling_is_above_and_not_far(value: float) -> None:
    assert value * 0.999999 <= drawing.nice_ceiling(value) <= value * 2.01


def test_a_long_line_keeps_its_ends_when_thinned() -> None:
    points = [(float(place), 0.0) for place in range(1000)]

    kept = drawing.thinned(points, 50)

    assert len(kept) == 50
    assert (kept[0], kept[-1]) == (points[0], points[-1])


OUTCOME, PD = [0, 0, 1, 0, 1, 1], [0.01, 0.02, 0.02, 0.1, 0.3, 0.9]
ROWS = (
    Row("cafe", intervals.share(3, 50), 0.07),
    Row("a very long name of a trade", intervals.share(40, 41), 0.99, striking=True),
    Row("nobody", intervals.share(0, 0)),
)
CATEGORIES = Binned.model_validate(
    {
        "name": "trade",
        "about": "what is sold",
        "direction": 0,
        "missing": -1,
        "lowers": "R04",
        "raises": "P01",
        "bins": [
            {"values": ["cafe", "restaurant"], "points": 3},
            {"values": ["gym"], "points": -2},
            {"points": 0},
        ],
    }
)
MONTHS = Binned.model_validate(
    {
        "name": "months_open",
        "about": "months since opening",
        "direction": 1,
        "missing": -2,
        "lowers": "R04",
        "bins": [{"below": 6, "points": -18}, {"below": 12.5, "points": -11}, {"points": 0}],
    }
)
PICTURES = {
    "categories": table_plots.points(CATEGORIES, (-5, 5)),
    "roc": plots.roc({f"model {n}": metrics.roc(OUTCOME, PD) for n in range(7)}),
    "calibration": plots.calibration(metrics.reliability(OUTCOME, PD)),
    "scores": plots.scores({"A": {580: 3, 590: 0}, "E": {580: 1, 590: 4}}, 10),
    "gains": plots.gains(metrics.gains(OUTCOME, PD)),
    "comparison": plots.comparison(ROWS, 0.1, "Default rate"),
    "points": table_plots.points(MONTHS, table_plots.range_of([MONTHS, CATEGORIES])),
    "stability": table_plots.stability(
        {"rent": {"other": 0.01, "shock": 11.0}, "age_of_shop": {"other": 0.0}}
    ),
    "moved": table_plots.moved({"CNY 100": (0.9, 0.1, 0.0)}, ("same", "little", "more")),
}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_drawn_outside_and_every_place_is_a_number(name: str) -> None:
    picture = PICTURES[name]

    assert outside(picture) == []
    assert not any(
        "nan" in value for node in elements(picture.children) for value in node.attributes.values()
    )


@pytest.mark.parametrize("name", PICTURES)
def test_text_stays_text(name: str) -> None:
    assert any(node.tag == "text" and node.text for node in elements(PICTURES[name].children))


def test_a_bar_of_the_score_says_its_grade_and_number() -> None:
    said = [node.text for node in elements(PICTURES["scores"].children) if node.tag == "title"]

    assert said == ["580 to 590, A: 3", "580 to 590, E: 1", "590 to 600, E: 4"]


def test_every_bin_of_a_feature_tells_its_points_and_so_does_a_missing_value() -> None:
    said = [node.text for node in elements(PICTURES["points"].children) if node.tag == "title"]

    assert said == [
        "no value: -2 points",
        "below 6: -18 points",
        "from 6 below 12.5: -11 points",
        "from 12.5: +0 points",
    ]


def test_a_bin_of_categories_names_them() -> None:
    said = [node.text for node in elements(PICTURES["categories"].children) if node.tag == "title"]

    assert said[1:] == ["cafe, restaurant: +3 points", "gym: -2 points", "others: +0 points"]


def test_a_segment_in_which_nothing_was_measured_has_no_dot() -> None:
    dots = [node for node in elements(PICTURES["comparison"].children) if node.tag == "circle"]

    assert len(dots) == sum(not math.isnan(row.found.value) for row in ROWS) == 2
