"""Measures scorecards on real loan books, against the figures promised of them."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scoring.evaluation import book_models, loan_books, metrics
from scoring.evaluation.book_models import ADDITIVE, BOOSTING, PAIRED, PAPER, WOE, Foretell
from scoring.evaluation.loan_books import Array, Floats, LoanBook, Split
from scoring.evaluation.measured import Goal, Heldout, Measured

Progress = Callable[[str, int], AbstractContextManager[Callable[[], None]]]

PAIRS = 24
DRAWS = 200  #: of outcomes, to see what calibration error chance alone makes
_FITTING = Goal("ece", 0.02)
_OURS: Mapping[str, Foretell] = {ADDITIVE: book_models.Additive(), BOOSTING: book_models.boosting}
_PAIRED: Mapping[str, Foretell] = {PAIRED: book_models.Additive(pairs=PAIRS)}

#: by book, split and model
GOALS: Mapping[tuple[str, str, str], tuple[Goal, ...]] = {
    ("SBAcase", "the authors'", ADDITIVE): (Goal("auc", 0.850), Goal("error", 0.226)),
    ("SBAcase", "the authors'", PAPER): (Goal("auc", 0.7345), Goal("error", 0.322)),
    ("SBAcase", "5-fold", ADDITIVE): (_FITTING,),
    ("SBA 30k", "5-fold", ADDITIVE): (Goal("auc", 0.751), _FITTING),
    ("SBA 30k", "5-fold", PAIRED): (Goal("auc", 0.785), _FITTING),
    ("SBA 30k", "5-fold, derived columns", PAIRED): (Goal("auc", 0.785), _FITTING),
    ("SBA 30k", "1998-2005, then 2006-07", PAIRED): (Goal("auc", 0.660),),
    ("German credit", "5-fold", ADDITIVE): (Goal("auc", 0.794), _FITTING),
    ("CUMCM 2020 C", "20 x 5-fold", ADDITIVE): (Goal("auc", 0.876), _FITTING),
}


@dataclass(frozen=True)
class Books:
    """All figures, the rows behind them for pictures, and what was left out with the reason."""

    measured: tuple[Measured, ...]
    heldout: tuple[Heldout, ...]
    skipped: tuple[str, ...]


def measure(folder: Path, progress: Progress, only: Collection[str] = loan_books.BOOKS.keys()) -> Books:
    """Measure every model on every book in `folder/credit`; one that is not there is skipped and said so.

    Raises `BookError`, before anything is fitted, naming the file that is not what it should be.
    """
    measured, heldout, skipped = (
        [],
        [],
        [] if book_models.woe_there() else [f"{WOE}: optbinning is not installed"],
    )
    there = {}
    for name, (file, _) in loan_books.BOOKS.items():
        if name not in only:
            continue
        if (folder / "credit" / file).is_file():
            there[name] = loan_books.read(name, folder / "credit")
        else:
            skipped.append(f"{name}: {file} is not there")
    for name, book in there.items():
        for split in book.splits:
            for model, foretell in models(name).items():
                with progress(f"{name}, {split.name}, {model}", len(split.parts)) as step:
                    figures, rows = judged(book, split, model, foretell, step)
                measured.append(figures)
                heldout.append(rows)
    return Books(tuple(measured), tuple(heldout), tuple(skipped))


def models(name: str) -> dict[str, Foretell]:
    """What is measured on a book."""
    if name == "SBAcase, the paper's three":
        return {PAPER: book_models.paper}
    found = dict(_OURS)
    if "derived" in name:  # four digits of a trade are more categories than plain boosting takes
        del found[BOOSTING]
    if name.startswith("SBA"):
        found |= _PAIRED
    if book_models.woe_there() and "derived" not in name:
        found[WOE] = book_models.woe
    return found


def judged(
    book: LoanBook, split: Split, model: str, foretell: Foretell, step: Callable[[], None]
) -> tuple[Measured, Heldout]:
    """One model on one split: figures of each part, and all rows held out."""
    each, rows, risks = [], [], []
    for fitted, held in split.parts:
        pd = foretell(book, fitted, _known(book, split, held))
        each.append(_ranking(book.y[held], pd))
        rows.append(held)
        risks.append(pd)
        step()
    places, pd = np.concatenate(rows), np.concatenate(risks)
    outcome = book.y[places]
    figures = {name: float(np.mean([part[name] for part in each])) for name in each[0]}
    figures["ece"] = metrics.calibration_error(outcome, pd)
    figures["ece_by_chance"] = by_chance(places, pd)
    spread = {name: float(np.std([part[name] for part in each])) for name in each[0]} if len(each) > 1 else {}
    goals = GOALS.get((book.data, split.name, model), ())
    measured = Measured(book.data, split.name, model, figures, goals, spread)
    return measured, Heldout(book.data, split.name, model, outcome, pd)


def _known(book: LoanBook, split: Split, rows: Array) -> Floats:
    """The rows as they are judged: what was only controlled for is missing."""
    X = book.X[rows].copy()
    for place, one in enumerate(book.columns):
        if one.name in split.controlled:
            X[:, place] = np.nan
    return X


def _ranking(outcome: Array, pd: Floats) -> dict[str, float]:
    return {
        "auc": metrics.auc(outcome, pd),
        "ks": metrics.ks(outcome, pd),
        "error": metrics.error(outcome, pd),
    }


def by_chance(rows: Array, pd: Floats) -> float:
    """The calibration error that these PDs would show on so few rows if every one of them were right.

    Args:
        rows: which applicant each PD is of; one whom several folds judged has one outcome.
    """
    dice = np.random.default_rng(0)
    _, own = np.unique(rows, return_inverse=True)
    mean = np.bincount(own, weights=pd) / np.bincount(own)
    drawn = ((dice.random(len(mean)) < mean).astype(float)[own] for _ in range(DRAWS))
    return float(np.mean([metrics.calibration_error(outcome, pd) for outcome in drawn]))
