"""What is measured on data that nobody here made: loan books and texts in a folder, those that are there."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoring import forms
from scoring.evaluation.measured import Heldout, Measured
from scoring.evaluation.population import Step

#: left out where a glance is enough, and so are texts
SLOW_BOOKS = ("SBA 30k", "SBA 30k, derived columns", "SBA 30k over time")
TEXT_STEPS = 4
TEXT_FOLDER = "text/"

Progress = Callable[[str, int], AbstractContextManager[Step]]  #: what is done and in how many steps


class NothingToMeasure(ValueError):
    """A folder without data, or merchants of whom nothing can be learnt; said in one line."""


@dataclass(frozen=True)
class Real:
    measured: tuple[Measured, ...] = ()
    heldout: tuple[Heldout, ...] = ()
    skipped: tuple[str, ...] = ()  #: what was not measured, and why


def known_sets() -> list[dict[str, Any]]:
    """Name, file, terms and source of every set of data."""
    found: list[dict[str, Any]] = forms.parse("data_sets.json", forms.packaged("data_sets.json"))["sets"]
    return found


def missing(folder: Path) -> list[dict[str, Any]]:
    """The sets that a folder does not hold; raises `NothingToMeasure` where it holds none."""
    if not folder.is_dir():
        raise NothingToMeasure(f"{folder}: should be a folder")
    sets = known_sets()
    found = [one for one in sets if not (folder / one["file"]).is_file()]
    if len(found) == len(sets):
        wanted = ", ".join(one["file"] for one in sets[:3])
        raise NothingToMeasure(f"{folder}: should hold sets of data such as {wanted}")
    return found


def measure(folder: Path, progress: Progress, *, quick: bool) -> Real:
    """Books, then texts; ValueError names a file that is there and cannot be read."""
    unread = _unread_texts(folder, quick=quick)
    books = _books(folder, progress, quick=quick)
    texts = Real(skipped=unread) if unread else _texts(folder, progress)
    return Real((*books.measured, *texts.measured), books.heldout, (*books.skipped, *texts.skipped))


def _books(folder: Path, progress: Progress, *, quick: bool) -> Real:
    from scoring.evaluation import books, loan_books  # they fit models: nobody else pays for that

    left_out = SLOW_BOOKS if quick else ()
    found = books.measure(folder, progress, [name for name in loan_books.BOOKS if name not in left_out])
    return Real(found.measured, found.heldout, (*found.skipped, *map(_left_out, left_out)))


def _unread_texts(folder: Path, *, quick: bool) -> tuple[str, ...]:
    """Why texts are left out, if they are; otherwise each was read once, before the long work on books.

    All sets of texts are measured together, for each is held against the others.
    """
    lacking = [one for one in missing(folder) if one["file"].startswith(TEXT_FOLDER)]
    if lacking:
        return tuple(f"texts: {one['file']} is not there" for one in lacking)
    if quick:
        return (_left_out("texts"),)
    from scoring.evaluation import texts  # it fits models: nobody else pays for that

    texts.check(folder)
    return ()


def _texts(folder: Path, progress: Progress) -> Real:
    from scoring.evaluation import texts  # the same

    with progress("texts", TEXT_STEPS) as step:
        return Real(tuple(texts.measure(folder, lambda _: step())))


def _left_out(name: str) -> str:
    return f"{name}: left out for a glance"
