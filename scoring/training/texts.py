"""Fits the bundled reader of remarks from a folder of labelled texts; the same texts give the same bytes."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from scoring.reading.characters import Codes, alphabet
from scoring.reading.weights import dumped
from scoring.training import text_sets
from scoring.training.phrases import own_phrases
from scoring.training.text_fit import Lesson, Progress, Recipe, fit, silent
from scoring.training.text_sets import NEITHER, Labelled

RECIPE = Recipe()
BUNDLED = Recipe(even=True)  #: what share of a shop's remarks are praise is what is asked
PHRASE = 2.0  #: what one of our own phrases counts beside a review
GOODS_EVERY = 3  #: of so many shopping reviews one is fitted
NEITHERS = 0.5  #: what a post that says neither counts

#: The parts of SMP2020 that are fitted; the two test parts are kept for measuring.
FITTED_POSTS = ("virus_train", "virus_eval_labeled", "usual_eval_labeled")


def letters() -> Codes:
    """What each character is read as, Traditional ones as OpenCC simplifies them."""
    from opencc import OpenCC

    return alphabet(OpenCC("t2s").convert)


def lesson(folder: Path) -> Lesson:
    """Posts, our own phrases, take-away reviews and every third shopping review, without any test text.

    Of the shopping reviews those are left out that stand in ChnSentiCorp's unseen test too. More of them
    would outweigh the rest, and they hold most of ChnSentiCorp's training texts already.
    """
    unseen = Labelled(text_sets.unseen_hotels_and_books(folder))
    posts, phrases = text_sets.posts(folder, *FITTED_POSTS), own_phrases()
    goods = text_sets.shopping(folder)
    some = goods.pick(range(0, len(goods), GOODS_EVERY)).unlike(unseen)
    return _weighed(Lesson.of(posts + phrases + text_sets.take_away(folder) + some), posts, phrases)


def _weighed(lesson: Lesson, posts: Labelled, phrases: Labelled) -> Lesson:
    """With the phrases and the posts that say neither counting as much as they should beside a review."""
    importance = np.ones(len(lesson.labelled))
    importance[np.flatnonzero(posts.praise == NEITHER)] = NEITHERS
    importance[len(posts) : len(posts + phrases)] = PHRASE
    return replace(lesson, importance=importance)


def fit_reader(folder: Path, say: Progress = silent) -> bytes:
    """The bundled reader's weights, fitted on the texts under `folder`/text, as the bytes of their file.

    Raises `UnusableTexts` naming the file that is missing or wrong.
    """
    say("reading the texts")
    return dumped(fit(lesson(folder), letters(), BUNDLED, say))
