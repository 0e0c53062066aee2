"""`bangbang train` on a loan book, as its user runs it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from scoring import scorecard
from tests.scoring.training import books


@pytest.fixture
def book(tmp_path: Path) -> Path:
    given, y = books.made(120)
    rows = [
        list(row) for row in zip(given["sales"].tolist(), given["trade"].tolist(), y.tolist(), strict=True)
    ]
    return books.written(tmp_path / "book.csv", rows, ["sales", "trade", "lost"])


def _train(book: Path, *more: str) -> Result:
    out = str(book.parent / "table.json")
    return CliRunner().invoke(app, ["train", "--data", str(book), "--target", "lost", "--out", out, *more])


def test_a_table_is_fitted_judged_and_written(book: Path) -> None:
    told = book.parent / "directions.toml"
    told.write_text('sales = 1\n[trade]\nlowers = "R20"\n')
    done = _train(book, "--directions", str(told))
    table = scorecard.load(book.parent / "table.json")

    assert done.exit_code == 0, done.output
    assert "120 rows" in done.output
    assert "AUC 0." in done.output
    assert table.score({"sales": 2.0}).pd < table.score({"sales": -2.0}).pd
    assert table.by_name["trade"].lowers == "R20"
    assert table.by_name["sales"].lowers == "sales"
    assert table.table.fitted is not None
    assert table.table.fitted.held_out["auc"] > 0.7


def test_the_same_book_gives_the_same_file(book: Path) -> None:
    _train(book)
    first = (book.parent / "table.json").read_bytes()
    _train(book)

    assert (book.parent / "table.json").read_bytes() == first
    assert str(book.parent) not in first.decode()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("sales = 2", "sales: should be 1, 0 or -1, not 2"),
        ("trade = 1", "trade: holds categories, which have no direction"),
        ("rent = 1", "rent: is no column that is fitted on"),
        ("sales = [", "should hold TOML"),
        ("[sales]\ncolour = 1", "colour"),
        ('sales = "up"', "directions, sales"),
    ],
)
def test_wrong_directions_are_named(book: Path, told: str, says: str) -> None:
    file = book.parent / "directions.toml"
    file.write_text(told)
    done = _train(book, "--directions", str(file))

    assert done.exit_code == 2
    assert says in done.stderr
    assert done.stderr.startswith("bangbang: ")


def test_a_column_that_nobody_may_be_scored_by_is_refused_until_it_is_dropped(book: Path) -> None:
    text = book.read_text().replace("trade", "marital_status", 1)
    book.write_text(text)

    refused, dropped = _train(book), _train(book, "--drop", "marital_status")

    assert (refused.exit_code, dropped.exit_code) == (2, 0)
    assert "column marital_status: nobody is scored by marital; drop it" in refused.stderr
    names = [row["name"] for row in json.loads((book.parent / "table.json").read_text())["features"]]
    assert names == ["sales"]
