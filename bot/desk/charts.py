"""Small pictures drawn by the server: where an account stands in its trade, one strip a sub-score. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from scoring.evaluation import drawing
from scoring.evaluation.drawing import Element, Picture

WIDTH, HEIGHT, EDGE, MIDDLE = 220.0, 26.0, 8.0, 13.0
LOW, HIGH = 25, 75  #: below and from which a sub-score is of note

Side = Literal["brand", "personal"]


@dataclass(frozen=True)
class Strip:
    """One sub-score, with the percentiles of the figures it is the mean of."""

    group: str
    score: int | None
    figures: tuple[tuple[str, float], ...]
    picture: Picture


@dataclass(frozen=True)
class Strips:
    """The sub-scores of one account, and how many merchants it is seen among."""

    strips: tuple[Strip, ...]
    among: int


def strips(facts: Mapping[str, Any], side: Side, trade: str | None) -> Strips | None:
    """None where the account was not read."""
    shown = facts.get("social", {}).get(side)
    if not shown:
        return None
    from scoring.social import standing  # numpy is loaded with the first one, not with the server

    norms, _ = standing.bundled()
    features = facts.get("features", {})
    places = standing.places(features, side, trade, norms)
    group = norms.group(trade, standing.bucket(features, side))
    drawn = (_strip(name, score, tuple(places.get(name, ()))) for name, score in shown["scores"].items())
    return Strips(tuple(drawn), group.merchants if group else 0)


def _strip(group: str, score: int | None, figures: tuple[tuple[str, float], ...]) -> Strip:
    """The middle half shaded, a tick for each figure, and a dot for their mean."""
    marks: list[Element] = [
        drawing.shape("rect", "range", x=EDGE, y=MIDDLE - 4, width=WIDTH - 2 * EDGE, height=8, rx=4),
        drawing.shape("rect", "middle", x=_x(25), y=MIDDLE - 4, width=_x(75) - _x(25), height=8),
        drawing.line("median", (_x(50), MIDDLE - 8), (_x(50), MIDDLE + 8)),
    ]
    marks += [drawing.line("one", (_x(place), MIDDLE - 5), (_x(place), MIDDLE + 5)) for _, place in figures]
    if score is not None:
        kind = "low" if score < LOW else "high" if score >= HIGH else "fair"
        marks.append(drawing.shape("circle", f"score {kind}", cx=_x(score), cy=MIDDLE, r=7))
    return Strip(group, score, figures, Picture(WIDTH, HEIGHT, tuple(marks)))


def _x(percent: float) -> float:
    return EDGE + percent / 100 * (WIDTH - 2 * EDGE)
