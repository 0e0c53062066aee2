"""The year as people tell it."""

from decimal import Decimal

import pytest

from conversations.seasons import Year, read, share


@pytest.mark.parametrize(
    ("text", "peak", "low"),
    [
        ("旺季7、8、10月，淡季1、2月", (7, 8, 10), (1, 2)),
        ("7,8,10月最旺;1,2月最淡", (7, 8, 10), (1, 2)),
        ("七八月旺，一二月淡", (7, 8), (1, 2)),
        ("暑假7到9月最忙，11月到2月淡", (7, 8, 9), (1, 2, 11, 12)),
        ("十月最好，十一月最差", (10,), (11,)),
        ("淡季是2月", (), (2,)),
        ("最忙12月", (12,), ()),
        ("busy in July and August, slow in January", (7, 8), (1,)),
        ("best: 5-6, weakest: 12", (5, 6), (12,)),
        ("７、８月最旺", (7, 8), ()),
    ],
)
def test_months_go_with_the_season_they_are_said_of(
    text: str, peak: tuple[int, ...], low: tuple[int, ...]
) -> None:
    assert read(text) == Year(peak, low)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7、8、10月最旺，1、2月最淡，淡季约为旺季七成", Year((7, 8, 10), (1, 2), Decimal("0.7"))),
        ("旺季7月8月，淡季1月，大概65%", Year((7, 8), (1,), Decimal("0.65"))),
        ("best July, weak January, about 70%", Year((7,), (1,), Decimal("0.7"))),
        ("六成半", Year(share=Decimal("0.65"))),
    ],
)
def test_the_share_is_told_beside_the_months(text: str, expected: Year) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", ["", "都差不多", "13万", "100", "成", "%", "7", "一样"])
def test_other_words_tell_nothing_of_the_year(text: str) -> None:
    assert read(text) == Year()


def test_a_share_of_nothing_is_none() -> None:
    assert share("12月") is None
    assert share(".%") == 0
