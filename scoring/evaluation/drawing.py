"""Shapes of a picture in SVG as a tree of plain values; a template writes and escapes them. Pure.

Colours are classes, so that the page that shows a picture gives it a light and a dark form.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True)
class Element:
    """One SVG element with its text or its children."""

    tag: str
    attributes: Mapping[str, str]
    children: tuple["Element", ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture and the words under it; sizes are in units of its own view box."""

    width: float
    height: float
    children: tuple[Element, ...]
    legend: tuple[tuple[str, str], ...] = ()  #: class of a mark and what it stands for

    @property
    def view_box(self) -> str:
        return f"0 0 {number(self.width)} {number(self.height)}"


def number(value: float) -> str:
    """A coordinate as text, to a tenth of a unit.

    >>> number(3.14159), number(2.0), number(-0.01)
    ('3.1', '2', '0')
    """
    rounded = round(value, 1) + 0.0
    return f"{rounded:.0f}" if rounded == int(rounded) else f"{rounded:.1f}"


def shape(tag: str, kind: str = "", *children: Element, **places: float) -> Element:
    """An element with its class and its coordinates."""
    attributes = {name.replace("_", "-"): number(value) for name, value in places.items()}
    return Element(tag, {"class": kind, **attributes} if kind else attributes, children)


def label(text: str, x: float, y: float, kind: str = "tick", anchor: str = "middle") -> Element:
    return Element("text", {"class": kind, "x": number(x), "y": number(y), "text-anchor": anchor}, text=text)


def line(kind: str, start: tuple[float, float], end: tuple[float, float]) -> Element:
    return shape("line", kind, x1=start[0], y1=start[1], x2=end[0], y2=end[1])


def path(kind: str, points: Iterable[tuple[float, float]]) -> Element:
    places = " L".join(f"{number(x)} {number(y)}" for x, y in points)
    return Element("path", {"class": f"curve {kind}", "d": f"M{places}"})


def told(mark: Element, text: str) -> Element:
    """A mark that says its figures where somebody points at it."""
    return Element(mark.tag, mark.attributes, (*mark.children, Element("title", {}, text=text)), mark.text)


def nice_ceiling(value: float) -> float:
    """The next 1, 2, 3, 5 or 8 of a power of ten: an axis that ends on a round figure.

    >>> nice_ceiling(0.137), nice_ceiling(0.05), nice_ceiling(23)
    (0.2, 0.05, 30.0)
    """
    if value <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(
        round(step * unit, 12) for step in (1, 2, 3, 5, 8, 10, 20) if step * unit >= value * (1 - 1e-9)
    )


def ticks(low: float, high: float, most: int = 6) -> tuple[float, ...]:
    """Round places between two ends.

    >>> ticks(0, 0.3, most=4)
    (0.0, 0.1, 0.2, 0.3)
    """
    rough = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(rough * part for part in (1, 2, 5, 10, 20) if (high - low) / (rough * part) <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(place * step, 12) for place in range(first, last + 1))


@dataclass(frozen=True)
class Frame:
    """The part of a picture that a pair of axes spans."""

    x: tuple[float, float]  #: first and last value shown
    y: tuple[float, float]
    width: float = 360
    height: float = 270
    left: float = 58
    right: float = 22
    top: float = 12
    bottom: float = 40
    percent: tuple[bool, bool] = field(default=(True, True))  #: whether the axes carry shares

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.across(x), self.down(y)

    def across(self, x: float) -> float:
        part = (x - self.x[0]) / (self.x[1] - self.x[0])
        return self.left + part * (self.width - self.left - self.right)

    def down(self, y: float) -> float:
        part = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.height - self.bottom - part * (self.height - self.top - self.bottom)

    def written(self, value: float, axis: int) -> str:
        """A value as it stands at an axis.

        >>> Frame((0, 1), (0, 0.1)).written(0.025, 1)
        '2.5 %'
        """
        return f"{value * 100:.4g} %" if self.percent[axis] else f"{value:g}".replace("-", "\N{MINUS SIGN}")

    def axes(self, x_name: str, y_name: str) -> tuple[Element, ...]:
        """Grid, figures and names of both axes."""
        return (*self.grid_y(y_name), *self.grid_x(x_name))

    def grid_y(self, name: str) -> tuple[Element, ...]:
        lines = [line("grid", self.at(self.x[0], y), self.at(self.x[1], y)) for y in ticks(*self.y)]
        figures = [
            label(self.written(y, 1), self.left - 6, self.down(y) + 4, anchor="end") for y in ticks(*self.y)
        ]
        return (*lines, *figures, _turned(name, 11, (self.top + self.height - self.bottom) / 2))

    def grid_x(self, name: str, places: Sequence[float] | None = None) -> tuple[Element, ...]:
        shown = ticks(*self.x) if places is None else places
        floor = self.height - self.bottom
        figures = [label(self.written(x, 0), self.across(x), floor + 15) for x in shown]
        middle = (self.left + self.width - self.right) / 2
        return (line("axis", (self.left, floor), (self.width - self.right, floor)), *figures) + (
            (label(name, middle, self.height - 5, "name"),) if name else ()
        )


def _turned(name: str, x: float, y: float) -> Element:
    if not name:
        return Element("g", {})
    written = label(name, x, y, "name")
    return Element(
        "text",
        {**written.attributes, "transform": f"rotate(-90 {number(x)} {number(y)})"},
        text=name,
    )


def thinned(points: Sequence[tuple[float, float]], most: int = 160) -> list[tuple[float, float]]:
    """At most so many points of a line, its ends among them."""
    if len(points) <= most:
        return list(points)
    kept = [points[round(place * (len(points) - 1) / (most - 1))] for place in range(most)]
    return [kept[0], *(later for before, later in pairwise(kept) if later != before)]
