"""Draws the conversation in the README from the table of steps: `python -m conversations.diagram`.

With `--check` it writes nothing and compares.
"""

import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from conversations.details import STAGES
from conversations.session import Stage
from conversations.steps import BLOCKS, CLOSING, DETAIL_BLOCKS, STEPS, Step, members

TARGET = Path(__file__).parents[1] / "README.md"
BEGINS, ENDS = "<!-- the conversation: begins -->", "<!-- the conversation: ends -->"


def diagram() -> str:
    """The whole conversation as a Mermaid flowchart: a box for each prompt, `?` on what may be left out."""
    lines = [
        "flowchart TD",
        *_group("core", "asked of everybody", BLOCKS),
        *_group("more", "details, for a larger limit or where figures disagree", DETAIL_BLOCKS),
        *_group("closing", "closing", tuple(step.id for step in CLOSING)),
        f"  {BLOCKS[-1]} --> {Stage.ASSESSING}([{Stage.ASSESSING}])",
        *(f"  {Stage.ASSESSING} --> {stage}([{stage}])" for stage in STAGES.values()),
        f"  {Stage.ASSESSING} -.-> {DETAIL_BLOCKS[0]}",
        f"  {DETAIL_BLOCKS[-1]} -.->|each answer decides anew| {Stage.ASSESSING}",
        f"  {Stage.OFFERED} --> {CLOSING[0].id}",
        f"  {CLOSING[-1].id} --> {Stage.ACCEPTED}([{Stage.ACCEPTED}])",
    ]
    return "\n".join(lines)


def _group(name: str, title: str, blocks: tuple[str, ...]) -> Iterator[str]:
    yield f'  subgraph {name}["{title}"]'
    yield from (f'    {block}["{_box(block)}"]' for block in blocks)
    yield from (f"    {one} --> {next}" for one, next in pairwise(blocks))
    yield "  end"


def _box(block: str) -> str:
    asked = ", ".join(map(_named, members(block)))
    trades = STEPS[block].trades
    return f"{asked}<br/>({', '.join(sorted(trades))})" if trades else asked


def _named(step: Step) -> str:
    return step.id + "?" * (step.skip or step.assumed)


def drawn(page: str) -> str:
    """The page with the diagram between its marks.

    Raises:
        ValueError: the page has no such place.
    """
    before, begins, rest = page.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not (begins and ends):
        raise ValueError(f"no place between {BEGINS} and {ENDS}")
    return f"{before}{begins}\n```mermaid\n{diagram()}\n```\n{ends}{after}"


def main(arguments: list[str]) -> int:
    """0 written or equal; 1 when `--check` finds another diagram."""
    page = TARGET.read_text("utf-8")
    if "--check" in arguments:
        return int(drawn(page) != page)
    TARGET.write_text(drawn(page), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
