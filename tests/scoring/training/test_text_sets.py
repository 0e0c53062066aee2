"""Labelled texts: each once, none that another set tests, faults named by file and row."""

from pathlib import Path

import pytest

from scoring.training import text_sets
from scoring.training.text_sets import COMPLAINT, NEITHER, PRAISE, Labelled, UnusableTexts
from tests.scoring.training import texts_folder


def test_a_text_said_twice_stands_once_as_first_labelled() -> None:
    assert list(Labelled([("好", 1.0), ("坏", 0.0), ("好", 0.0)])) == [("好", 1.0), ("坏", 0.0)]


def test_texts_that_only_differ_in_signs_or_after_twenty_characters_are_alike() -> None:
    tested = Labelled([("很好，真的！", 1.0), ("一二三四五六七八九十一二三四五六七八九十完", 1.0)])
    known = Labelled(
        [("很好真的", 1.0), ("一二三四五六七八九十一二三四五六七八九十别的", 0.0), ("很好", 1.0)]
    )

    assert known.unlike(tested).texts == ["很好"]


def test_what_says_neither_can_be_left_out() -> None:
    assert Labelled([("好", PRAISE), ("去了", NEITHER)]).decided.texts == ["好"]


def test_moods_become_praise_complaint_or_neither_and_surprise_is_left_out(tmp_path: Path) -> None:
    folder = texts_folder.write(tmp_path)

    posts = text_sets.posts(folder, "virus_train")

    assert sorted(set(posts.praise.tolist())) == [COMPLAINT, NEITHER, PRAISE]
    assert not any("原来如此" in text for text in posts.texts)


def test_every_set_is_read(tmp_path: Path) -> None:
    folder = texts_folder.write(tmp_path)

    assert len(text_sets.take_away(folder)) == 64
    assert len(text_sets.shopping(folder)) == 128
    assert len(text_sets.hotels_and_books(folder)) == 64
    assert len(text_sets.unseen_hotels_and_books(folder)) == 64


@pytest.mark.parametrize(
    ("name", "held", "said"),
    [
        ("waimai_10k.csv", b"label,review\n2,x\n", "row 2: should hold review and a label of 0 or 1"),
        ("waimai_10k.csv", b"label\n1\n", "row 2: should hold review"),
        ("waimai_10k.csv", b"label,review\n1,\xff\n", "cannot be read"),
        ("online_shopping_10_cats.csv.gz", b"no gzip", "cannot be read"),
        ("smp2020_virus_train.txt", b"{", "cannot be read"),
        ("smp2020_virus_train.txt", b"{}", "should hold a list of posts"),
        ("smp2020_virus_train.txt", b"[{}]", "post 1: should hold content and label"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, name: str, held: bytes, said: str) -> None:
    folder = texts_folder.write(tmp_path)
    (folder / "text" / name).write_bytes(held)

    with pytest.raises(UnusableTexts, match=f"{name}: {said}"):
        [text_sets.take_away(folder), text_sets.shopping(folder), text_sets.posts(folder, "virus_train")]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableTexts, match=r"waimai_10k\.csv: cannot be read"):
        text_sets.take_away(tmp_path)
