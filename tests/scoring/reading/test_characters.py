"""Texts as code points: folded, bounded, each in its own place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.reading import characters
from scoring.reading.characters import EDGE, EDGES, LONGEST

SIMPLER = {"難": "难", "喫": "吃"}
LETTERS = characters.alphabet(lambda letter: SIMPLER.get(letter, letter))

texts = st.lists(st.text(st.characters(exclude_categories=()), max_size=12), min_size=1, max_size=6)


def folded(*said: str) -> list[str]:
    batch = characters.batch(said, LETTERS)
    return list(batch.pick(range(len(said))))


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("好吃", "好吃"),
        ("難喫", "难吃"),
        ("ＯＫ！", "ok!"),
        ("WiFi", "wifi"),
        ("好\u200b吃\ufe0f", "好吃"),
        ("z\u0351\u0342al\u0362go", "zalgo"),
        ("a\x00b\tc\n", "a b c "),
        ("\u202e好吃\u202c", "好吃"),
        ("坏\ud800", "坏\ufffd"),
        ("赞👍", "赞👍"),
        ("", ""),
    ],
)
def test_texts_are_folded(text: str, read_as: str) -> None:
    assert folded(text) == [read_as]


def test_no_more_is_read_than_the_first_characters() -> None:
    assert folded("好" * 100_000) == ["好" * LONGEST]


@given(texts)
@settings(deadline=None)  # the machine may be busy
def test_what_a_text_is_read_as_does_not_depend_on_its_neighbours(said: list[str]) -> None:
    assert folded(*said) == [folded(text)[0] for text in said]


@given(texts)
@settings(deadline=None)  # the machine may be busy
def test_edges_stand_between_texts_and_in_none(said: list[str]) -> None:
    batch = characters.batch(said, LETTERS)

    assert np.count_nonzero(batch.codes == EDGE) == EDGES * (len(said) + 1)
    assert not any(chr(EDGE) in text for text in batch.pick(range(len(said))))
    assert len(batch.codes) == batch.lengths.sum() + EDGES * (len(said) + 1)
