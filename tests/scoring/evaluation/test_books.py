"""Measuring on loan books: invented files of the same columns, without those that record what came later."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from scoring.evaluation import book_models, books, loan_books
from scoring.evaluation.book_models import ADDITIVE, BOOSTING, PAPER, WOE, Foretell
from scoring.evaluation.loan_books import Floats, LoanBook, Rows, Split
from scoring.training.columns import BookError
from tests.scoring.evaluation import book_folder
from tests.scoring.evaluation.book_folder import BAD, ROWS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book_folder.write(tmp_path_factory.mktemp("data") / "credit")


@contextmanager
def silent(name: str, steps: int) -> Iterator[Callable[[], None]]:
    yield lambda: None


def by_hint(book: LoanBook, fitted: Rows, judged: Floats) -> Floats:
    """A model that needs no fit: more of the last column, more risk."""
    return np.asarray(1 / (1 + np.exp(-np.nan_to_num(judged[:, -1]))), np.float64)


@pytest.mark.parametrize(
    ("name", "columns", "rows"),
    [
        ("SBAcase", 14, ROWS),
        ("SBA 30k", 15, ROWS),
        ("SBA 30k over time", 16, ROWS),
        ("SBA 30k, derived columns", 19, ROWS),
        ("German credit", 2, ROWS),
        ("CUMCM 2020 C", 1, ROWS),
        ("SBAcase, the paper's three", 3, ROWS),
    ],
)
def test_a_book_has_its_columns_and_no_other(folder: Path, name: str, columns: int, rows: int) -> None:
    book = loan_books.BOOKS[name][1](folder)

    assert (len(book.columns), len(book.y)) == (columns, rows)
    assert book.y.tolist() == BAD.tolist()


def test_every_split_judges_rows_that_it_does_not_fit(folder: Path) -> None:
    for _, load in loan_books.BOOKS.values():
        for split in load(folder).splits:
            assert all(set(fitted).isdisjoint(judged) for fitted, judged in split.parts)


def test_over_time_the_past_is_fitted_and_the_year_is_unknown_when_judged(folder: Path) -> None:
    book = loan_books.sba_30k_over_time(folder)
    (fitted, judged), *_ = book.splits[0].parts
    year = [one.name for one in book.columns].index("fiscal_year")

    assert book.X[fitted, year].max() <= 2005 < book.X[judged, year].min()
    assert np.isnan(books._known(book, book.splits[0], judged)[:, year]).all()


def test_nobody_is_scored_by_sex_age_or_nationality(folder: Path) -> None:
    names = {one.name for one in loan_books.german(folder).columns}

    assert names == {"credit_amount", "purpose"}


def test_figures_are_means_over_parts_with_their_spread(folder: Path) -> None:
    book = loan_books.cumcm(folder)

    measured, heldout = books.judged(
        book, Split("5-fold", loan_books._folds(book.y)), "hint", by_hint, lambda: None
    )

    assert 0.7 < measured.figures["auc"] < 1
    assert set(measured.spread) == {"auc", "ks", "error"}
    assert sorted(heldout.outcome.tolist()) == sorted(BAD.tolist())
    assert 0 < measured.figures["ece_by_chance"] < 0.2


def test_chance_alone_makes_less_of_an_error_with_more_rows() -> None:
    few, many = np.full(100, 0.3), np.full(10_000, 0.3)

    assert books.by_chance(np.arange(100), few) > 3 * books.by_chance(np.arange(10_000), many)


def test_promises_are_attached_and_what_is_not_there_is_said(folder: Path) -> None:
    found = books.measure(folder.parent, silent, only=["SBAcase, the paper's three"])
    empty = books.measure(folder, silent, only=["German credit"])

    assert [(one.model, len(one.goals)) for one in found.measured] == [(PAPER, 2)]
    assert len(found.heldout) == 1
    assert "German credit: germancredit.csv is not there" in empty.skipped
    assert empty.measured == ()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("SBAcase.csv", b"nonsense\n", "cannot be read as SBAcase"),
        ("germancredit.csv", b"", "cannot be read as German credit"),
        (
            "cumcm2020c_features.csv",
            b"id,grade,bad,in_n\n1,A,1,2\n2,A,0,3\n",
            "cannot be read as CUMCM 2020 C",
        ),
        ("sba_30k.parquet", b"PAR1", "cannot be read as SBA 30k"),
    ],
)
def test_a_file_that_is_no_such_book_is_named(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / "credit").mkdir()
    (tmp_path / "credit" / name).write_bytes(content)

    with pytest.raises(BookError, match=f"{name}: {says}"):
        books.measure(tmp_path, silent)


def test_a_book_in_which_everybody_repaid_is_refused(tmp_path: Path) -> None:
    (tmp_path / "credit").mkdir()
    rows = "".join(f"{place},A,0,{place % 7}\n" for place in range(40))
    (tmp_path / "credit" / "cumcm2020c_features.csv").write_text(f"id,grade,bad,in_n\n{rows}")

    with pytest.raises(BookError, match="should hold more rows that repaid and more that did not"):
        books.measure(tmp_path, silent)


def test_ours_stands_beside_boosting_and_the_peer() -> None:
    there = book_models.woe_there()

    assert set(books.models("German credit")) == {ADDITIVE, BOOSTING, *([WOE] if there else [])}


@pytest.mark.parametrize("foretell", [book_models.Additive(), book_models.boosting])
def test_models_foretell_rows_they_have_not_seen(folder: Path, foretell: Foretell) -> None:
    book = loan_books.german(folder)
    fitted, judged = np.arange(80), np.arange(80, ROWS)

    pd = foretell(book, fitted, book.X[judged])

    assert pd.shape == (40,)
    assert pd[book.y[judged] == 1].mean() > pd[book.y[judged] == 0].mean()


def test_the_peer_foretells_too(folder: Path) -> None:
    pytest.importorskip("optbinning", reason="uv sync --group peers")
    book = loan_books.german(folder)

    assert book_models.woe(book, np.arange(80), book.X[80:]).shape == (40,)
