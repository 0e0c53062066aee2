"""Writes `docs/features.md` from the table: `python -m scoring.social.documentation`; `--check` compares."""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from scoring.declared import Feature
from scoring.social import table
from scoring.social.standing import SUBSCORES
from scoring.social.table import TABLE, Line

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "docs" / "features.md"
MEANINGS = ROOT / "conversations" / "locales" / "features.en.toml"

_DIRECTIONS = {1: "more is better", -1: "less is better", 0: "none assumed"}
_HEAD = """# Figures of social accounts

Made from `scoring/social/table.py` by `python -m scoring.social.documentation`: edit that, not this.

A figure is measured of the shop's account (`brand_…`), of the owner's (`personal_…`), or of both, and has no
value where its evidence is missing. Windows are days looked back. Sub-scores shown to the merchant are the
mean percentile of their figures, in the better direction, among accounts of the same trade and of as many
followers (`scoring/data/norms.json`). Where only a part of an account could be read, the figures marked †
have no value.
"""


def document(lines: tuple[Line, ...], meanings: Mapping[str, str]) -> str:
    """The whole page."""
    parts = [_HEAD, (table.__doc__ or "").partition("\n\n")[2]]
    for group, members in groupby(lines, key=lambda line: line.feature.group):
        shown = next((name for name, groups in SUBSCORES.items() if group in groups), None)
        parts.append(
            f"## {group.capitalize()}\n\n"
            + (f"Shown as part of `{shown}`.\n" if shown else "Not shown as a sub-score.\n")
        )
        parts.append("\n".join([*_TABLE_HEAD, *(_row(line, meanings) for line in members)]) + "\n")
    return "\n".join(parts)


_TABLE_HEAD = (
    "| name | id | what it says | formula | unit | window | direction | no value when | of |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
)


def _row(line: Line, meanings: Mapping[str, str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in _cells(line, meanings))} |"


def _cells(line: Line, meanings: Mapping[str, str]) -> Iterator[str]:
    feature = line.feature
    yield f"`{feature.name}`" + (" †" if line.whole else "")
    yield feature.id
    yield meanings[f"feature.{feature.name}"]
    yield feature.formula
    yield feature.unit
    yield _window(feature)
    yield _DIRECTIONS[feature.direction]
    yield feature.missing
    yield ", ".join(line.accounts)


def _window(feature: Feature) -> str:
    """As the days that are looked at."""
    if feature.window is None:
        return "now"
    return f"{feature.spared + 1}-{feature.window} d" if feature.spared else f"{feature.window} d"


def main(arguments: list[str]) -> int:
    """0 written or equal; 1 when `--check` finds another text."""
    text = document(TABLE, tomllib.loads(MEANINGS.read_text("utf-8")))
    if "--check" in arguments:
        return int(TARGET.read_text("utf-8") != text)
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
