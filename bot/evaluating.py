"""`bangbang evaluate`: measures, prints a table, and writes the report, the figures and the model card."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import progress, settings
from scoring import policy, registry
from scoring.evaluation import evaluation, merchants, real, report, run
from scoring.evaluation.evaluation import Evaluation
from scoring.evaluation.gaming import Lender


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    data: Path | None
    merchants: int | None
    out: Path
    card: Path | None
    quick: bool

    @property
    def many(self) -> int:
        return self.merchants or (run.QUICK_MERCHANTS if self.quick else run.MERCHANTS)

    @property
    def command(self) -> str:
        """The command that gives the same again, without this machine's paths."""
        parts = ["bangbang evaluate"]
        parts += ["--data DIR"] if self.data else []
        parts += [f"--merchants {self.merchants}"] if self.merchants else []
        parts += ["--quick"] if self.quick else []
        return " ".join([*parts, "--card FILE"])

    @property
    def plan(self) -> run.Plan:
        return run.Plan(self.command, self.data, self.quick)


def evaluate(asked: Asked) -> None:
    """Measure and write.

    Raises:
        OSError: a file cannot be written.
        ValueError: a settings, product, policy or model file, or the folder of data, is wrong.
    """
    given = settings.read()
    rules = policy.load(given.products_file, given.policy_file)
    lender = Lender(registry.model(given.model_file), rules)
    if asked.data:
        real.missing(asked.data)  # before the long work
    for folder in (asked.out, *([asked.card.parent] if asked.card else [])):
        folder.mkdir(parents=True, exist_ok=True)
    with progress.bar("simulating", asked.many) as step:
        applicants = merchants.fresh(asked.many, asked.plan.seed, step)
    found = run.evaluate(asked.plan, applicants, lender, progress.bar)
    _write(asked, found)
    sys.stdout.write("".join(f"{line}\n" for line in lines(found)))


def _write(asked: Asked, found: Evaluation) -> None:
    figures = json.dumps(evaluation.to_json(found), ensure_ascii=False, indent=1, allow_nan=False)
    (asked.out / "report.html").write_text(report.page(found), "utf-8")
    (asked.out / "figures.json").write_text(figures + "\n", "utf-8")
    (asked.card or asked.out / "model-card.md").write_text(report.card(found), "utf-8")


def lines(found: Evaluation) -> Iterable[str]:
    """The goals as a table of plain text."""
    rows = [
        (
            one.data,
            one.split,
            one.model,
            goal.figure,
            evaluation.shown(goal.figure, one.figures.get(goal.figure)),
            evaluation.goal_shown(goal),
            "met" if goal.met(one.figures) else "missed",
        )
        for one, goal in found.goals
    ]
    yield from _table([("data", "split", "model", "figure", "found", "goal", ""), *rows])
    yield f"{found.met} of {len(rows)} goals met"
    if found.skipped:
        yield f"skipped, not there: {', '.join(found.skipped)}"


def _table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Columns as wide as their widest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
