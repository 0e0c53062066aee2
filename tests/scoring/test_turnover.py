"""Rebuilding a month from answers, and what stands in for an answer not given."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import turnover
from scoring.application import read
from scoring.turnover import Business
from tests.scoring import builders

LENDER = builders.lender()
RESTAURANT = LENDER.trades["restaurant"]


def rebuilt(**changes: Any) -> Business:
    found = turnover.rebuild(read(builders.answers(**changes)), RESTAURANT, LENDER)
    assert found is not None
    return found


def core(**changes: Any) -> Business:
    found = turnover.rebuild(read(builders.core_answers(**changes)), RESTAURANT, LENDER)
    assert found is not None
    return found


def test_four_reconstructions_give_the_second_smallest() -> None:
    assert rebuilt().sales == 13_000_000


def test_three_give_the_smallest() -> None:
    assert round(rebuilt(good_day=None).sales) == 12_790_698


def test_two_give_nine_tenths_of_the_smaller() -> None:
    found = core()

    assert set(found.reconstructions) == {"V2", "V3"}
    assert found.sales == 11_700_000
    assert found.core_only


@pytest.mark.parametrize("sales", [None, 0])
def test_one_reconstruction_or_no_sales_rebuild_nothing(sales: int | None) -> None:
    answers = builders.core_answers(sales_last_month=sales, orders_per_day=None if sales is None else 37)

    assert turnover.rebuild(read(answers), RESTAURANT, LENDER) is None


def test_days_open_left_out_are_twenty_eight() -> None:
    assert core(days_open=None).reconstructions["V3"] == 37 * 12_000 * 28


def test_more_good_and_bad_days_than_a_week_has_rebuild_nothing() -> None:
    assert "V1" not in rebuilt(good_days_per_week=5, bad_days_per_week=3).reconstructions


def test_the_best_sellers_margin_is_blended_with_the_trades() -> None:
    assert rebuilt().gross_margin == Decimal("0.57")


def test_an_unknown_margin_is_the_trades_moved_a_quarter_down() -> None:
    assert core().gross_margin == Decimal("0.5475")


def test_an_unknown_rent_and_payroll_are_the_trades_moved_a_quarter_up() -> None:
    found = core(rent=None, payroll=None)

    assert found.rent == found.sales * Decimal("0.125")
    assert found.payroll == found.sales * Decimal("0.245")
    assert found.assumed[:3] == ("best_seller_price", "rent", "payroll")


@pytest.mark.parametrize(
    ("trade", "share"),
    [("restaurant", "0.1125"), ("cafe", "0.1125"), ("gym", "0.0375"), ("retail", "0.025"), ("travel", "0")],
)
def test_unknown_other_costs_are_a_share_of_what_the_trade_implies(trade: str, share: str) -> None:
    """58 - 10 - 22 - 8 = 18 % of a restaurant's sales; half of it and a quarter of the other half."""
    found = turnover.rebuild(read(builders.core_answers()), LENDER.trades[trade], LENDER)

    assert found is not None
    assert found.other_costs == found.sales * Decimal(share)


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_unknown_other_costs_give_way_to_no_rent_and_no_payroll(rent: int, payroll: int) -> None:
    found = core(rent=rent, payroll=payroll)

    assert found.other_costs == core().other_costs
    assert found.profit == found.gross_profit - rent - payroll - found.other_costs


@given(st.integers(100_000, 5_000_000), st.integers(1, 1_000_000))
@settings(deadline=None)
def test_a_dearer_rent_never_lends_more_and_leaves_less(rent: int, more: int) -> None:
    """Within what the check of rent lets pass; a purpose that rent does not size."""
    answered = {"purpose": ["stock_purchase"], "amount": 20_000_000}
    cheap = builders.judged(builders.core_answers(rent=rent, **answered))
    dear = builders.judged(builders.core_answers(rent=rent + more, **answered))
    failed = [{check.id for check in each.checks if check.verdict == "fail"} for each in (cheap, dear)]

    assert cheap.business
    assert dear.business
    assert dear.business.disposable == cheap.business.disposable - more
    if failed[0] <= failed[1]:
        assert dear.limit <= cheap.limit


def test_an_unknown_household_is_one_persons_living_and_no_other_income() -> None:
    found = core()

    assert (int(found.household), int(found.other_income)) == (240_000, 0)


def test_a_trade_whose_typical_shares_are_not_held_uses_the_middle_of_its_bands() -> None:
    found = turnover.rebuild(read(builders.core_answers(rent=None)), LENDER.trades["travel"], LENDER)

    assert found is not None
    assert found.rent == found.sales * Decimal("0.05")


def test_a_best_seller_that_costs_more_than_it_brings_lowers_the_margin() -> None:
    assert rebuilt(best_seller_cost=15_000).gross_margin == Decimal("-0.21")


@pytest.mark.parametrize("name", ["rent", "payroll", "other_costs", "household_spend"])
def test_higher_costs_never_leave_more(name: str) -> None:
    dearer = rebuilt(**{name: builders.answers()[name] + 100_000})

    assert dearer.disposable == rebuilt().disposable - 100_000


def test_nothing_is_assumed_where_everything_is_answered() -> None:
    assert rebuilt().assumed == ()
    assert replace(rebuilt(), household=Decimal(0)).disposable == 2_670_000
