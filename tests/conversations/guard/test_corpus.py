"""The guard on lines as staff write them, half of which no rule was built on."""

import opencc
import pytest

from conversations.guard.checking import RULES, check
from tests.conversations.guard.chat import known
from tests.conversations.guard.measure import HALVES, LANGUAGES, lines, measure

EVERY = pytest.mark.parametrize("language", LANGUAGES)
FLOOR = 0.8  #: of every rule's precision and recall on the half kept aside: one line in ten is a tenth


@EVERY
def test_there_are_enough_lines_and_none_is_in_both_halves(language: str) -> None:
    halves = [list(lines(half, language)) for half in HALVES]
    texts = [line.text for half in halves for line in half]

    assert all(sum(not line.labels for line in half) >= 80 for half in halves)
    assert all(sum(bool(line.labels) for line in half) >= 80 for half in halves)
    assert len(texts) == len(set(texts))
    assert {label for half in halves for line in half for label in line.labels} == set(RULES)


@EVERY
def test_every_line_that_the_rules_were_built_on_is_told_right(language: str) -> None:
    found = measure("tuning", language)

    assert (found.held_back, found.passed) == ([], [])
    assert all(score.precision == score.recall == 1 for score in found.rules.values())


@EVERY
def test_lines_kept_aside_are_told_nearly_as_well(language: str) -> None:
    found = measure("held_out", language)

    assert len(found.held_back) <= 0.03 * found.good
    assert len(found.passed) <= 0.05 * found.bad
    for rule, score in found.rules.items():
        assert min(score.precision, score.recall) >= FLOOR, (rule, score)


@pytest.mark.parametrize("half", HALVES)
def test_the_traditional_form_of_a_line_is_told_like_the_simplified_one(half: str) -> None:
    traditional = opencc.OpenCC("s2tw")
    chat = known()

    for line in lines(half, "zh"):
        rules = {finding.rule for finding in check(line.text, chat)}
        assert {finding.rule for finding in check(traditional.convert(line.text), chat)} == rules, line.text
