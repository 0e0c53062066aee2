"""Pictures of a model: how it ranks, whether its probabilities hold, and who gets which score. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.evaluation import drawing
from scoring.evaluation.drawing import Element, Frame, Picture
from scoring.evaluation.intervals import Interval
from scoring.evaluation.metrics import Gain, Reliability, Roc

SERIES = 5  #: colours there are


@dataclass(frozen=True)
class Row:
    """One line of a comparison: an estimate with its interval, and where it should lie."""

    name: str
    found: Interval
    expected: float | None = None
    striking: bool = False


def roc(curves: Mapping[str, Roc]) -> Picture:
    """ROC curves of a few models, the diagonal for chance."""
    frame = Frame((0, 1), (0, 1), height=300)
    lines = [
        drawing.path(
            f"series-{place % SERIES}",
            (
                frame.at(*point)
                for point in drawing.thinned(list(zip(curve.alarmed, curve.caught, strict=True)))
            ),
        )
        for place, curve in enumerate(curves.values())
    ]
    chance = drawing.line("chance", frame.at(0, 0), frame.at(1, 1))
    legend = tuple((f"series-{place % SERIES}", name) for place, name in enumerate(curves))
    return Picture(
        frame.width,
        frame.height,
        (*frame.axes("Repaid loans rated as risky", "Defaults rated as risky"), chance, *lines),
        legend,
    )


def calibration(parts: Sequence[Reliability]) -> Picture:
    """Default rates of bins with their 95 % intervals against what was foretold."""
    x_end = drawing.nice_ceiling(max(part.foretold for part in parts))
    y_end = drawing.nice_ceiling(max(part.happened.high for part in parts))
    frame = Frame((0, min(x_end, 1.0)), (0, min(y_end, 1.0)), height=300)
    marks = [_point(frame, part) for part in parts]
    shared = min(frame.x[1], frame.y[1])
    equal = drawing.line("chance", frame.at(0, 0), frame.at(shared, shared))
    legend = (("series-0", "a tenth of the cases, 95 % interval"), ("chance", "foretold = happened"))
    return Picture(
        frame.width, frame.height, (*frame.axes("Foretold PD", "Default rate"), equal, *marks), legend
    )


def _point(frame: Frame, part: Reliability) -> Element:
    happened, x = part.happened, frame.across(part.foretold)
    bar = drawing.line("reach series-0", (x, frame.down(happened.low)), (x, frame.down(happened.high)))
    dot = drawing.shape("circle", "dot series-0", cx=x, cy=frame.down(happened.value), r=4)
    text = f"foretold {part.foretold:.1%}, happened {happened.value:.1%} ({part.applicants})"
    return drawing.told(Element("g", {}, (bar, dot)), text)


def scores(counts: Mapping[str, Mapping[int, int]], width: int) -> Picture:
    """How many applicants have which score, stacked by grade; `counts` is grade -> start of bin -> number."""
    starts = sorted({start for found in counts.values() for start in found})
    tallest = max(sum(found.get(start, 0) for found in counts.values()) for start in starts)
    frame = Frame((starts[0], starts[-1] + width), (0, drawing.nice_ceiling(tallest)), percent=(False, False))
    bars = [bar for start in starts for bar in _stack(frame, counts, start, width)]
    legend = tuple((f"grade-{place}", grade) for place, grade in enumerate(counts))
    return Picture(
        frame.width, frame.height, (*frame.grid_y("Applicants"), *bars, *frame.grid_x("Score")), legend
    )


def _stack(frame: Frame, counts: Mapping[str, Mapping[int, int]], start: int, width: int) -> list[Element]:
    bars, below = [], 0
    for place, (grade, found) in enumerate(counts.items()):
        if applicants := found.get(start, 0):
            bar = _bar(frame, (start, start + width), (below, below + applicants), f"grade-{place}")
            bars.append(drawing.told(bar, f"{start} to {start + width}, {grade}: {applicants}"))
            below += applicants
    return bars


def _bar(frame: Frame, x: tuple[float, float], y: tuple[float, float], kind: str) -> Element:
    left, right, top, bottom = frame.across(x[0]), frame.across(x[1]), frame.down(y[1]), frame.down(y[0])
    return drawing.shape(
        "rect", f"bar {kind}", x=left + 0.5, y=top, width=max(0.5, right - left - 1), height=bottom - top
    )


def gains(table: Sequence[Gain]) -> Picture:
    """The share of all defaults in the riskiest parts of a book."""
    frame = Frame((0, 1), (0, 1))
    points = [(0.0, 0.0), *((gain.part, gain.caught) for gain in table)]
    dots = [
        drawing.told(
            drawing.shape("circle", "dot series-0", cx=frame.across(x), cy=frame.down(y), r=3.5),
            f"the riskiest {x:.0%} hold {y:.0%} of defaults",
        )
        for x, y in points[1:]
    ]
    chance = drawing.line("chance", frame.at(0, 0), frame.at(1, 1))
    curve = drawing.path("series-0", (frame.at(*point) for point in points))
    axes = frame.axes("Riskiest part of applicants", "Share of all defaults")
    return Picture(frame.width, frame.height, (*axes, chance, curve, *dots))


def comparison(rows: Sequence[Row], overall: float, name: str) -> Picture:
    """Estimates with intervals one below the other, a line for all together, a mark where each should lie."""
    values = [end for row in rows for end in (row.found.low, row.found.high, row.expected or 0.0)]
    end = drawing.nice_ceiling(max(*values, overall, 0.01))
    height = 26.0 * len(rows) + 46
    frame = Frame((0, min(1.0, end)), (0, len(rows)), height=height, left=112, top=6)
    marks = [
        mark for place, row in enumerate(rows) for mark in _compared(frame, row, len(rows) - place - 0.5)
    ]
    middle = drawing.line("overall", frame.at(overall, 0), frame.at(overall, len(rows)))
    legend = [("overall", "all"), ("series-0", "segment, 95 % interval")]
    if any(row.expected is not None for row in rows):
        legend.append(("expected", "mean PD"))
    if any(row.striking for row in rows):
        legend.append(("series-2", "stands out beyond chance"))
    return Picture(frame.width, height, (*frame.grid_x(name), middle, *marks), tuple(legend))


def _compared(frame: Frame, row: Row, y: float) -> list[Element]:
    kind, end = "series-2" if row.striking else "series-0", frame.x[1]
    low, high = min(row.found.low, end), min(row.found.high, end)
    shown = [
        drawing.label(_short(row.name), frame.left - 8, frame.down(y) + 4, anchor="end"),
        drawing.line(f"reach {kind}", frame.at(low, y), frame.at(high, y)),
    ]
    if not math.isnan(row.found.value):  # a segment in which nothing was measured has no dot
        dot = drawing.shape("circle", f"dot {kind}", cx=frame.across(row.found.value), cy=frame.down(y), r=4)
        text = f"{row.name}: {row.found.value:.1%} ({row.found.low:.1%} to {row.found.high:.1%})"
        shown.append(drawing.told(dot, text))
    if row.expected is not None:
        x, middle = frame.across(min(row.expected, end)), frame.down(y)
        shown.append(drawing.line("expected", (x, middle - 8), (x, middle + 8)))
    return shown


def _short(name: str, most: int = 16) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"
