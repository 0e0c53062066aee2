"""Texts by key in three languages, with money, dates and rates in each language's form."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from conversations.replies import CalendarMonths, Clause, Clauses, Label, Labels, Percent, Value, Yuan
from scoring import money
from scoring.months import Month

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def closest(tag: str | None) -> str:
    """The language nearest to a BCP 47 tag.

    >>> closest("en-GB"), closest("zh-TW"), closest(None)
    ('en', 'zh-Hant', 'zh-Hans')
    """
    asked = (tag or "").lower().replace("_", "-")
    if asked.startswith(_TRADITIONAL):
        return "zh-Hant"
    return "en" if asked and not asked.startswith("zh") else "zh-Hans"


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Every text of a language, from all its files."""
    folder = resources.files("conversations").joinpath("locales")
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(f"{language}.toml"))
    return {
        key: text
        for name in files
        for key, text in tomllib.loads(folder.joinpath(name).read_text("utf-8")).items()
    }


def phrase(key: str, language: str, /, **values: Value) -> str:
    """One text with its figures in the language's form.

    Raises:
        KeyError: no such text, or a figure it needs is missing.
    """
    text = sentences(language)[key]
    return text.format_map(_Shown(values, language)) if "{" in text or "}" in text else text


class _Shown(dict[str, Value]):
    """Values of which only those that a text names are put into the language's form."""

    def __init__(self, values: Mapping[str, Value], language: str) -> None:
        super().__init__(values)
        self._language = language

    def __getitem__(self, name: str) -> str:
        return show(super().__getitem__(name), self._language)


def show(value: Value, language: str) -> str:
    """A value as the language writes it.

    >>> show(Yuan(10_000_000), "en"), show(Month(2017, 2), "zh-Hans")
    ('CNY 100,000', '2017年2月')
    """
    form = _FORMS.get(type(value))
    return form(value, language) if form else str(value)


def _money(value: Yuan, language: str) -> str:
    return phrase("form.money", language, figure=money.grouped(value.fen))


def _percent(value: Percent, _language: str) -> str:
    return f"{money.percent(value.fraction)}%"


def _label(value: Label, language: str) -> str:
    return phrase(value.key, language)


def _labels(value: Labels, language: str) -> str:
    return phrase("list.separator", language).join(phrase(key, language) for key in value.keys)


def _clause(value: Clause, language: str) -> str:
    return phrase(value.key, language, **value.values)


def _clauses(value: Clauses, language: str) -> str:
    return phrase("clause.separator", language).join(_clause(part, language) for part in value.parts)


def _month(value: Month, language: str) -> str:
    return phrase("form.month", language, year=str(value.year), month=_month_name(value.month, language))


def _season(value: CalendarMonths, language: str) -> str:
    """
    >>> show(CalendarMonths((7, 10)), "zh-Hans"), show(CalendarMonths((7, 10)), "en")
    ('7、10月', 'July, October')
    """
    names = (_month_name(month, language) for month in value.numbers)
    return phrase("form.season", language, months=phrase("list.separator", language).join(names))


def _day(value: date, language: str) -> str:
    name = _month_name(value.month, language)
    return phrase("form.day", language, year=str(value.year), month=name, day=str(value.day))


def _month_name(month: int, language: str) -> str:
    return sentences(language)["form.months"].split()[month - 1]


_FORMS: Mapping[type, Callable[[Any, str], str]] = {
    Yuan: _money,
    Percent: _percent,
    Label: _label,
    Labels: _labels,
    Clause: _clause,
    Clauses: _clauses,
    Month: _month,
    CalendarMonths: _season,
    date: _day,
    int: lambda value, _language: f"{value:,}",
}
