"""Spoken numbers, brought to forms that one pattern can read."""

import pytest

from conversations.amounts import quantities
from conversations.numerals import written


@pytest.mark.parametrize(
    ("said", "as_figures"),
    [
        ("thirty five thousand", "35000"),
        ("thirty-five thousand", "35000"),
        ("one hundred and twenty", "120"),
        ("two hundred thousand five hundred", "200500"),
        ("a hundred", "100"),
        ("two people", "2 people"),
        ("zero", "0"),
        ("35 thousand", "35千"),
        ("1.5 million", "1.5百万"),
        ("3 hundred", "3百"),
    ],
)
def test_english_number_words_become_figures(said: str, as_figures: str) -> None:
    assert written(said) == as_figures


@pytest.mark.parametrize(
    "said", ["no one", "a few thousand", "half a million", "tone", "seventyish", "someone"]
)
def test_what_only_looks_like_a_number_stays_as_it_is(said: str) -> None:
    assert written(said) == said


@pytest.mark.parametrize(
    ("said", "as_figures"),
    [
        ("三个半人", "三点五人"),
        ("3个半人", "3.5人"),
        ("35块5", "35.5元"),
        ("35块五毛", "35.5元"),
        ("一百二十五块六毛", "一百二十五点六元"),
        ("100块一位", "100块 "),
        ("35块5个人", "35块5个人"),
        ("两三百", "两百到三百"),
        ("七八千", "七千到八千"),
        ("一三万", "一三万"),
        ("十万十二期", "十万 十二期"),
    ],
)
def test_halves_dimes_and_pairs_are_spelt_out(said: str, as_figures: str) -> None:
    assert written(said) == as_figures


@pytest.mark.parametrize("said", ["一共", "一般", "每天", "每个月", "第一", "120块一桌"])
def test_numerals_that_count_nothing_are_left_out(said: str) -> None:
    assert not set("一每") & set(written(said))


def test_a_decimal_point_is_no_idle_word() -> None:
    assert written("一点五万") == "一点五万"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十五六万", 155_000),
        ("五六个", 5.5),
        ("两三天", 2.5),
        ("between 10k and 20k", 15_000),
        ("sixteen and a half thousand", 16_500),
        ("40 grand", 40_000),
        ("over a year", 1),
    ],
)
def test_more_ways_of_saying_numbers(text: str, value: int) -> None:
    assert [quantity.value for quantity in quantities(text)] == [value]


def test_an_ordinal_counts_nothing() -> None:
    assert quantities("第七期开始") == []
