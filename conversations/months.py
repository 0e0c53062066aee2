"""Months as people write them: 2021年3月, March 2021, 去年三月, and 三年前, which is no sure month."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from conversations.amounts import quantities
from conversations.numerals import HAN, written

_YEAR_MONTH = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)?[0-9]{2}(?=\s*年)|(?:19|20)[0-9]{2})\s*(?:年|[-./])\s*"
    r"(?P<month>1[0-2]|0?[1-9])(?![0-9])(?:\s*月(?:份|初|底|中旬)?(?:\s*[0-9]{1,2}\s*[日号])?|[-./][0-9]{1,2})?(?![0-9])"
)
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(
    rf"\b(?P<name>{'|'.join(_NAMES)})[a-z]*\.?,?\s+(?:of\s+)?"
    r"(?P<year>(?:19|20)[0-9]{2}|last year|this year)\b"
)
_DIGITS = "〇零一二三四五六七八九"
_HAN_DATE = re.compile(
    f"(?P<year>[{_DIGITS}]{{2}}|[{_DIGITS}]{{4}})年(?P<month>十[一二]?|[一二三四五六七八九])月"
)
_YEARS_BACK = {"今年": 0, "去年": 1, "前年": 2, "明年": -1, "后年": -2, "this year": 0, "last year": 1}
_RELATIVE = re.compile(
    r"(?P<when>今年|去年|前年|明年|后年)\s*(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月"
)
_SPAN = rf"(?:[0-9.]+|[半{HAN}]+)\s?(?:个半?月|年半?|months?|years?)"
_AGO = re.compile(
    rf"(?P<ago>{_SPAN})\s?(?:多\s?)?(?:以?前|ago)"
    rf"|(?:开了|(?:open|running|business) for )(?P<lasting>{_SPAN})(?:多|了)*"
)
_SPELT = re.compile(r"(?<![a-z])(?:half a|[a-z]+ and a half|[a-z]+)(?=\s(?:year|month))")
_ONE = {"a": "1", "one": "1", "half a": "0.5", "one and a half": "1.5"}


@dataclass(frozen=True)
class Told:
    """A month found in a text, from `start` to `end`."""

    year: int
    month: int
    start: int
    end: int
    vague: bool = False  #: said as so long ago: read it back


def ready(text: str) -> str:
    """A plain text with dates in digits: 二零一七年二月 is 2017年2月, three years is 3 years."""
    return _SPELT.sub(
        lambda word: f"{_ONE.get(word[0]) or written(word[0])}", _HAN_DATE.sub(_in_digits, text)
    )


def read(said: str, today: date) -> list[Told]:
    """Every month that a ready text tells; the surest way of telling comes first.

    >>> [(each.year, each.month) for each in read("march last year, 2 years ago", date(2026, 6, 15))]
    [(2025, 3), (2024, 6)]
    """
    return [*_dated(said, today), *_ago(said, today)]


def _dated(said: str, today: date) -> Iterator[Told]:
    for match in _YEAR_MONTH.finditer(said):
        yield Told(_full(match["year"], today), int(match["month"]), *match.span())
    for match in _NAMED.finditer(said):
        back = _YEARS_BACK.get(match["year"])
        year = int(match["year"]) if back is None else today.year - back
        yield Told(year, _NAMES.index(match["name"]) + 1, *match.span())
    for match in _RELATIVE.finditer(said):
        month = int(quantities(match["month"])[0].value)
        yield Told(today.year - _YEARS_BACK[match["when"]], month, *match.span())


def _ago(said: str, today: date) -> Iterator[Told]:
    for match in _AGO.finditer(said):
        months = _length(match["ago"] or match["lasting"])
        if months is None or months > 12 * 100:
            continue
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        yield Told(year, month + 1, *match.span(), vague=True)


def _length(span: str) -> int | None:
    """A span of time in months."""
    found = quantities(span.replace("个半月", "个月"))
    if not found:
        return None
    half = Decimal("0.5") if "半" in span[1:] else 0
    return int((found[0].value + half) * (12 if "年" in span or "year" in span else 1))


def _full(year: str, today: date) -> int:
    """A year of two digits is the latest one that is not in the future."""
    if len(year) == 4:
        return int(year)
    return int(year) + (2000 if int(year) <= today.year % 100 else 1900)


def _in_digits(match: re.Match[str]) -> str:
    year = "".join(str(max(0, _DIGITS.index(each) - 1)) for each in match["year"])
    return f"{year}年{quantities(match['month'])[0].value}月"
