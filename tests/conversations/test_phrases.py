"""Money, rates, months and days as each language writes them."""

from datetime import date

import pytest

from conversations.phrases import LANGUAGES, closest, phrase, sentences, show
from conversations.replies import Label, Labels, Percent, Value, Yuan
from scoring.months import Month


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh_Hans_CN", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("ZH-HANT", "zh-Hant"),
        ("en", "en"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "zh-Hans"),
        (None, "zh-Hans"),
    ],
)
def test_the_nearest_language_is_spoken(tag: str | None, language: str) -> None:
    assert closest(tag) == language


@pytest.mark.parametrize(
    ("value", "simplified", "traditional", "english"),
    [
        (Yuan(10_000_000), "100,000 元", "100,000 元", "CNY 100,000"),
        (Yuan(1_250_050), "12,500.50 元", "12,500.50 元", "CNY 12,500.50"),
        (Yuan(1), "0.01 元", "0.01 元", "CNY 0.01"),
        (Yuan(0), "0 元", "0 元", "CNY 0"),
        (Percent(0.03855), "3.86%", "3.86%", "3.86%"),
        (Percent(0.0), "0%", "0%", "0%"),
        (Percent(0.1), "10%", "10%", "10%"),
        (Month(2017, 2), "2017年2月", "2017年2月", "February 2017"),
        (date(2020, 12, 31), "2020年12月31日", "2020年12月31日", "31 December 2020"),
        (12_345, "12,345", "12,345", "12,345"),
        (6.5, "6.5", "6.5", "6.5"),
        ("昆明", "昆明", "昆明", "昆明"),
        (Label("choice.rent"), "房租", "房租", "Rent"),
        (Labels(("choice.rent", "choice.payroll")), "房租、工资", "房租、工資", "Rent, Wages"),
        (Labels(()), "", "", ""),
    ],
)
def test_a_value_takes_the_form_of_its_language(
    value: Value, simplified: str, traditional: str, english: str
) -> None:
    assert [show(value, language) for language in LANGUAGES] == [simplified, traditional, english]


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_has_a_name(language: str, month: int) -> None:
    assert show(Month(2020, month), language)


def test_what_the_merchant_wrote_is_never_a_template() -> None:
    words = "{secret} {0.__class__} %s"
    assert words in phrase("changed", "en", what=words, was="y", value="x")


def test_a_text_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        phrase("no.such.text", "en")


def test_a_missing_figure_is_an_error() -> None:
    with pytest.raises(KeyError):
        phrase("changed", "en", what="x")


def test_texts_of_all_areas_are_one_collection() -> None:
    assert {"hello", "web.send", "telegram.stale", "weibo.agree"} <= set(sentences("en"))
