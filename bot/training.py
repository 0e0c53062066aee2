"""`bangbang train`: fits a points table on a loan book, or what is bundled: table, norms, readers."""

import json
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import intent_fitting, progress, simulation
from conversations.intents import phrases as spoken
from conversations.intents import reader as intents
from scoring import forms
from scoring.evaluation import metrics
from scoring.scorecard import ScorecardFile
from scoring.training import book, exporting, fitting
from scoring.training import bundled as of_merchants
from scoring.training.book import Asked, Book
from scoring.training.columns import BookError
from scoring.training.exporting import Described, Title
from scoring.training.texts import fit_reader

BLOCKS = 1  #: of a file whose length is not known before it is read


@dataclass(frozen=True)
class Plan:
    """What the command line asks for."""

    asked: Asked
    out: Path
    directions: Path | None = None
    pairs: int = 0


def train(plan: Plan) -> None:
    """Fit, judge by rows unseen, write.

    Raises:
        OSError: a file cannot be read or written.
        ValueError: the book, a column of it or the file of directions cannot be used.
    """
    plan.out.parent.mkdir(parents=True, exist_ok=True)  # before the long work
    told = _told(plan.directions)
    with progress.bar("reading", BLOCKS) as step:
        found = book.read(plan.asked, step)
    described = _described(found, told)
    work = fitting.Work(
        found.columns, found.y, tuple(one.direction for one in described), plan.pairs, plan.asked.seed
    )
    with progress.bar("fitting", work.rounds + 1) as step:
        unseen = fitting.unseen(work, step)
        figures = _figures(unseen)
        fitted = fitting.provenance(work, plan.asked.file.name, figures)
        table = fitting.fit(work, described, Title(plan.asked.file.stem, "1", fitting.ABOUT, fitted))
        step()
    _write(table, plan.out)
    sys.stdout.write("".join(f"{line}\n" for line in _said(plan, found, work, figures)))


def bundled(merchants: int, out: Path, seed: int, processes: int) -> None:
    """Fit the table that ships with the package on invented merchants, and the norms they stand for.

    Raises:
        OSError: a file cannot be written.
        ValueError: a settings or policy file is wrong.
    """
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "merchants.parquet"
        simulation.simulate(merchants, table, seed, None, merchants, processes)
        fitted, norms = of_merchants.fit(table, seed=seed), of_merchants.norms(table)
    _write(fitted, out / "scorecard.json")
    (out / "norms.json").write_text(norms.model_dump_json() + "\n", "utf-8")
    sys.stdout.write(f"wrote {out / 'scorecard.json'} and {out / 'norms.json'}\n")


def reader(texts: Path, out: Path) -> None:
    """Fit the reader of texts.

    Raises:
        OSError: the file cannot be written.
        ValueError: a set of texts is missing or wrong.
    """
    out.write_bytes(fit_reader(texts, _aside))
    sys.stdout.write(f"wrote {out}\n")


def phrases(out: Path) -> None:
    """Fit the reader of intents on the phrases in the repository; the same ones give the same file.

    Raises:
        OSError: the file cannot be written.
    """
    fitted = intent_fitting.fit(spoken.files(), _aside)
    out.write_bytes(intents.dumped(fitted))
    sys.stdout.write(f"wrote {out}\n")


def _aside(said: str) -> None:
    sys.stderr.write(f"{said}\n")


def _write(table: ScorecardFile, file: Path) -> None:
    text = json.dumps(exporting.to_json(table), ensure_ascii=False, indent=1, allow_nan=False)
    file.write_text(text + "\n", "utf-8")


def _figures(unseen: fitting.Unseen) -> dict[str, float]:
    return {
        "auc": round(metrics.auc(unseen.outcome, unseen.pd), 4),
        "ks": round(metrics.ks(unseen.outcome, unseen.pd), 4),
        "ece": round(metrics.calibration_error(unseen.outcome, unseen.pd), 4),
    }


def _said(plan: Plan, found: Book, work: fitting.Work, figures: Mapping[str, float]) -> Iterator[str]:
    kept = "" if len(found.y) == found.rows else f", a sample of {len(found.y):,} fitted on"
    yield f"{found.rows:,} rows{kept}, {int(found.y.sum()):,} bad ({plan.asked.target} = {found.bad})"
    if found.repeated:
        yield f"{found.repeated:,} rows repeat another, which flatters the figures below"
    held = "every row once, in five folds" if work.rounds > 1 else "a fifth of the rows"
    yield f"held out: {held}; AUC {figures['auc']:.3f}, KS {figures['ks']:.3f}, ECE {figures['ece']:.3f}"
    yield f"wrote {plan.out}"


def _told(file: Path | None) -> Mapping[str, Any]:
    """What a file says of columns: `[name]` with `direction`, `lowers` and `raises`, each as it likes."""
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise BookError(f"{file}: should hold TOML ({wrong})") from None


class Told(forms.Form):
    """What a file of directions says of one column."""

    direction: int = 0
    lowers: str | None = None
    raises: str | None = None


def _described(found: Book, told: Mapping[str, Any]) -> list[Described]:
    """A column's reasons are named after it where the file names none."""
    names = {one.name for one in found.columns}
    if unknown := sorted(set(told) - names):
        raise BookError(f"directions: {unknown[0]}: is no column that is fitted on")
    described = []
    for one in found.columns:
        says = _says(one.name, told.get(one.name, {}))
        described.append(
            Described(
                one.name,
                f"{one.name} of the loan book",
                says.direction,
                says.lowers or one.name,
                says.raises or one.name,
                one.levels,
            )
        )
        if says.direction and one.levels is not None:
            raise BookError(f"directions: {one.name}: holds categories, which have no direction")
    return described


def _says(name: str, told: Any) -> Told:
    told = {"direction": told} if isinstance(told, int) else told
    says = forms.fill(Told, f"directions, {name}", json.dumps(told, default=str).encode())
    if says.direction not in (-1, 0, 1):
        raise BookError(f"directions: {name}: should be 1, 0 or -1, not {says.direction}")
    return says
