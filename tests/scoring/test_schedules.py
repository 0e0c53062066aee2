"""Instalments to the fen and true annual rates, against worked figures."""

from decimal import Decimal

import pytest

from scoring.schedules import Terms, annuity, apr, equal_principal, level_payment, two_stage

LOAN = 10_000_000


def rates(principal: int, parts: list[tuple[int, int]]) -> tuple[float, float]:
    simple, compound = apr(Decimal(principal), [Decimal(sum(part)) for part in parts])
    return round(float(simple) * 100, 3), round(float(compound) * 100, 3)


def totals(parts: list[tuple[int, int]]) -> list[int]:
    return [sum(part) for part in parts]


def interest(parts: list[tuple[int, int]]) -> int:
    return sum(part[1] for part in parts)


@pytest.mark.parametrize(
    ("principal", "each", "last"), [(LOAN, 1_666_667, 1_666_665), (5_600_000, 933_333, 933_335)]
)
def test_six_free_instalments_repay_the_principal_and_nothing_else(
    principal: int, each: int, last: int
) -> None:
    parts = equal_principal(principal, 6, Decimal(0))

    assert totals(parts) == [each] * 5 + [last]
    assert rates(principal, parts) == (0, 0)


@pytest.mark.parametrize(
    ("rate", "later", "last", "cost", "shown"),
    [
        ("0.108", 859_780, 859_778, 158_676, (2.895, 2.934)),
        ("0.126", 864_225, 864_226, 185_349, (3.376, 3.428)),
        ("0.144", 868_682, 868_680, 212_088, (3.855, 3.924)),
        ("0.18", 877_626, 877_629, 265_757, (4.812, 4.920)),
        ("0.24", 892_629, 892_632, 355_775, (6.401, 6.592)),
    ],
)
def test_twelve_instalments_with_six_free(
    rate: str, later: int, last: int, cost: int, shown: tuple[float, float]
) -> None:
    parts = two_stage(LOAN, 12, 6, Decimal(rate))

    assert totals(parts) == [833_333] * 6 + [later] * 5 + [last]
    assert interest(parts) == cost
    assert rates(LOAN, parts) == shown


def test_the_second_stage_pays_interest_on_the_rounded_balance() -> None:
    later = two_stage(LOAN, 12, 6, Decimal("0.144"))[6:]

    assert later == [
        (808_682, 60_000),
        (818_386, 50_296),
        (828_207, 40_475),
        (838_145, 30_537),
        (848_203, 20_479),
        (858_379, 10_301),
    ]


@pytest.mark.parametrize(
    ("loan", "each", "last", "cost", "shown"),
    [
        ((LOAN, 12, "0.144"), 899_754, 899_759, 797_053, (14.4, 15.389)),
        ((LOAN, 12, "0.108"), 882_884, 882_883, 594_607, (10.8, 11.351)),
        ((2_000_000, 6, "0.216"), 354_645, 354_649, 127_874, (21.6, 23.872)),
    ],
)
def test_level_instalments(
    loan: tuple[int, int, str], each: int, last: int, cost: int, shown: tuple[float, float]
) -> None:
    principal, term, rate = loan
    parts = annuity(principal, term, Decimal(rate))

    assert totals(parts) == [each] * (term - 1) + [last]
    assert interest(parts) == cost
    assert rates(principal, parts) == shown


def test_equal_principal_with_interest_falls_month_by_month() -> None:
    parts = equal_principal(LOAN, 12, Decimal("0.144"))

    assert (totals(parts)[0], totals(parts)[-1], interest(parts)) == (953_333, 843_337, 780_000)
    assert rates(LOAN, parts) == (14.4, 15.389)


def test_a_monthly_fee_on_the_original_amount_hides_thirteen_percent() -> None:
    simple, compound = apr(Decimal(1_000_000), [Decimal(89_333)] * 12)

    assert round(float(simple), 4) == 0.1303
    assert round(float(compound), 4) == 0.1384


def test_two_percent_withheld_from_a_free_loan_is_seven_percent() -> None:
    payments = [Decimal(sum(part)) for part in equal_principal(LOAN, 6, Decimal(0))]
    simple, compound = apr(Decimal(LOAN) * 98 / 100, payments)

    assert round(float(simple) * 100, 3) == 6.964
    assert round(float(compound) * 100, 2) == 7.19


def test_a_loan_not_repaid_in_full_has_no_rate() -> None:
    with pytest.raises(ValueError, match="repaid in full"):
        apr(Decimal(100), [Decimal(99)])


def test_a_rate_of_zero_spreads_the_principal() -> None:
    assert level_payment(Decimal(0), 5) == Decimal("0.2")
    assert totals(annuity(100, 3, Decimal(0))) == [33, 33, 34]


@pytest.mark.parametrize(("method", "free"), [("equal_principal", 6), ("two_stage", 6), ("annuity", 0)])
def test_the_largest_instalment_is_known_before_the_schedule(method: str, free: int) -> None:
    term = 6 if method == "equal_principal" else 12
    terms = Terms(method, term, free, Decimal(0) if free == term else Decimal("0.144"))

    largest = max(totals(terms.parts(LOAN)))

    assert largest == pytest.approx(float(LOAN * terms.largest_instalment), abs=10)
