"""Pictures of a points table and of its stability. Pure."""

from collections.abc import Mapping, Sequence

from scoring.evaluation import drawing
from scoring.evaluation.drawing import Element, Frame, Picture
from scoring.scorecard import Binned

STABLE, SHIFTED = 0.1, 0.25  #: usual bounds of the population stability index
LARGEST = 0.5  #: what the picture of stability shows; a bar that is longer carries its figure
_GAP = 0.55  #: room between the bin for missing values and the others, in bins


def range_of(features: Sequence[Binned]) -> tuple[float, float]:
    """The lowest and the highest points of a table, so that all its pictures share one scale."""
    points = [value for row in features for value in (row.missing, *(part.points for part in row.bins), 0.0)]
    low, high = min(points), max(points)
    pad = max(1.0, (high - low) * 0.06)
    return low - pad, high + pad


def points(row: Binned, scale: tuple[float, float]) -> Picture:
    """The points of one feature as steps; every bin is as wide as the next, missing values stand apart."""
    bins = len(row.bins)
    frame = Frame(
        (-1 - _GAP, bins), scale, width=300, height=150, left=36, right=10, bottom=24, percent=(False, False)
    )
    zero = drawing.line("axis", frame.at(frame.x[0], 0), frame.at(bins, 0))
    steps = [corner for place, part in enumerate(row.bins) for corner in _step(frame, place, part.points)]
    marks = (
        _missing(frame, row.missing),
        drawing.path("series-0 steps", steps),
        *(_told(frame, row, place) for place in range(bins)),
    )
    grid = Element("g", {}, frame.grid_y(""))
    return Picture(frame.width, frame.height, (grid, zero, *marks, *_cuts(frame, row)))


def _step(frame: Frame, place: int, value: float) -> tuple[tuple[float, float], tuple[float, float]]:
    return frame.at(place, value), frame.at(place + 1, value)


def _missing(frame: Frame, value: float) -> Element:
    left, right = frame.at(-1 - _GAP + 0.1, value), frame.at(-_GAP - 0.1, value)
    mark = drawing.line("reach series-1 steps", left, right)
    name = drawing.label("none", (left[0] + right[0]) / 2, frame.height - 8)
    return drawing.told(Element("g", {}, (mark, name)), f"no value: {value:+g} points")


def _told(frame: Frame, row: Binned, place: int) -> Element:
    """An unseen field over a bin that says what it holds."""
    left, right = frame.across(place), frame.across(place + 1)
    field = drawing.shape("rect", "field", x=left, y=frame.top, width=right - left, height=frame.height - 40)
    return drawing.told(field, f"{held(row, place)}: {row.bins[place].points:+g} points")


def held(row: Binned, place: int) -> str:
    """What a bin holds, in words of the table."""
    if row.categorical:
        return ", ".join(row.bins[place].values) or "others"
    low = f"from {row.cuts[place - 1]:g}" if place else ""
    high = f"below {row.cuts[place]:g}" if place < len(row.cuts) else ""
    return f"{low} {high}".strip()


def _cuts(frame: Frame, row: Binned, most: int = 4) -> tuple[Element, ...]:
    """As many cuts as there is room for; the first category of each bin where it holds categories."""
    if row.categorical:
        return tuple(_category(frame, row, place) for place in range(len(row.bins)))
    every = -(-len(row.cuts) // most)
    shown = [(place, cut) for place, cut in enumerate(row.cuts) if place % every == 0]
    return tuple(
        drawing.label(_brief(cut), frame.across(place + 1), frame.height - 8) for place, cut in shown
    )


def _brief(cut: float) -> str:
    """
    >>> [_brief(cut) for cut in (-0.0679, 0.5, 158.0, 2.083)]
    ['-0.068', '0.5', '158', '2.08']
    """
    return f"{cut:.2g}" if abs(cut) < 1 else f"{cut:.3g}"


def _category(frame: Frame, row: Binned, place: int) -> Element:
    first = next(iter(row.bins[place].values), "others")
    room = max(2, 34 // len(row.bins))
    return drawing.label(_short(first, room), frame.across(place + 0.5), frame.height - 8)


def stability(found: Mapping[str, Mapping[str, float]]) -> Picture:
    """Bars of the stability index; `found` is feature -> sample -> index."""
    samples = list(dict.fromkeys(sample for values in found.values() for sample in values))
    height = 26.0 * len(found) + 40
    frame = Frame((0, LARGEST), (0, len(found)), height=height, left=172, top=4, percent=(False, False))
    bars = [
        bar
        for place, (name, values) in enumerate(found.items())
        for bar in _pair(frame, name, values, samples, len(found) - place)
    ]
    bounds = [drawing.line("chance", frame.at(x, 0), frame.at(x, len(found))) for x in (STABLE, SHIFTED)]
    legend = tuple((f"series-{place}", sample) for place, sample in enumerate(samples))
    return Picture(frame.width, height, (*frame.grid_x("PSI"), *bounds, *bars), legend)


def _pair(
    frame: Frame, name: str, values: Mapping[str, float], samples: Sequence[str], top: int
) -> list[Element]:
    shown = [drawing.label(_short(name), frame.left - 8, frame.down(top - 0.5) + 4, anchor="end")]
    each = 0.7 / len(samples)
    for place, sample in enumerate(samples):
        psi, upper = values.get(sample, 0.0), frame.down(top - 0.15 - place * each)
        width = frame.across(min(psi, LARGEST)) - frame.left
        bar = drawing.shape(
            "rect",
            f"bar series-{place}",
            x=frame.left,
            y=upper,
            width=max(width, 0.8),
            height=frame.down(0) - frame.down(each) - 0.5,
        )
        shown.append(drawing.told(bar, f"{name}, {sample}: {psi:.3f}"))
        if psi > LARGEST:
            shown.append(drawing.label(f"{psi:.1f}", frame.across(LARGEST) - 4, upper + 8, "inside", "end"))
    return shown


def _short(name: str, most: int = 22) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def moved(shares: Mapping[str, Sequence[float]], kinds: Sequence[str]) -> Picture:
    """What attacks do to limits, a bar for each budget: the shares of merchants of each kind."""
    height = 34.0 * len(shares) + 44
    frame = Frame((0, 1), (0, len(shares)), height=height, left=76, top=4)
    shown = []
    for place, (budget, parts) in enumerate(shares.items()):
        y = len(shares) - place
        shown.append(drawing.label(budget, frame.left - 8, frame.down(y - 0.5) + 4, anchor="end"))
        shown += _parts(frame, parts, y, kinds)
    legend = tuple((f"moved-{place}", kind) for place, kind in enumerate(kinds))
    return Picture(frame.width, height, (*frame.grid_x("Merchants"), *shown), legend)


def _parts(frame: Frame, parts: Sequence[float], y: int, kinds: Sequence[str]) -> list[Element]:
    bars, left, top = [], 0.0, frame.down(y - 0.18)
    for place, part in enumerate(parts):
        width = frame.across(left + part) - frame.across(left)
        bar = drawing.shape(
            "rect",
            f"bar moved-{place}",
            x=frame.across(left),
            y=top,
            width=width,
            height=frame.down(y - 0.82) - top,
        )
        bars.append(drawing.told(bar, f"{kinds[place]}: {part:.1%}"))
        left += part
    return bars
