"""The bundled reader's fit, from a folder to a file."""

from pathlib import Path

import pytest

from scoring import reading
from scoring.reading.tone import Tone
from scoring.training import texts
from scoring.training.phrases import own_phrases
from scoring.training.text_sets import UnusableTexts
from tests.scoring.training import texts_folder


def test_a_folder_of_texts_gives_a_reader_the_same_each_time(tmp_path: Path) -> None:
    folder = texts_folder.write(tmp_path / "data")
    fitted = tmp_path / "fitted.npz"

    fitted.write_bytes(texts.fit_reader(folder))

    assert texts.fit_reader(folder) == fitted.read_bytes()
    assert reading.load(fitted).read(["外卖包子很新鲜", "外卖包子不新鲜"]) == [Tone.POSITIVE, Tone.NEGATIVE]


def test_a_folder_without_texts_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnusableTexts, match=r"^[^\n]+$"):
        texts.fit_reader(tmp_path)


def test_no_text_that_is_measured_on_is_fitted(tmp_path: Path) -> None:
    folder = texts_folder.write(tmp_path)

    known = texts.lesson(folder).labelled.texts

    assert not any(text.startswith("没见过的") for text in known)
    assert not any("_test_" in text for text in known)


def test_own_phrases_are_the_same_each_time_and_whole() -> None:
    phrases = own_phrases()

    assert phrases.texts == own_phrases().texts
    assert not any("{" in text for text in phrases.texts)
    assert "不贵" in phrases.texts
