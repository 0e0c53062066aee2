"""Bars for the desk's figures: lying ones for names, standing ones for days and spans. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.evaluation import drawing
from scoring.evaluation.drawing import Element, Picture

WIDTH, LABELS, FIGURES = 520.0, 170.0, 84.0  #: of a picture, and the room for names and for figures
LINE = 26.0
TALL, FOOT, HEAD = 150.0, 20.0, 16.0
CROWD = 16  #: standing bars beyond which not every one is named


@dataclass(frozen=True)
class Bar:
    """One bar: its name, how long it is, and the figure beside it."""

    name: str
    value: float
    shown: str
    kind: str = "series-0"


def lying(bars: Sequence[Bar], most: float | None = None) -> Picture:
    """A line each; the longest is as wide as there is room, or `most` is."""
    room, end = WIDTH - LABELS - FIGURES, most or max((bar.value for bar in bars), default=0) or 1
    marks: list[Element] = []
    for place, bar in enumerate(bars):
        middle = place * LINE + LINE / 2
        wide = max(1.0, room * min(bar.value, end) / end)
        marks += [
            drawing.label(bar.name, LABELS - 8, middle + 4, "name", "end"),
            drawing.told(
                drawing.shape("rect", bar.kind, x=LABELS, y=middle - 8, width=wide, height=16, rx=3),
                f"{bar.name}: {bar.shown}",
            ),
            drawing.label(bar.shown, LABELS + wide + 6, middle + 4, "figure", "start"),
        ]
    return Picture(WIDTH, max(LINE, LINE * len(bars)), tuple(marks))


def standing(bars: Sequence[Bar]) -> Picture:
    """Side by side on one floor."""
    end = max((bar.value for bar in bars), default=0) or 1
    step, floor = WIDTH / max(1, len(bars)), TALL - FOOT
    every = -(-len(bars) // CROWD)
    marks: list[Element] = [drawing.line("axis", (0, floor), (WIDTH, floor))]
    for place, bar in enumerate(bars):
        high, middle = (floor - HEAD) * bar.value / end, step * (place + 0.5)
        wide = min(step * 0.7, 44.0)
        if bar.value:
            shape = drawing.shape(
                "rect", bar.kind, x=middle - wide / 2, y=floor - high, width=wide, height=high, rx=3
            )
            marks.append(drawing.told(shape, f"{bar.name}: {bar.shown}"))
        if place % every == 0:
            marks.append(drawing.label(bar.name, middle, TALL - 5, "name"))
            marks.append(drawing.label(bar.shown if bar.value else "", middle, floor - high - 4, "figure"))
    return Picture(WIDTH, TALL, tuple(marks))
