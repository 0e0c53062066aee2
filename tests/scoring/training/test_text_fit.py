"""Fitting: what is read is what was fitted, praise outweighs complaint where it should."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.reading import characters
from scoring.reading.weights import Weights
from scoring.training import text_fit
from scoring.training.text_fit import Lesson, Recipe
from scoring.training.text_sets import Labelled
from tests.scoring.training import texts_folder

LETTERS = characters.alphabet(lambda letter: letter)
REVIEWS = Labelled(texts_folder.reviews())


def fitted(labelled: Labelled = REVIEWS, recipe: Recipe | None = None) -> Weights:
    return text_fit.fit(Lesson.of(labelled), LETTERS, recipe or Recipe())


def test_texts_like_those_fitted_are_told_apart() -> None:
    weights = fitted()

    good, bad = text_fit.log_odds(weights, ["炒面好吃，服务热情", "炒面难吃，态度差"])

    assert good > 0 > bad


def test_the_reader_gives_the_very_odds_of_the_regression() -> None:
    """But for steps of one byte, which stay below a hundredth of the spread of one."""
    known = text_fit.counted(REVIEWS.texts, LETTERS)
    fit = text_fit.fitted(known, REVIEWS.praise, Recipe(), np.ones(len(REVIEWS)))

    exact = known.shares @ fit.table + fit.bias
    read = text_fit.log_odds(text_fit.packed(fit, LETTERS, Recipe()), REVIEWS.texts)

    assert np.abs(read - exact).max() < 0.03
    assert np.std(exact) == pytest.approx(1)


def test_the_same_texts_give_the_same_weights() -> None:
    assert np.array_equal(fitted().runs, fitted().runs)
    assert fitted().scale == fitted().scale


def test_only_the_heaviest_runs_keep_a_weight() -> None:
    assert np.count_nonzero(fitted(recipe=Recipe(kept=30)).runs) <= 30


def test_texts_of_another_kind_teach_words_the_own_kind_lacks() -> None:
    beside = Labelled([(f"{thing}棒极了", 1.0) for thing in texts_folder.THINGS])
    beside += Labelled([(f"{thing}糟透了", 0.0) for thing in texts_folder.THINGS])

    weights = text_fit.fit(Lesson.of(REVIEWS, beside), LETTERS, Recipe())
    good, bad = text_fit.log_odds(weights, ["炒面棒极了", "炒面糟透了"])

    assert good > bad + 0.5


def test_facts_that_say_neither_set_the_band() -> None:
    facts = Labelled([(f"{day}买了{thing}", 0.5) for thing in texts_folder.THINGS for day in "一二三四五"])

    weights = fitted(REVIEWS + facts)

    assert weights.high in text_fit.BANDS
    assert weights.low == -weights.high


def test_probabilities_are_stretched_to_come_true() -> None:
    """Nine of ten texts at odds of 0.5 are praise: the odds become 9 to 1."""
    weights = fitted()
    odds = np.repeat([0.5, -0.5], 100)
    praise = np.tile(np.repeat([1.0, 0.0], [9, 1]), 10)
    praise = np.concatenate([praise, 1 - praise])

    found = text_fit.calibrated(replace(weights, scale=1.0, bias=0.0), odds, praise)

    assert found.scale * 0.5 == pytest.approx(np.log(9), rel=0.01)
    assert found.bias == pytest.approx(0, abs=0.01)
