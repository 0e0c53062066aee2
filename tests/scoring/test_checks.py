"""Cross-checks: every verdict of every check, one changed answer at a time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scoring import checks, manner, trail, turnover
from scoring.application import ApplicationError, read
from scoring.decision import Check
from scoring.manner import Conversation
from scoring.snapshot import Account
from scoring.snapshot import read as read_account
from scoring.trail import Trail
from tests.scoring import builders

LENDER = builders.lender()


def ran(
    trade: str = "restaurant",
    answers: dict[str, Any] | None = None,
    seen: Trail | None = None,
    how: Conversation = manner.UNKNOWN,
    **changes: Any,
) -> dict[str, Check]:
    application = read(answers or builders.answers(**changes))
    business = turnover.rebuild(application, LENDER.trades[trade], LENDER)
    assert business is not None
    case = checks.Case(application, LENDER.trades[trade], business, date(2020, 4, 15), seen, how)
    return {check.id: check for check in checks.run(case)}


@pytest.mark.parametrize(
    ("check", "verdict", "changes"),
    [
        ("X1", "pass", {"sales_last_month": 16_000_000}),
        ("X1", "warn", {"sales_last_month": 19_000_000}),
        ("X1", "fail", {"sales_last_month": 21_000_000}),
        ("X1", "pass", {"sales_last_month": 5_000_000}),
        ("X1b", "warn", {"sales_last_month": 21_000_000}),
        ("X1b", "fail", {"sales_last_month": 26_000_000}),
        ("X1b", "fail", {"purchases": 0}),
        ("X2", "warn", {"best_seller_cost": 1_500}),
        ("X2", "fail", {"best_seller_cost": 500}),
        ("X2", "fail", {"best_seller_cost": 9_000}),
        ("X2", "skipped", {"best_seller_cost": None}),
        ("X3", "warn", {"capacity": 6}),
        ("X3", "fail", {"capacity": 4}),
        ("X3", "skipped", {"capacity": None}),
        ("X4", "warn", {"rent": 3_000_000}),
        ("X4", "warn", {"rent": 300_000}),
        ("X4", "fail", {"rent": 6_000_000}),
        ("X4", "fail", {"rent": 100_000}),
        ("X4", "skipped", {"rent": None}),
        ("X5", "warn", {"staff_count": 1, "payroll": 500_000}),
        ("X5", "fail", {"staff_count": 30}),
        ("X5", "fail", {"staff_count": 0.5}),
        ("X5", "skipped", {"payroll": None}),
        ("X6", "warn", {"cash": 1_000_000, "fit_out_value": 12_000_000}),
        ("X6", "fail", {"debt_balance": 15_000_000}),
        ("X6", "fail", {"cash": 60_000_000}),
        ("X6", "warn", {"taken_out": 90_000_000}),
        ("X6", "skipped", {"cash": None}),
        ("X6", "skipped", {"invested": None}),
        ("X6", "skipped", {"household_spend": None}),
        ("X7", "warn", {"receivables": 15_000_000}),
        ("X7", "fail", {"receivables": 30_000_000}),
        ("X7", "skipped", {"stock_value": None}),
        ("X9", "skipped", {"pre_shock_sales": None}),
        ("X9", "pass", {"pre_shock_sales": 12_000_000}),
        ("X9", "warn", {"pre_shock_sales": 9_000_000}),
        ("X9", "fail", {"pre_shock_sales": 8_000_000}),
        ("X10", "warn", {"net_margin": "gt30"}),
        ("X10", "warn", {"net_margin": "lt0"}),
        ("X10", "fail", {"net_margin": "lt0", "other_costs": 0}),
        ("X10", "skipped", {"net_margin": None}),
        ("X10", "skipped", {"other_costs": None}),
        ("X11", "warn", {"amount": 40_000_000}),
        ("X11", "fail", {"amount": 70_000_000}),
        ("X11", "skipped", {"purpose": ["renovation"]}),
        ("X11", "skipped", {"amount": None}),
        ("X11", "skipped", {"purpose": None}),
        ("X11", "skipped", {"purpose": ["rent"], "rent": 0}),
    ],
)
def test_a_check_judges_one_changed_answer(check: str, verdict: str, changes: dict[str, Any]) -> None:
    assert ran(**changes)[check].verdict == verdict


def test_a_small_margin_may_be_named_wrong_by_what_honest_errors_make_of_it() -> None:
    found = ran(net_margin="0_5", other_costs=1_800_000)["X10"]

    assert found.value is not None
    assert found.value > 0.6
    assert found.verdict == "pass"


def test_a_shop_of_nobody_else_is_not_divided_by_its_staff() -> None:
    assert ran(staff_count=0, payroll=0)["X5"].verdict == "warn"


def test_high_margin_trades_compare_without_their_purchases() -> None:
    inflated = builders.answers(purchases=20_000_000)

    assert ran("gym", inflated)["X1b"].verdict == "pass"
    assert ran("restaurant", inflated)["X1b"].verdict == "fail"


def test_prepaid_trades_need_what_they_owe_in_cards() -> None:
    assert ran("gym", builders.answers(prepaid_balance=None))["X6"].verdict == "skipped"
    assert ran("gym", builders.answers(prepaid_balance=20_000_000))["X6"].verdict == "fail"
    assert ran(prepaid_balance=None)["X6"].verdict == "pass"


def test_stock_is_held_against_the_trades_days() -> None:
    assert ran("retail", builders.answers(stock_value=60_000_000))["X7"].verdict == "warn"
    assert ran("retail", builders.answers(stock_value=130_000_000))["X7"].verdict == "fail"
    assert ran("retail")["X3"].verdict == "skipped"


def test_the_core_alone_compares_what_it_has() -> None:
    found = ran(answers=builders.core_answers())

    judged = {check.id for check in found.values() if check.verdict != "skipped"}
    assert judged == {"X1", "X1b", "X4", "X5"}


def test_without_stated_sales_there_is_no_headline_to_check() -> None:
    found = ran(sales_last_month=None)

    assert found["X1"].verdict == "skipped"
    assert found["X9"].verdict == "skipped"


def test_one_comparable_reconstruction_cannot_spread() -> None:
    answers = builders.core_answers(orders_per_day=None, purchases=5_500_000)

    assert ran("gym", answers)["X1b"].verdict == "skipped"


def test_sales_stated_against_nothing_fail() -> None:
    case = checks.Case(
        read(builders.answers()),
        LENDER.trades["restaurant"],
        replace(_business(), reconstructions={"V2": Decimal(5), "V3": Decimal(0)}),
        date(2020, 4, 15),
    )

    assert checks.headline(case).verdict == "fail"


def _business() -> turnover.Business:
    found = turnover.rebuild(read(builders.answers()), LENDER.trades["restaurant"], LENDER)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("payment", "disposable", "verdict"),
    [(500, 1000, "pass"), (600, 1000, "warn"), (701, 1000, "fail"), (1, 0, "skipped"), (0, -5, "skipped")],
)
def test_debt_service_is_held_against_spare_cash(payment: int, disposable: int, verdict: str) -> None:
    assert checks.debt_service(payment, 0, Decimal(disposable)).verdict == verdict


# --- X9: the season of a month ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "value", "verdict"),
    [
        # March 2020 is neither peak nor low: 0.85; July is a peak: 1. Expected of 150,000 in July: 127,500.
        (15_000_000, 0.0196, "pass"),
        (11_000_000, 0.3904, "warn"),
        (9_000_000, 0.6993, "fail"),
        (21_000_000, 0.619, "skipped"),  # a shock: below what the season explains
    ],
)
def test_the_season_between_two_months_is_taken_out(before: int, value: float, verdict: str) -> None:
    found = ran(pre_shock_sales=before, pre_shock_month="2019-07")["X9"]

    assert found.value == pytest.approx(value, abs=1e-4)
    assert found.verdict == verdict


def test_a_low_month_held_against_a_low_month_keeps_its_sales() -> None:
    low = ran(pre_shock_sales=12_000_000, pre_shock_month="2020-02", low_months=[2, 3])["X9"]

    assert low.value == pytest.approx(130 / 120 - 1, abs=1e-4)


@pytest.mark.parametrize("missing", ["low_season_share", "pre_shock_month"])
def test_without_the_month_or_the_share_it_is_the_same_month_a_year_ago(missing: str) -> None:
    known: dict[str, Any] = {"pre_shock_sales": 12_000_000, "pre_shock_month": "2019-07", missing: None}

    assert ran(**known)["X9"].value == pytest.approx(130 / 120 - 1, abs=1e-4)


# --- X12: the shop's own posts ----------------------------------------------------------------------------


def seen(texts: list[str] = [], days: float = 1150, *, first: int = 1, **user: Any) -> Trail:  # noqa: B006  # never changed
    posts = [builders.status(n + first, text=text, id=n + 1) for n, text in enumerate(texts)]
    account = read_account(
        {**builders.account(0, 0, created_at=builders.at(days), **user), "statuses": posts}
    )
    assert isinstance(account, Account)
    return trail.follow(account, LENDER.surroundings, builders.DAY)


def test_without_an_account_nothing_is_compared() -> None:
    assert ran()["X12"] == Check("X12", None, "skipped")


@pytest.mark.parametrize(
    ("days", "gap", "verdict"), [(1150, 0, "pass"), (750, 13, "warn"), (1600, -15, "warn"), (800, 12, "pass")]
)
def test_an_account_much_older_or_younger_than_the_shop_is_asked_about(
    days: float, gap: int, verdict: str
) -> None:
    found = ran(seen=seen(days=days))["X12"]

    assert (found.value, found.verdict) == (gap, verdict)


HERE, THERE, ELSEWHERE = "昆明店今日供应酸汤鱼", "欢迎来杭州店坐坐，火锅备好了", "私教课还有名额，增肌减脂"


@pytest.mark.parametrize(
    ("texts", "verdict"),
    [
        ([THERE] * 4, "pass"),  # too few to say anything
        ([THERE] * 5, "warn"),
        ([THERE] * 10, "fail"),
        ([THERE] * 30 + [HERE], "pass"),  # the answered city is spoken of too
        ([THERE] * 10 + ["今天下雨"] * 11, "warn"),  # less than half of all
        (["杭州东坡肉上桌"] * 30, "pass"),  # a dish named after a city places no shop
        ([ELSEWHERE] * 5, "warn"),
        ([ELSEWHERE] * 10, "fail"),
        ([ELSEWHERE] * 30 + [HERE], "pass"),
    ],
)
def test_posts_that_only_speak_of_another_city_or_trade_contradict(texts: list[str], verdict: str) -> None:
    assert ran(seen=seen(texts))["X12"].verdict == verdict


def test_a_post_written_for_the_application_clears_up_nothing() -> None:
    assert ran(seen=seen([HERE] * 80 + [THERE] * 30, first=11))["X12"].verdict == "fail"
    assert ran(seen=seen([HERE] * 80 + [THERE] * 4, first=11))["X12"].verdict == "pass"  # too few to say


def test_a_trade_that_is_akin_contradicts_nothing() -> None:
    coffee = seen(["手冲咖啡和拿铁备好了"] * 20)

    assert ran(seen=coffee)["X12"].verdict == "pass"
    assert ran("gym", builders.answers(trade="gym"), seen=coffee)["X12"].verdict == "fail"


def test_a_city_or_trade_that_is_not_known_is_not_compared() -> None:
    other = seen([THERE] * 20)

    assert ran(seen=other, city="Kunming")["X12"].verdict == "pass"
    assert ran(seen=other, city=None)["X12"].verdict == "pass"


def test_reposts_do_not_speak_for_the_shop() -> None:
    posts = [builders.status(n + 1, text=THERE, id=n + 1, retweeted_status={"id": 9}) for n in range(20)]
    account = read_account({**builders.account(0, 0), "statuses": posts})
    assert isinstance(account, Account)

    assert trail.follow(account, LENDER.surroundings, builders.DAY).posts == 0


def test_an_account_that_tells_nothing_is_not_compared() -> None:
    empty = trail.follow(Account(uid="1"), LENDER.surroundings, builders.DAY)

    assert ran(seen=empty)["X12"] == Check("X12", None, "skipped")


# --- X13: how the answers were given ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "changes", "signs"),
    [
        (manner.UNKNOWN, {}, []),
        (Conversation(edits=3, seconds=60), {}, []),
        (Conversation(edits=4), {}, ["edited"]),
        (Conversation(seconds=59), {}, ["quick"]),
        (manner.UNKNOWN, {"rent": 2_000_000, "other_costs": 2_000_000}, ["reused"]),  # and the stock
        (Conversation(edits=9, seconds=5), {}, ["edited", "quick"]),
    ],
)
def test_signs_of_figures_made_up_on_the_spot_are_named(
    how: Conversation, changes: dict[str, Any], signs: list[str]
) -> None:
    found = ran(how=how, **changes)["X13"]

    assert manner.signs(read(builders.answers(**changes)), how) == signs
    assert (found.value, found.verdict) == (len(signs), "warn" if signs else "pass")


def test_figures_that_are_all_round_are_a_sign() -> None:
    rounded = {
        "sales_last_month": 10_000_000,
        "rent": 2_000_000,
        "payroll": 3_000_000,
        "debt_balance": 500_000,
    }
    answers = {**builders.core_answers(**rounded), "debt_payment": 40_000}

    assert manner.signs(read(answers), manner.UNKNOWN) == ["round"]


def test_of_few_figures_nothing_is_said() -> None:
    assert ran(answers=builders.core_answers())["X13"].verdict == "skipped"


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"edits": -1}, "conversation.edits"),
        ({"seconds": 1.5}, "conversation.seconds"),
        ({"seconds": True}, "conversation.seconds"),
        ({"mood": "good"}, "conversation.mood"),
    ],
)
def test_an_unreadable_conversation_is_refused_by_name(raw: dict[str, Any], field: str) -> None:
    with pytest.raises(ApplicationError, match=field):
        manner.read(raw)


def test_the_worst_signs_lower_no_grade_and_send_to_nobody() -> None:
    how = Conversation(edits=50, seconds=1)

    assert (
        builders.judged(builders.answers(), conversation=how).limit
        == builders.judged(builders.answers()).limit
    )
