"""Hashed runs: the same for the same characters, none from one text into the next."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.reading import characters, ngrams

LETTERS = characters.alphabet(lambda letter: letter)

texts = st.lists(st.text("好吃不坏贵，", max_size=6), min_size=1, max_size=5)


def places(*said: str) -> list[Counter[int]]:
    """How often each place stands in each text."""
    batch = characters.batch(said, LETTERS)
    owners = ngrams.owners(batch)
    found: list[Counter[int]] = [Counter() for _ in said]
    for order in ngrams.places(batch.codes):
        for owner, place in zip(owners.tolist(), order.tolist(), strict=True):
            found[owner][place] += 1
    return found


@given(texts)
@settings(deadline=None)  # the machine may be busy
def test_a_text_has_the_same_runs_alone_and_among_others(said: list[str]) -> None:
    assert places(*said) == [places(text)[0] for text in said]


@given(texts)
@settings(deadline=None)  # the machine may be busy
def test_runs_are_counted(said: list[str]) -> None:
    batch = characters.batch(said, LETTERS)

    assert [found.total() for found in places(*said)] == ngrams.runs(batch).tolist()


def test_a_shared_word_is_a_shared_place_and_order_counts() -> None:
    good, again, turned = places("好吃", "很好吃", "吃好")

    assert len(good & again) > len(good & turned)
    assert good != turned


def test_places_fill_the_table_evenly() -> None:
    words = "".join(map(chr, range(0x4E00, 0x9FA5)))
    found = np.concatenate(list(ngrams.places(characters.batch([words[:300]], LETTERS).codes)))

    assert found.max() < 1 << ngrams.BITS
    assert len(np.unique(found)) > 0.99 * (len(found) - 3)
