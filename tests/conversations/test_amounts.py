"""Every way of writing a number that merchants use, and everything that only looks like one."""

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.amounts import LONGEST, Quantity, plain, quantities

NUMERALS = "0123456789.,-~到至 一二两三十百千万亿半点零块毛个多几wk元人天期年¥%ethousandfivone"
HOSTILE = (
    "9" * 4096,
    "1," * 2048,
    "1.1." * 1024,
    "十" * 4096,
    "三四万" * 1365,
    "1万" * 2048,
    "1 " * 2048,
    "- " * 2048,
    "约" * 4096,
    "1到" * 2048,
    "thirty five " * 340,
    "a " * 2048,
    "个半" * 2048,
    "块5" * 2048,
    "\u200b" * 4096,
    "ﷺ" * 4096,
    " " * 4095 + "1",
)


def read(text: str) -> list[int | float]:
    return [int(found.value) if found.value % 1 == 0 else float(found.value) for found in quantities(text)]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("35000", 35_000),
        ("35,000", 35_000),
        ("1,200,000.00", 1_200_000),
        ("3.5万", 35_000),
        ("3.5萬", 35_000),
        ("三万五", 35_000),
        ("三點五萬", 35_000),
        ("一点五万", 15_000),
        ("35k", 35_000),
        ("35K", 35_000),
        ("3.5w", 35_000),
        ("3w5", 35_000),
        ("1万2", 12_000),
        ("1千5", 1_500),
        ("3 万 5 千", 35_000),
        ("3万5千", 35_000),
        ("3万5千6", 35_600),
        ("3万5千6百", 35_600),
        ("12万3456", 123_456),
        ("2千500", 2_500),
        ("1亿2千万", 120_000_000),
        ("1.2亿", 120_000_000),
        ("十二万", 120_000),
        ("两千三", 2_300),
        ("兩萬八千", 28_000),
        ("三百五", 350),
        ("三万零五百", 30_500),
        ("廿五", 25),
        ("半万", 5_000),
        ("零", 0),
        ("0", 0),
        (".5", 0.5),
        ("¥12,500.50", 12_500.5),
        ("￥12,500.50", 12_500.5),
        ("伍仟元整", 5_000),
        ("壹拾贰万", 120_000),
        ("３５０００", 35_000),
        ("３．５萬", 35_000),
        ("一百二十五块六毛", 125.6),
        ("35块5", 35.5),
        ("一共13万", 130_000),
        ("thirty five thousand", 35_000),
        ("35 thousand yuan", 35_000),
        ("-500", -500),
        ("−500", -500),
        ("13800138000", 13_800_138_000),
        ("3\u200b5\u200b000", 35_000),
    ],
)
def test_a_number_is_read_in_every_notation(text: str, yuan: float) -> None:
    assert read(text) == [yuan]
    assert not quantities(text)[0].vague


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("2w多", 20_000),
        ("大概每月2w多", 20_000),
        ("20k左右", 20_000),
        ("about 35k", 35_000),
        ("约3万", 30_000),
        ("~35000", 35_000),
        ("三四万", 35_000),
        ("差不多一个月三四万", 35_000),
        ("两三百", 250),
        ("一两万", 15_000),
        ("七八千", 7_500),
        ("2-3万", 25_000),
        ("2–3万", 25_000),
        ("2万—3万", 25_000),
        ("2k to 3k", 2_500),
        ("两万五到三万", 27_500),
        ("月流水8千到1万", 9_000),
        ("5到10", 7.5),
        ("十来万", 100_000),
        ("10几万", 100_000),
        ("5万上下", 50_000),
    ],
)
def test_a_vague_number_is_marked_and_a_range_gives_its_middle(text: str, yuan: float) -> None:
    assert read(text) == [yuan]
    assert quantities(text)[0].vague


@pytest.mark.parametrize(
    "text",
    ["", " ", "1e400", "1E+400", "NaN", "inf", "-inf", "١٢٣", "几万", "好几万", "万", "千", "百", "一三万",
     "一万二三", "a lot", "half", "no debt", "\x00", "\ud800"],
)  # fmt: skip
def test_what_is_no_number_gives_none(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(("text", "halves"), [("1到几万", 1), ("到一三万", 0), ("一三到5", 1)])
def test_half_a_range_gives_what_can_be_read(text: str, halves: int) -> None:
    assert len(quantities(text)) <= halves


def test_the_scale_of_an_ends_open_range_reaches_back() -> None:
    assert read("2到3万") == [25_000]
    assert read("2万到3") == [10_001.5]


def test_several_numbers_come_in_their_order() -> None:
    assert read("37 120 30") == [37, 120, 30]
    assert read("37、120、30") == [37, 120, 30]
    assert read("35k 1万2 5千 3万") == [35_000, 12_000, 5_000, 30_000]
    assert read("1/2") == [1, 2]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("37单 120元 30天", ["orders", "money", "days"]),
        ("37 orders at 120 yuan, 30 days", ["orders", "money", "days"]),
        ("120块一桌，一天37桌", ["money", "orders"]),
        ("6.5人 29900", ["people", None]),
        ("两个人 8千", ["people", None]),
        ("三个半人", ["people"]),
        ("10万 12期", [None, "months"]),
        ("十万十二期", [None, "months"]),
        ("20万 半年", [None, "years"]),
        ("rmb 3000", ["money"]),
        ("$3000", ["money"]),
        ("30%", ["percent"]),
        ("5 people or so", ["people"]),
    ],
)
def test_a_counter_says_what_a_number_counts(text: str, kinds: list[str | None]) -> None:
    assert [found.kind for found in quantities(text)] == kinds


def test_a_quantity_says_all_it_knows() -> None:
    assert quantities("大概30天") == [Quantity(Decimal(30), "days", vague=True)]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:6]))
def test_hostile_text_is_read_in_no_time(text: str) -> None:
    quantities("1")
    started = time.process_time()
    quantities(text)
    assert time.process_time() - started < 0.25


def test_nine_thousand_digits_are_no_amount_that_fits_anywhere() -> None:
    assert all(found.value > 10**100 for found in quantities("9" * 9_999))


@settings(deadline=None)  # the machine may be busy
@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert all(found.value.is_finite() for found in quantities(text))


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet=NUMERALS, max_size=60))
def test_any_heap_of_numerals_can_be_read(text: str) -> None:
    assert all(found.value.is_finite() for found in quantities(text))


@settings(deadline=None)  # the machine may be busy
@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_even_what_no_encoding_holds_can_be_read(text: str) -> None:
    assert isinstance(quantities(text), list)


def test_text_is_compared_simplified_half_width_and_visible() -> None:
    assert plain("\ufeffＡＢ\u202e萬、，−１") == "ab万  -1"
    assert len(plain("长" * 5_000)) == LONGEST
