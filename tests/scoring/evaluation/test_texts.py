"""Figures about readers of texts, on invented sets small enough to know the answer."""

from pathlib import Path

import numpy as np
import pytest

from scoring import reading
from scoring.evaluation import texts
from scoring.evaluation.texts import Unseen
from scoring.reading import characters
from scoring.training.text_sets import Labelled, UnusableTexts
from tests.scoring.training import texts_folder

LETTERS = characters.alphabet(lambda letter: letter)


def test_a_model_that_is_right_and_sure_has_no_calibration_error() -> None:
    figures = Unseen(np.array([1.0, 0.0, 1.0]), np.array([50.0, -50.0, 50.0])).figures

    assert figures == {"accuracy": 1.0, "auc": 1.0, "f1": 1.0, "ece": pytest.approx(0, abs=1e-9)}


@pytest.mark.parametrize(
    ("praise", "probability", "error"),
    [
        ([1.0, 1.0], [0.5, 0.5], 0.5),
        ([1.0, 0.0], [0.5, 0.5], 0.0),
        ([1.0, 0.0, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25], 0.0),
        ([1.0, 0.0], [1.0, 0.4], 0.2),
    ],
)
def test_calibration_error(praise: list[float], probability: list[float], error: float) -> None:
    assert texts.calibration_error(np.array(praise), np.array(probability)) == pytest.approx(error)


def test_five_folds_of_easy_reviews_are_all_read_right() -> None:
    measured = texts.folds("invented", Labelled(texts_folder.reviews()), LETTERS, texts.SHOPPING)

    assert measured.figures["accuracy"] == 1.0
    assert measured.spread["accuracy"] == 0.0
    assert measured.split == "5-fold"


def test_the_unseen_texts_are_measured_without_their_like_in_the_shopping_set(tmp_path: Path) -> None:
    measured = texts.unseen(texts_folder.write(tmp_path), LETTERS)

    assert measured.data == "ChnSentiCorp"
    assert measured.figures["accuracy"] > 0.9


def test_the_bundled_reader_is_measured_on_every_set_it_has_not_seen(tmp_path: Path) -> None:
    rows = list(texts.bundled(texts_folder.write(tmp_path), reading.load()))

    assert [row.data for row in rows] == ["ChnSentiCorp", *["SMP2020"] * 4]
    assert all(0 <= figure <= 1 for row in rows for figure in row.figures.values())


def test_texts_that_are_all_praise_are_named_before_anything_is_fitted(tmp_path: Path) -> None:
    folder = texts_folder.write(tmp_path)
    texts.check(folder)
    (folder / "text" / "waimai_10k.csv").write_text("label,review\n1,好吃\n1,很好\n", "utf-8")

    with pytest.raises(UnusableTexts, match="waimai_10k: should hold praise and complaints"):
        texts.check(folder)


def test_three_tones_are_counted_each_by_itself() -> None:
    said = Labelled([("味道很好，很喜欢", 1.0), ("难吃，再也不来", 0.0), ("转发微博", 0.5)])

    figures = texts.tones(reading.load(), said)

    assert (figures["recall_positive"], figures["recall_negative"], figures["recall_neutral"]) == (1, 1, 1)
