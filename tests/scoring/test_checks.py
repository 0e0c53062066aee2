"""Cross-checks: every verdict of every check, one changed answer at a time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scoring import checks, turnover
from scoring.application import read
from scoring.decision import Check
from tests.scoring import builders

LENDER = builders.lender()


def ran(trade: str = "restaurant", answers: dict[str, Any] | None = None, **changes: Any) -> dict[str, Check]:
    application = read(answers or builders.answers(**changes))
    business = turnover.rebuild(application, LENDER.trades[trade], LENDER)
    assert business is not None
    found = checks.run(checks.Case(application, LENDER.trades[trade], business, date(2020, 4, 15)))
    return {check.id: check for check in found}


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
        ("X10", "fail", {"net_margin": "lt0"}),
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
