"""What was measured, beside its goal: rows that become a table for people and JSON for programs."""

import json
import math
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_HEADS = ("benchmark", "figure", "", "goal", "", "note")


@dataclass(frozen=True)
class Goal:
    """`least` or `most` is the bound; `words` are what the goal says."""

    words: str
    least: float | None = None
    most: float | None = None

    def met(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True)
class Row:
    """One figure. Without a goal it is for comparison; `unjudged` says why a goal is not decided here."""

    benchmark: str
    what: str
    value: float
    unit: str
    goal: Goal | None = None
    unjudged: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        if self.unjudged or math.isnan(self.value):
            return "not judged"
        return "pass" if self.goal.met(self.value) else "MISS"


def table(rows: Sequence[Row]) -> str:
    """Aligned columns, a line a figure."""
    lines = [_HEADS, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    figure = f"{row.value:,.3g}" if abs(row.value) < 100 else f"{row.value:,.0f}"
    note = "; ".join(part for part in (row.unjudged, row.note) if part)
    words = row.goal.words if row.goal else ""
    return (f"{row.benchmark}: {row.what}", figure.rjust(9), row.unit, words, row.verdict, note)


def write(file: Path, rows: Sequence[Row]) -> None:
    """Every figure, its verdict, and the machine they are from."""
    figures = [asdict(row) | {"verdict": row.verdict} for row in rows]
    machine = {"python": platform.python_version(), "system": platform.platform()}
    file.write_text(json.dumps({"machine": machine, "figures": figures}, indent=1) + "\n", "utf-8")
