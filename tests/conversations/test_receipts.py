"""Receipts outlive their process, name one worker's message each, and stop nobody."""

from pathlib import Path

import pytest

from conversations.store import Contact, receipts
from conversations.store.receipts import Receipts, Row, receipt

FIRST: Row = ("a", 1, Contact("telegram", "7"))
OTHERS: tuple[Row, ...] = (
    ("b", 1, Contact("telegram", "7")),
    ("a", 2, Contact("telegram", "7")),
    ("a", 1, Contact("web", "7")),
    ("a", 1, Contact("telegram", "8")),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bangbang.db.sent"


def test_the_next_process_finds_what_the_last_one_sent(file: Path) -> None:
    Receipts(file, "1").keep(FIRST)
    Receipts(file, "2").keep(OTHERS[0])

    assert Receipts(file, "3").left() == {receipt("1", FIRST), receipt("2", OTHERS[0])}


@pytest.mark.parametrize("other", OTHERS)
def test_every_row_has_a_receipt_of_its_own(other: Row) -> None:
    assert receipt("1", other) != receipt("1", FIRST)


def test_the_same_row_sent_by_another_worker_is_another_message() -> None:
    assert receipt("2", FIRST) != receipt("1", FIRST)


def test_the_newest_receipts_take_the_place_of_the_oldest(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "MOST", 3)
    kept = Receipts(file, "1")
    for row in (FIRST, *OTHERS):
        kept.keep(row)

    assert kept.left() == {receipt("1", row) for row in OTHERS[-3:]}


def test_nothing_that_was_said_or_to_whom_is_in_the_file(file: Path) -> None:
    Receipts(file, "1").keep(("a session", 1, Contact("telegram", "a merchant")))

    assert len(file.read_bytes()) == receipts.SIZE
    assert b"merchant" not in file.read_bytes()


def test_where_none_can_be_kept_nobody_is_stopped(tmp_path: Path) -> None:
    nowhere = Receipts(tmp_path / "missing" / "file", "1")
    nowhere.keep(FIRST)
    nowhere.close()

    assert nowhere.left() == frozenset()


def test_a_closed_file_is_opened_again(file: Path) -> None:
    kept = Receipts(file, "1")
    kept.keep(FIRST)
    kept.close()
    kept.keep(OTHERS[0])

    assert kept.left() == {receipt("1", FIRST), receipt("1", OTHERS[0])}
