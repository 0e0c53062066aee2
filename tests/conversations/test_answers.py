"""What each step understands, and what it refuses with its reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from conversations import vocabulary
from conversations.answers import Context, Problem, Reading, Understood, read, together
from conversations.replies import Label, Yuan
from conversations.steps import STEPS, members
from tests.conversations.talk import LICENCE

TODAY = Context(date(2020, 4, 15), vocabulary.load())
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def answer(block: str, text: str) -> Reading:
    """A message read as the answer to a whole prompt."""
    return read(members(block), text, TODAY)


def alone(step: str, text: str) -> Reading:
    """A message read as the answer to one step that is asked on its own."""
    return read((STEPS[step],), text, TODAY)


def values(reading: Reading) -> Mapping[str, Any]:
    assert isinstance(reading, Understood), reading
    return reading.values


def problem(reading: Reading) -> str:
    assert isinstance(reading, Problem), reading
    return reading.key


@pytest.mark.parametrize(
    ("step", "text", "option"),
    [
        ("role", "老闆", "owner"),
        ("role", "I am the owner", "owner"),
        ("role", "老板的合伙人", "partner"),
        ("role", "我帮老板问问", "manager"),
        ("trade", "開火鍋店的", "restaurant"),
        ("trade", "coffee", "cafe"),
        ("trade", "3", "gym"),
        ("trade", "我不开饭店，开咖啡店", "cafe"),
        ("licence", "没有公司", "none"),
        ("licence", "individual_business", "individual_business"),
        ("consent", "同意，我已满18岁。", "agree"),
        ("consent", "我未滿18歲", "under_18"),
    ],
)
def test_an_option_is_named_numbered_or_described(step: str, text: str, option: str) -> None:
    assert values(answer(step, text)) == {step: option}


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("role", "我不是老板"),
        ("role", "not the owner"),
        ("trade", "9"),
        ("trade", "0"),
        ("trade", "手机维修"),
        ("consent", "可以问一下吗"),
        ("consent", "ok but why?"),
        ("consent", "未成年可以申请吗"),
        ("consent", "不同意"),
        ("consent", "I do not agree"),
        ("check", "这样提交可以吗"),
    ],
)
def test_what_names_no_option_is_no_answer(step: str, text: str) -> None:
    assert answer(step, text) is None


@pytest.mark.parametrize(
    ("text", "city", "opened"),
    [
        ("昆明 2017年2月", "昆明", "2017-02"),
        ("2017年2月，昆明", "昆明", "2017-02"),
        ("2017/02 昆明", "昆明", "2017-02"),
        ("昆明2017.2", "昆明", "2017-02"),
        ("昆明 2017年02月份", "昆明", "2017-02"),
        ("昆明 17年12月开业", "昆明", "2017-12"),
        ("昆明 99年2月", "昆明", "1999-02"),
        ("昆明 二零一七年二月", "昆明", "2017-02"),
        ("昆明 一七年十一月", "昆明", "2017-11"),
        ("上海 2018年3月15日", "上海", "2018-03"),
        ("2018-03-15 上海", "上海", "2018-03"),
        ("Kunming, February 2017", "Kunming", "2017-02"),
        ("opened in Mar. 2019 in Harbin", "Harbin", "2019-03"),
        ("Tianjin 2017-02", "Tianjin", "2017-02"),
        ("Xi'an, Feb 2018", "Xi'an", "2018-02"),
        ("昆明 去年3月", "昆明", "2019-03"),
        ("昆明 前年十二月", "昆明", "2018-12"),
        ("昆明 今年二月", "昆明", "2020-02"),
        ("香港 2018年3月開業", "香港", "2018-03"),
        ("臺北 ２０１８年３月", "臺北", "2018-03"),
    ],
)
def test_place_and_month_come_in_one_message(text: str, city: str, opened: str) -> None:
    assert values(answer("city", text)) == {"city": city, "opened": opened}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("昆明", {"city": "昆明"}),
        ("重庆，2018年", {"city": "重庆"}),
        ("2017年2月", {"opened": "2017-02"}),
        ("昆明市翠湖南路12号 2017年2月", {"opened": "2017-02"}),
        ("ｋｕｎｍｉｎｇ", {"city": "kunming"}),
    ],
)
def test_half_of_place_and_month_is_kept(text: str, found: dict[str, str]) -> None:
    assert values(answer("city", text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "12",
        "昆明?",
        "https://example.com",
        "<b>昆明</b>",
        "{city}",
        "a=b",
        "💥💥",
        "长" * 41,
        "2017年13月",
    ],
)
def test_what_is_no_place_is_no_answer(text: str) -> None:
    assert answer("city", text) is None


def test_a_month_alone_is_read_where_only_it_is_asked() -> None:
    assert values(alone("opened", "昆明 2017年2月")) == {"opened": "2017-02"}
    assert values(alone("city", "昆明 2017年2月")) == {"city": "昆明"}


@pytest.mark.parametrize("text", ["2020年5月", "昆明 2031年1月", "May 2020"])
def test_no_shop_opens_in_the_future(text: str) -> None:
    assert problem(answer("city", text)) == "problem.future_month"


def test_this_month_is_not_the_future() -> None:
    assert values(answer("city", "2020年4月")) == {"opened": "2020-04"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("37单 120元 30天", (37, 12_000, 30)),
        ("30天 120元 37单", (37, 12_000, 30)),
        ("37 120 30", (37, 12_000, 30)),
        ("37、120、30", (37, 12_000, 30)),
        ("120块一桌，一天37桌", (37, 12_000, None)),
        ("人均120，每天37人", (37, 12_000, None)),
        ("一天40单，一单35块5", (40, 3_550, None)),
        ("37 orders at 120 yuan, 30 days", (37, 12_000, 30)),
        ("30天", (None, None, 30)),
        ("120元", (None, 12_000, None)),
        ("37", (37, None, None)),
        ("30天 120", (120, None, 30)),
    ],
)
def test_numbers_go_by_their_counter_then_by_position(text: str, found: tuple[int | None, ...]) -> None:
    names = ("orders_per_day", "average_ticket", "days_open")
    assert values(answer("orders_per_day", text)) == {
        name: value for name, value in zip(names, found, strict=True) if value is not None
    }


@pytest.mark.parametrize(
    ("block", "text", "found"),
    [
        ("sales_last_month", "13万", {"sales_last_month": 13_000_000}),
        ("sales_last_month", "上个月30天一共卖了13万", {"sales_last_month": 13_000_000}),
        ("rent", "12,500.50", {"rent": 1_250_050}),
        ("rent", "自己的房子", {"rent": 0}),
        ("staff_count", "6.5人 29900", {"staff_count": 6.5, "payroll": 2_990_000}),
        ("staff_count", "三个半人，一共9千", {"staff_count": 3.5, "payroll": 900_000}),
        ("staff_count", "two people 9000", {"staff_count": 2, "payroll": 900_000}),
        ("staff_count", "没有", {"staff_count": 0, "payroll": 0}),
        ("staff_count", "2个人", {"staff_count": 2}),
        ("debt_balance", "50000 3000", {"debt_balance": 5_000_000, "debt_payment": 300_000}),
        ("debt_balance", "沒有", {"debt_balance": 0, "debt_payment": 0}),
        ("debt_balance", "no debt", {"debt_balance": 0, "debt_payment": 0}),
        ("amount", "10万 12期", {"amount": 10_000_000, "term": 12}),
        ("amount", "12期 10万", {"amount": 10_000_000, "term": 12}),
        ("amount", "100k over 12 months", {"amount": 10_000_000, "term": 12}),
        ("amount", "20万 半年", {"amount": 20_000_000, "term": 6}),
        ("amount", "一年20万", {"amount": 20_000_000, "term": 12}),
    ],
)
def test_figures_are_stored_in_fen_and_whole_numbers(block: str, text: str, found: dict[str, Any]) -> None:
    reading = answer(block, text)
    assert values(reading) == found
    assert isinstance(reading, Understood)
    assert reading.doubt is None


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("rent", "大概3万"),
        ("rent", "2-3万"),
        ("rent", "去年3万，今年2万"),
        ("rent", "30 000"),
        ("rent", "一年18万"),
        ("rent", "18万一年"),
        ("rent", "180000/年"),
        ("rent", "季付45000"),
        ("rent", "60,000 a year"),
        ("sales_last_month", "半年30万"),
        ("staff_count", "3个人，每人3000"),
        ("staff_count", "3 people, 3000 each"),
        ("orders_per_day", "每天40到50单，客单价30"),
    ],
)
def test_the_vague_the_ambiguous_and_the_yearly_are_read_back(block: str, text: str) -> None:
    reading = answer(block, text)
    assert isinstance(reading, Understood)
    assert reading.doubt == "doubt.vague"


@pytest.mark.parametrize(
    ("block", "text", "key"),
    [
        ("rent", "-5", "problem.negative"),
        ("sales_last_month", "0", "problem.too_small"),
        ("sales_last_month", "10,000,001", "problem.too_large"),
        ("sales_last_month", "9" * 9_999, "problem.too_large"),
        ("orders_per_day", "0", "problem.too_small"),
        ("orders_per_day", "37.5 120", "problem.not_whole"),
        ("orders_per_day", "37单 120元 32天", "problem.too_large"),
        ("orders_per_day", "37单 0元", "problem.too_small"),
        ("staff_count", "6.3人 1000", "problem.not_half"),
        ("staff_count", "1001人 1000", "problem.too_large"),
        ("rent", "0.001", "problem.not_fen"),
        ("amount", "10万 24期", "problem.term"),
        ("amount", "10万 两年", "problem.term"),
        ("amount", "10万 121期", "problem.too_large"),
    ],
)
def test_a_figure_outside_its_bounds_is_refused_with_the_reason(block: str, text: str, key: str) -> None:
    assert problem(answer(block, text)) == key


def test_a_bound_is_shown_as_money_or_as_a_count() -> None:
    assert answer("rent", "10,000,001") == Problem("problem.too_large", {"most": Yuan(1_000_000_000)})
    assert answer("orders_per_day", "0") == Problem("problem.too_small", {"least": 1})


@pytest.mark.parametrize("edge", ["10,000,000", "0"])
def test_the_bounds_themselves_are_allowed(edge: str) -> None:
    assert values(answer("rent", edge))


@pytest.mark.parametrize("text", ["", "为什么", "越多越好", "NaN", "1e400", "١٢٣", "30天", "5个人"])
def test_a_message_without_a_fitting_number_is_no_figure(text: str) -> None:
    assert answer("rent", text) is None


@pytest.mark.parametrize(
    ("text", "purposes"),
    [
        ("进货、工资", ["stock_purchase", "payroll"]),
        ("stock and rent", ["stock_purchase", "rent"]),
        ("1", ["stock_purchase"]),
        ("1 2 3", ["stock_purchase", "rent", "payroll"]),
        ("3、3、1", ["payroll", "stock_purchase"]),
        ("equipment", ["equipment"]),
        ("裝修，不賭博", ["renovation"]),
        ("进货，不是买房", ["stock_purchase"]),
    ],
)
def test_up_to_three_purposes_are_named_together(text: str, purposes: list[str]) -> None:
    assert values(answer("purpose", text)) == {"purpose": purposes}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("买房", "house_purchase"),
        ("进货和买房", "house_purchase"),
        ("炒股", "stock"),
        ("還信用卡", "repay_other_loan"),
        ("bitcoin", "crypto"),
        ("赌", "gambling"),
    ],
)
def test_a_forbidden_purpose_is_refused_by_name(text: str, what: str) -> None:
    assert answer("purpose", text) == Problem("problem.purpose", {"purpose": Label(f"choice.{what}")})


def test_more_than_three_purposes_are_too_many() -> None:
    assert answer("purpose", "1 2 3 4") == Problem("problem.too_many", {"most": 3})


@pytest.mark.parametrize("text", ["", "其他", "10", "0", "周转"])
def test_a_purpose_that_nobody_listed_is_no_answer(text: str) -> None:
    assert answer("purpose", text) is None


@pytest.mark.parametrize(
    "text",
    [
        LICENCE,
        LICENCE.lower(),
        "9135 0100 M000 100Y 43",
        "9135-0100-M000-100Y-43",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        f"我的是{LICENCE}",
        f"it is {LICENCE}.",
    ],
)
def test_a_licence_number_is_read_however_it_is_spaced(text: str) -> None:
    assert values(alone("licence_number", text)) == {"licence_number": LICENCE}


@pytest.mark.parametrize("last", [sign for sign in ALPHABET if sign != LICENCE[-1]])
def test_no_other_check_character_is_true(last: str) -> None:
    assert problem(alone("licence_number", LICENCE[:-1] + last)) == "problem.licence_number"


@pytest.mark.parametrize("text", ["123456789012345", "91350100M000100Y4", "91350100M000100Y433", "I" * 18])
def test_what_looks_like_a_licence_number_is_checked(text: str) -> None:
    assert problem(alone("licence_number", text)) == "problem.licence_number"


@pytest.mark.parametrize("text", ["", "没有", "12345", "在店里放着", "x" * 4096])
def test_other_words_are_no_licence_number(text: str) -> None:
    assert alone("licence_number", text) is None


def test_a_payment_above_the_whole_debt_is_impossible() -> None:
    swapped = together({"debt_balance": 300_000, "debt_payment": 5_000_000})
    assert swapped == Problem(
        "problem.payment_above_balance", {"less": Yuan(5_000_000), "more": Yuan(300_000)}
    )
    assert together({"debt_balance": 5_000_000, "debt_payment": 300_000}) is None
    assert together({"debt_balance": 5_000_000}) is None
    assert together({"debt_payment": 5}) is None
