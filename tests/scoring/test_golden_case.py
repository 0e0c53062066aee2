"""小夏, the Yunnan restaurant of April 2020: every step from answers to offers."""

import pytest

from scoring import scorecard
from scoring.decision import Decision, Outcome
from tests.scoring import builders


@pytest.fixture(scope="module")
def decision() -> Decision:
    return builders.decided(table=scorecard.load())


def test_she_is_approved_in_grade_b_by_the_table_itself(decision: Decision) -> None:
    assert decision.outcome is Outcome.APPROVED
    assert decision.grade == "B"
    assert decision.pd is not None
    assert 0.03 < decision.pd <= 0.05


def test_she_may_have_100_000_over_twelve_or_56_000_over_six(decision: Decision) -> None:
    assert {offer.product: offer.principal for offer in decision.offers} == {
        "BBD6": 5_600_000,
        "BBD12": 10_000_000,
    }
    assert (decision.limit, decision.binding) == (10_000_000, "grade")


def test_the_month_is_rebuilt_four_ways(decision: Decision) -> None:
    facts = decision.facts

    assert [facts[name] for name in ("V1", "V2", "V3", "V4")] == [
        13_628_571,
        13_000_000,
        13_320_000,
        12_790_698,
    ]
    assert facts["sales"] == 13_000_000
    assert facts["gross_margin"] == 0.57
    assert facts["gross_profit"] == 7_410_000
    assert facts["disposable"] == 1_870_000
    assert facts["months_open"] == 38
    assert facts["assumed"] == []


@pytest.mark.parametrize(
    ("check", "value", "verdict"),
    [
        ("X1", -0.024, "pass"),
        ("X1b", 0.066, "pass"),
        ("X2", 0.56, "pass"),
        ("X3", 0.385, "pass"),
        ("X4", 0.115, "pass"),
        ("X5", 0.23, "pass"),
        ("X6", -0.244, "pass"),
        ("X7", 10.734, "pass"),
        ("X8", 0.465, "pass"),
        ("X9", 0.619, "skipped"),
        ("X10", 0.164, "pass"),
        ("X11", 1.001, "pass"),
    ],
)
def test_no_check_doubts_her(decision: Decision, check: str, value: float, verdict: str) -> None:
    found = next(found for found in decision.checks if found.id == check)

    assert found.value == pytest.approx(value, abs=5.1e-4)
    assert found.verdict == verdict


def test_every_cap_over_twelve_instalments_is_known(decision: Decision) -> None:
    caps = decision.facts["caps"]["BBD12"]

    assert caps["afford"] // 100 == 107_634
    assert caps["turnover"] == 13_000_000
    assert caps["grade"] == 10_000_000
    assert caps["debt_room"] == 46_800_000
    assert decision.facts["caps"]["BBD6"]["afford"] == 5_610_000


@pytest.mark.parametrize(
    ("feature", "value"),
    [
        ("followers", 4.663),
        ("feedbacks", 6.019),
        ("positive_share", 0.923),
        ("positive_at_least", 0.900),
        ("endorsement", 0.671),
    ],
)
def test_her_account_measures_as_published(decision: Decision, feature: str, value: float) -> None:
    assert decision.facts["features"][f"brand_{feature}"] == pytest.approx(value, abs=5e-4)


def test_a_small_account_built_by_hand_measures_the_same() -> None:
    decision = builders.decided(brand=builders.account(), personal=builders.account(0, 0))

    features = decision.facts["features"]
    assert features["brand_feedbacks"] == pytest.approx(6.019, abs=5e-4)
    assert features["brand_positive_share"] == pytest.approx(0.923, abs=5e-4)
    assert features["brand_endorsement"] == pytest.approx(0.671, abs=5e-4)


def test_a_repeat_borrower_may_put_seventy_percent_into_instalments() -> None:
    decision = builders.decided(builders.answers(first_loan=False))

    assert {offer.product: offer.principal for offer in decision.offers}["BBD6"] == 7_800_000


def test_with_half_the_sales_and_the_same_costs_nothing_is_left() -> None:
    halved = {
        name: builders.answers()[name] // 2
        for name in ("good_day", "normal_day", "bad_day", "average_ticket")
    }
    decision = builders.decided(builders.answers(sales_last_month=6_500_000, purchases=2_750_000, **halved))

    assert decision.facts["disposable"] == -1_835_000
    assert decision.offers == ()


def test_the_twelve_instalments_cost_what_the_schedule_says(decision: Decision) -> None:
    offer = decision.offers[1]

    assert (offer.total_interest, offer.apr, offer.apr_compound, offer.rate) == (
        212_088,
        0.03855,
        0.03924,
        0.144,
    )
    assert offer.total == 10_212_088
    assert [part.total for part in offer.instalments] == [833_333] * 6 + [868_682] * 5 + [868_680]
    assert offer.instalments[0].due.isoformat() == "2020-05-15"
    assert offer.expires.isoformat() == "2020-04-22"
