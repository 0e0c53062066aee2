"""Months as people write them."""

from datetime import date

import pytest

from conversations import months
from conversations.amounts import plain

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("text", "year", "month", "vague"),
    [
        ("2021年3月", 2021, 3, False),
        ("2021.03", 2021, 3, False),
        ("March 2021", 2021, 3, False),
        ("march last year", 2025, 3, False),
        ("去年三月", 2025, 3, False),
        ("二零一七年二月", 2017, 2, False),
        ("17年2月", 2017, 2, False),
        ("三年前", 2023, 6, True),
        ("8个月前", 2025, 10, True),
        ("两年半前", 2023, 12, True),
        ("开了三年多了", 2023, 6, True),
        ("three years ago", 2023, 6, True),
        ("a year ago", 2025, 6, True),
        ("about two and a half years ago", 2023, 12, True),
        ("half a year ago", 2025, 12, True),
        ("open for 3 years", 2023, 6, True),
    ],
)
def test_a_month_is_told(text: str, year: int, month: int, vague: bool) -> None:
    told = months.read(months.ready(plain(text)), TODAY)[0]

    assert (told.year, told.month, told.vague) == (year, month, vague)


@pytest.mark.parametrize(
    "text", ["昆明", "3年", "40k for 12 months", "12期", "三年级", "9999999999 years ago"]
)
def test_what_tells_no_month(text: str) -> None:
    assert months.read(months.ready(plain(text)), TODAY) == []
