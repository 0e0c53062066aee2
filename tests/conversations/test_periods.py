"""Monthly figures that are said for another time."""

import pytest

from tests.conversations.talk import at


@pytest.mark.parametrize(
    ("step", "text", "kept"),
    [
        ("rent", "一年18万", 1_500_000),
        ("rent", "180,000 a year", 1_500_000),
        ("rent", "半年9万", 1_500_000),
        ("rent", "一季度4万5", 1_500_000),
        ("sales_last_month", "每天4500", 12_600_000),
        ("sales_last_month", "4500 a day", 12_600_000),
        ("sales_last_month", "30,000 a week", 13_000_000),
    ],
)
def test_it_is_read_back_as_what_it_is_in_a_month(step: str, text: str, kept: int) -> None:
    talk = at(step)

    assert talk.says(text) == ["doubt.vague"]
    talk.says("对")
    assert talk.value(step) == kept


def test_wages_for_each_are_those_of_all() -> None:
    talk = at("staff_count")

    assert talk.says("2个人，每人5000") == ["doubt.vague"]
    talk.says("对")
    assert talk.value("payroll") == 1_000_000


@pytest.mark.parametrize(("step", "text"), [("rent", "租了三年，每月15000"), ("rent", "每月15000，一年一签")])
def test_a_figure_said_by_the_month_stays_what_it_is(step: str, text: str) -> None:
    talk = at(step)
    talk.says(text)
    if talk.session.doubt:
        talk.says("对")

    assert talk.value(step) == 1_500_000


def test_a_day_that_counts_orders_divides_no_sales() -> None:
    talk = at("sales_last_month")
    talk.says("13万，一天37单")

    assert talk.value("sales_last_month") == 13_000_000
