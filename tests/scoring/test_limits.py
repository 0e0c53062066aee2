"""Caps, the one that binds, prices and fall-through between products."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from scoring import limits
from scoring.application import read
from scoring.limits import Limit, Standing
from scoring.policy import PolicyFile
from scoring.schedules import Terms
from scoring.turnover import Business
from tests.scoring import builders

DAY = date(2026, 11, 23)
RULES = builders.lender().rules


def business(disposable: int, sales: int = 20_000_000, names: str = "V1 V2 V3") -> Business:
    """A month with so many fen to spare."""
    return Business(
        reconstructions={name: Decimal(sales) for name in names.split()},
        sales=Decimal(sales),
        gross_margin=Decimal(1),
        rent=Decimal(sales - disposable),
        payroll=Decimal(0),
        other_costs=Decimal(0),
        household=Decimal(0),
        other_income=Decimal(0),
        assumed=(),
    )


def standing(disposable: int = 1_870_000, grade: str = "B", **more: Any) -> Standing:
    answers = {"trade": "restaurant", "debt_balance": 0, "debt_payment": 0, **more.pop("answers", {})}
    return Standing(
        application=read(answers),
        business=more.pop("business", business(disposable)),
        grade=next(known for known in RULES.grades if known.grade == grade),
        pd=0.04,
        thin_file=more.pop("thin_file", False),
        brand_only=more.pop("brand_only", False),
    )


def per_product(who: Standing, months: int = 38, day: date = DAY) -> dict[str, Limit]:
    found = limits.per_product(who, builders.lender(), day, months)
    return {entry.product.code: entry for entry in found}


@pytest.mark.parametrize(
    ("disposable", "first", "code", "afford"),
    [
        (5_000, True, "BBD6", 15_000),
        (5_000, False, "BBD6", 21_000),
        (5_000, True, "BBD12", 28_779),
        (5_000, False, "BBD12", 40_291),
        (10_000, True, "BBD6", 30_000),
        (10_000, False, "BBD6", 42_000),
        (10_000, True, "BBD12", 57_559),
        (10_000, False, "BBD12", 80_582),
        (18_700, True, "BBD6", 56_100),
        (18_700, False, "BBD6", 78_540),
        (18_700, True, "BBD12", 107_634),
        (18_700, False, "BBD12", 150_688),
    ],
)
def test_what_disposable_cash_affords(disposable: int, first: bool, code: str, afford: int) -> None:
    who = standing(disposable * 100, answers={"first_loan": first})

    assert round(per_product(who)[code].caps["afford"] / 100) == afford


def test_an_exact_step_is_not_lost_to_division() -> None:
    assert per_product(standing(500_000))["BBD6"].principal == 1_500_000


@pytest.mark.parametrize(
    ("binding", "who"),
    [
        ("afford", standing(500_000)),
        ("turnover", standing(business=business(3_000_000, 3_500_000))),
        ("grade", standing(5_000_000)),
        ("debt_room", standing(5_000_000, answers={"debt_balance": 70_000_000})),
        ("project", standing(5_000_000, answers={"purpose": ["renovation"], "project_cost": 6_000_000})),
        ("product", standing(5_000_000, "D")),
        ("asked", standing(5_000_000, answers={"amount": 3_000_000})),
        ("core_only", standing(business=business(5_000_000, names="V2 V3"))),
    ],
)
def test_each_cap_binds_by_its_own_name(binding: str, who: Standing) -> None:
    best = limits.largest(list(per_product(who).values()))

    assert best is not None
    assert best.binding == binding


@pytest.mark.parametrize("reason", ["thin_file", "brand_only"])
def test_a_thin_file_and_a_brand_account_alone_get_the_small_loan_only(reason: str) -> None:
    thin = reason == "thin_file"
    found = per_product(standing(5_000_000, thin_file=thin, brand_only=not thin))

    assert list(found) == ["BBDS"]
    assert (found["BBDS"].binding, found["BBDS"].principal) == (reason, 2_000_000)


def test_grade_d_gets_the_small_loan_only_and_grade_e_none() -> None:
    assert list(per_product(standing(grade="D"))) == ["BBDS"]
    assert per_product(standing(grade="E")) == {}


@pytest.mark.parametrize(("months", "codes"), [(2, []), (3, ["BBDS"]), (6, ["BBD6", "BBD12", "BBDS"])])
def test_a_young_shop_has_fewer_products(months: int, codes: list[str]) -> None:
    assert list(per_product(standing(), months)) == codes


def test_below_the_floor_of_the_large_loans_the_small_one_is_offered() -> None:
    found = per_product(standing(80_000))

    assert [entry.product.code for entry in limits.offered(list(found.values()))] == ["BBDS"]
    assert found["BBDS"].principal == 200_000


def test_with_nothing_to_spare_no_product_is_left() -> None:
    found = list(per_product(standing(-1)).values())

    assert limits.offered(found) == []
    best = limits.largest(found)
    assert best is not None
    assert (best.principal, best.binding) == (0, "afford")


def test_existing_payments_leave_less_room() -> None:
    who = standing(1_870_000, answers={"debt_payment": 935_000})

    assert per_product(who)["BBD12"].principal == 0


def private_lender() -> PolicyFile:
    return RULES.model_copy(update={"lender_type": "private_lender"})


@pytest.mark.parametrize(
    ("day", "highest"),
    [
        (date(2020, 4, 15), "0.154"),
        (date(2026, 11, 23), "0.12"),
        (date(2023, 1, 1), None),
        (date(2020, 3, 31), None),
    ],
)
def test_a_private_lender_is_held_to_four_times_the_prime_rate_of_the_day(
    day: date, highest: str | None
) -> None:
    found = limits.highest_rate(private_lender(), day)

    assert found == (None if highest is None else Decimal(highest))


@pytest.mark.parametrize(
    ("grade", "pd", "highest", "rate"),
    [
        ("A+", 0.01, "0.12", "0.108"),
        ("A", 0.02, "0.12", "0.12"),
        ("B", 0.036, "0.12", "0.12"),
        ("B", 0.037, "0.12", None),
        ("C", 0.07, "0.12", None),
        ("B", 0.05, "0.154", "0.144"),
        ("C", 0.077, "0.154", "0.154"),
        ("C", 0.078, "0.154", None),
        ("E", 0.5, "0.24", None),
    ],
)
def test_a_capped_rate_is_charged_only_where_it_covers_the_cost(
    grade: str, pd: float, highest: str, rate: str | None
) -> None:
    twelve = builders.lender().products[1]
    known = next(known for known in RULES.grades if known.grade == grade)

    found = limits.price(RULES, twelve, known, pd, Decimal(highest))

    assert found == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    ("pd", "term", "rate"),
    [(0.01, 12, 9.8), (0.03, 12, 11.5), (0.05, 12, 13.2), (0.05, 6, 12.9), (0.08, 12, 15.6), (0.12, 6, 18.3)],
)
def test_the_rate_that_covers_the_cost(pd: float, term: int, rate: float) -> None:
    assert round(float(limits.cost_covering_rate(RULES, pd, term)) * 100, 1) == rate


def test_the_highest_grade_rate_stays_under_the_fixed_cap_when_compounded() -> None:
    highest = limits.highest_rate(RULES, DAY)

    assert highest is not None
    assert Decimal("0.216") < round(highest, 5) == Decimal("0.21705")


def test_a_free_loan_has_no_price() -> None:
    six = builders.lender().products[0]

    assert limits.price(RULES, six, RULES.grades[2], 0.04, Decimal("0.01")) == 0


def test_without_a_lawful_price_nothing_is_offered() -> None:
    rules = replace(builders.lender(), rules=private_lender())

    assert limits.per_product(standing(), rules, date(2023, 1, 1), 38) == []
    assert [entry.product.code for entry in limits.per_product(standing(grade="C"), rules, DAY, 38)] == [
        "BBD6"
    ]


def test_the_law_may_cap_a_product_below_its_own_cap() -> None:
    bank = RULES.lender_types["bank"].model_copy(update={"business_cap": 3_000_000})
    rules = RULES.model_copy(update={"lender_types": {**RULES.lender_types, "bank": bank}})
    terms = Terms("equal_principal", 6, 6, Decimal(0))

    assert limits.caps(standing(), builders.lender().products[0], terms, rules)["product"] == 3_000_000
