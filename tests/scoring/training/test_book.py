"""Reading a loan book: what can be used is read, what cannot is named with its column and row."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scoring.training import book, columns, fitting
from scoring.training.book import Asked
from scoring.training.columns import BookError
from tests.scoring.training import books

NAMES = ["sales", "trade", "bad"]


def _rows(count: int = 12) -> list[list[Any]]:
    return [[place % 5, "ab"[place % 2], int(place % 3 == 0)] for place in range(count)]


def _parquet(tmp_path: Path, **given: Any) -> Path:
    file = tmp_path / "book.parquet"
    pq.write_table(pa.table({"sales": [1.0, 2, 3, 4], "bad": [0, 1, 0, 1], **given}), file)
    return file


def test_numbers_and_texts_of_a_csv_are_read(tmp_path: Path) -> None:
    found = book.read(Asked(books.written(tmp_path / "book.csv", _rows(), NAMES), "bad"))

    assert [(one.name, one.levels) for one in found.columns] == [("sales", None), ("trade", ("a", "b"))]
    assert found.columns[0].numbers[:3].tolist() == [0, 1, 2]
    assert found.y.tolist() == [row[2] for row in _rows()]
    assert (found.rows, found.bad) == (12, "1")


def test_parquet_gives_the_same_as_csv(tmp_path: Path) -> None:
    rows = _rows()
    file = tmp_path / "book.parquet"
    pq.write_table(pa.table({name: [row[at] for row in rows] for at, name in enumerate(NAMES)}), file)
    of_csv = book.read(Asked(books.written(tmp_path / "book.csv", rows, NAMES), "bad"))

    found = book.read(Asked(file, "bad"))

    assert fitting.Work(found.columns, found.y, (0, 0)).sha256() == (
        fitting.Work(of_csv.columns, of_csv.y, (0, 0)).sha256()
    )


def test_a_column_of_numbers_is_a_category_where_it_is_told(tmp_path: Path) -> None:
    found = book.read(Asked(_parquet(tmp_path, kind=[1.0, 2.0, 1.0, None]), "bad", categories=("kind",)))

    assert found.columns[1].levels == ("1", "2")
    assert np.isnan(found.columns[1].numbers[3])


def test_the_bad_value_may_be_any_text(tmp_path: Path) -> None:
    file = books.written(
        tmp_path / "b.csv", [[1, "paid"], [2, "lost"], [3, "paid"], [4, "lost"]], ["x", "end"]
    )

    assert book.read(Asked(file, "end", bad="lost")).y.tolist() == [0, 1, 0, 1]


def test_repeated_rows_are_counted(tmp_path: Path) -> None:
    assert book.read(Asked(books.written(tmp_path / "b.csv", _rows(60), NAMES), "bad")).repeated == 40


def test_of_many_rows_a_sample_is_kept_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "SAMPLE", 100)
    monkeypatch.setattr(book, "BLOCK", 64)
    file = tmp_path / "book.parquet"
    pq.write_table(pa.table({"row": np.arange(5000.0), "bad": np.arange(5000) % 2}), file)

    found, again = book.read(Asked(file, "bad")), book.read(Asked(file, "bad"))
    kept = found.columns[0].numbers

    assert (found.rows, len(kept)) == (5000, 100)
    assert (np.diff(kept) > 0).all()
    assert 1500 < kept.mean() < 3500
    assert kept.tolist() == again.columns[0].numbers.tolist()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"flat": [7, 7, 7, 7]}, "column flat: holds one value only"),
        ({"void": pa.nulls(4)}, "column void: holds no value"),
        ({"rent": [1.0, float("inf"), 2.0, 3.0]}, "column rent, row 2: should be finite"),
        ({"rent": [1.0, 2.0, -1e308, 3.0]}, "column rent, row 3: should be finite and at most 1e15"),
        ({"day": [date(2020, 1, 1)] * 4}, "column day: holds dates"),
        ({"list": [[1], [2], [3], [4]]}, "column list: should hold numbers or texts"),
        ({"age_in_years": [1, 2, 3, 4]}, "column age_in_years: nobody is scored by age"),
        ({"bad": [0, 1, None, 1]}, "column bad, row 3: is missing"),
        ({"bad": [0.0, 1.0, float("nan"), 1.0]}, "column bad, row 3: is not a number"),
        ({"bad": [0, 1, 2, 1]}, "should hold two values, holds 3: 0, 1, 2"),
        ({"bad": [1, 1, 1, 1]}, "should hold two values, holds 1: 1"),
        ({"bad": [0, 0, 0, 1]}, "1 of 4 rows are bad; at least two"),
        ({"bad": ["good", "bad", "good", "bad"]}, "say which is the bad one with --bad: bad or good"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, given: dict[str, Any], says: str) -> None:
    with pytest.raises(BookError, match=says):
        book.read(Asked(_parquet(tmp_path, **given), "bad"))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"target": "end"}, "column end: is not there; the file has sales, bad"),
        ({"target": "bad", "categories": ("kind",)}, "column kind: is not there"),
        ({"target": "bad", "drop": ("sails",)}, "column sails: to be dropped, is not there"),
        ({"target": "bad", "drop": ("sales",)}, "has no column beside the target"),
        ({"target": "bad", "bad": "2"}, "say which is the bad one"),
    ],
)
def test_wrong_wishes_are_named(tmp_path: Path, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(BookError, match=says):
        book.read(Asked(_parquet(tmp_path), **asked))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("book.xlsx", b"PK", "should be a .parquet or a .csv file"),
        ("book.parquet", b"no parquet", "cannot be read"),
        ("book.csv", b"", "cannot be read"),
        ("book.csv", b"sales,bad\n", "holds no rows"),
        ("book.csv", b"sales,sales,bad\n1,2,0\n", "column sales: stands in the file twice"),
        ("book.csv", b"sales,bad\n1,0\n1,2,3\n", "Row #3: Expected 2 columns, got 3"),
        ("book.csv", "营业额,bad\n1,0\n".encode("gbk"), "should be text in UTF-8"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(BookError, match=says):
        book.read(Asked(tmp_path / name, "bad"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="there is no such file"):
        book.read(Asked(tmp_path / "none.csv", "bad"))


def test_a_key_is_no_category() -> None:
    with pytest.raises(BookError, match="hardly two rows are alike"):
        columns.column("licence", np.array([f"N{n}" for n in range(50)], dtype=object))


def test_a_mistyped_number_makes_no_categories_of_the_others() -> None:
    sales = np.array(["1.2万", *(str(n) for n in range(60))], dtype=object)

    with pytest.raises(BookError, match=r"column sales, row 1: '1\.2万' should be a number"):
        columns.column("sales", sales)
    assert columns.column("code", np.array(["1", "2", "A"] * 9, dtype=object)).levels == ("1", "2", "A")


def test_texts_of_which_none_is_shared_are_no_categories() -> None:
    with pytest.raises(BookError, match="hardly two rows are alike"):
        columns.column("street", np.array([f"N{n % 30}" for n in range(60)], dtype=object))


def test_columns_and_outcomes_have_one_length() -> None:
    with pytest.raises(BookError, match="column a: should have 2 rows as the target, has 1"):
        columns.same_length({"a": np.zeros(1)}, np.zeros(2))


def test_an_outcome_is_0_or_1() -> None:
    with pytest.raises(BookError, match="target, row 2: should be 0 or 1"):
        columns.outcome(np.array([0, 2, 1, 1, 0]))
