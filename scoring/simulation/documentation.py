"""Writes docs/simulation.md from the assumptions: `python -m scoring.simulation.documentation`."""

import sys
from collections.abc import Iterator

from scoring.simulation.assumptions import Assumption, declared

_INTRODUCTION = """\
# Simulated merchants

<!-- Written by `python -m scoring.simulation.documentation`; edit scoring/data/simulation.toml instead. -->

`bangbang simulate` invents merchants whose truth is known: eight latent qualities, a true month, debts and
possessions, accounts, frauds, and whether the loan fell 30 or more days behind within 12 months. From them
come the answers, with honest error and rounded as people do, and raw Weibo snapshots in the shape of the Open
API. They train and exercise the score where no public data joins social accounts to loans. **They are no
evidence that social data tell anything of real merchants**: what a model finds in them was put in here.

| command | gives |
| --- | --- |
| `bangbang simulate --merchants N --out FILE.jsonl` | what `bangbang score` reads; outcomes beside it |
| `bangbang simulate --merchants N --out FILE.parquet` | a table of features, amounts and outcomes |
| `python -m scoring.evaluation.bands` | how well each block tells defaults apart |

The outcomes of `FILE.jsonl` are in `FILE.outcomes.jsonl`, in the same order. Up to 100,000 rows of a table
are measured from raw accounts; of more, 20,000 are, and the others are drawn from those with a little noise
(smoothed bootstrap; the column `measured` tells which, `drawn_from` of whom). Drawn rows repeat what is in
the measured ones: they are for load, not for finer estimates.

The same seed gives the same merchants with the same numpy, whatever the number of merchants, blocks or
processes. Columns named `outcome_...` are the truth and no feature.

**What it cannot show.** Qualities are normal and their effects straight lines, so a model that finds curves
finds the measurement, not the world. Nothing changes over the years. Each merchant is alone: no two share a
supplier, a street or a ring of bought accounts. Texts are composed of phrases; a reader finds them easier
than people's own.

"Assumed" marks a judgement. A study named as a source gives the direction and the order of size of an effect,
never the figure itself.
"""


def page() -> Iterator[str]:
    """The page, line by line."""
    yield _INTRODUCTION
    for section, entries in declared().declared.items():
        yield f"## {section}\n"
        yield "| figure | value | unit | source |"
        yield "| --- | --- | --- | --- |"
        yield from (_row(name, one) for name, one in entries.items())
        yield ""


def _row(name: str, one: Assumption) -> str:
    return f"| {name} | {one.value:g} | {one.unit} | {one.source} |"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in page())
