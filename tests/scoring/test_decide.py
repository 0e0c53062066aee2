"""Deciding: who is approved, referred or declined, and with which true reasons."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.application import ApplicationError
from scoring.decide import Inputs, build_case, decide
from scoring.decision import Decision, Outcome, from_json, to_json
from scoring.judge import judge
from tests.scoring import builders
from tests.scoring.builders import answers, core_answers, decided

LENDER, MODEL = builders.lender(), builders.model()
DOWN = {"unavailable": "timeout", "at": "2020-04-15T12:00:00+08:00"}


def codes(decision: Decision, effect: str) -> list[str]:
    return [reason.code for reason in decision.reasons if reason.effect == effect]


@pytest.mark.parametrize("purpose", sorted(LENDER.rules.purposes.black))
def test_a_purpose_that_is_not_lent_for_is_declined_and_named(purpose: str) -> None:
    decision = decided(answers(purpose=["rent", purpose]))

    assert decision.outcome is Outcome.DECLINED
    assert decision.reasons[0].code == "R18"
    assert decision.reasons[0].values == {"purpose": purpose}
    assert (decision.limit, decision.offers, decision.grade) == (0, (), None)


def test_a_shop_open_less_than_three_months_is_declined_until_a_named_month() -> None:
    decision = decided(answers(opened="2020-02"))

    assert decision.outcome is Outcome.DECLINED
    assert decision.reasons[0].values == {"months": 2, "until": "2020-05"}
    assert [better.code for better in decision.improve] == ["R04"]


def test_a_shop_open_less_than_six_months_can_have_the_small_loan_at_most() -> None:
    assert set(decided(answers(opened="2019-12")).facts["caps"]) == {"BBDS"}


@pytest.mark.parametrize(
    ("code", "why", "changes"),
    [
        ("R17", {}, {"role": "manager"}),
        ("R12", {}, {"licence": "none"}),
        ("R12", {}, {"licence": None}),
        ("R20", {"why": "trade"}, {"trade": "other"}),
        ("R20", {"why": "purpose"}, {"purpose": ["other"]}),
        ("R16", {"missing": "role"}, {"role": None}),
        ("R16", {"missing": "debt_balance"}, {"debt_balance": None}),
        ("R16", {"missing": "opened"}, {"opened": None}),
        (
            "R16",
            {"missing": "sales_last_month"},
            {"sales_last_month": None, "purchases": None, "good_day": None},
        ),
        ("R02", {"check": "X1"}, {"sales_last_month": 26_000_000}),
        ("R11", {"check": "X11"}, {"amount": 70_000_000}),
        ("R20", {"why": "check", "check": "X3"}, {"capacity": 4}),
    ],
)
def test_a_person_decides_where_the_machine_must_not(
    code: str, why: dict[str, str], changes: dict[str, Any]
) -> None:
    decision = decided(answers(**changes))

    assert decision.outcome is Outcome.REFERRED
    assert decision.offers == ()
    found = [reason for reason in decision.reasons if (reason.code, reason.effect) == (code, "refers")]
    assert any(why.items() <= dict(reason.values).items() for reason in found)


@pytest.mark.parametrize("side", ["brand", "personal"])
def test_a_source_that_failed_sends_to_a_person_and_never_declines(side: str) -> None:
    decision = decided(brand=DOWN) if side == "brand" else decided(personal=DOWN)

    assert decision.outcome is Outcome.REFERRED
    assert decision.reasons[0].code == "R19"
    assert decision.reasons[0].values == {"source": side}
    assert decision.facts["unavailable"] == [side]


def test_a_failed_source_does_not_soften_a_refusal() -> None:
    assert decided(answers(purpose=["stock"]), brand=DOWN).outcome is Outcome.DECLINED


def test_a_referred_merchant_keeps_the_provisional_grade_and_limit() -> None:
    decision = decided(answers(role="manager"))

    assert (decision.grade, decision.limit, decision.binding) == ("B", 10_000_000, "grade")


def test_a_failed_check_lowers_the_grade_one_step() -> None:
    assert decided().grade == "B"
    assert decided(answers(capacity=4)).grade == "C"


def test_the_core_alone_is_approved_without_a_person() -> None:
    decision = decided(core_answers())

    assert decision.outcome is Outcome.APPROVED
    assert 0 < decision.limit <= 5_000_000


def test_the_core_alone_stops_at_fifty_thousand() -> None:
    rich = core_answers(
        sales_last_month=40_000_000, orders_per_day=110, payroll=5_500_000, staff_count=11, rent=3_500_000
    )
    decision = decided(rich)

    assert (decision.outcome, decision.limit, decision.binding) == (Outcome.APPROVED, 5_000_000, "core_only")
    assert "R16" in codes(decision, "caps")
    assert decision.improve[0].code == "R16"
    assert decision.improve[0].limit_after > 5_000_000


def test_nobody_is_declined_for_costs_that_were_only_assumed() -> None:
    decision = decided(core_answers(rent=1_592_700, payroll=3_490_000))

    assert decision.outcome is Outcome.REFERRED
    assert "R16" in codes(decision, "refers")


def poor(**changes: Any) -> dict[str, Any]:
    """Every figure answered, and nothing left over."""
    return answers(
        **{
            "other_costs": 2_490_000,
            "net_margin": None,
            "cash": None,
            "pre_shock_sales": None,
            "opened": "2012-01",
            **changes,
        }
    )


def test_a_month_that_leaves_nothing_is_declined_for_that() -> None:
    decision = decided(poor())

    assert decision.outcome is Outcome.DECLINED
    assert decision.reasons[0].code == "R01"
    assert decision.reasons[0].effect == "declines"
    assert decision.binding == "afford"
    assert decision.limit == 0
    assert "P01" not in codes(decision, "raises")  # which says that the cash covers the instalments


@pytest.mark.parametrize("payment", [1_000_000, 1_400_000, 3_000_000])
def test_repayments_that_leave_no_room_decline_however_large_they_are(payment: int) -> None:
    owing = {"debt_balance": 8_000_000, "debt_payment": payment, "other_income": 1_000_000}
    decision = decided(poor(**owing, household_spend=300_000))

    assert decision.outcome is Outcome.DECLINED
    assert decision.reasons[0].code == "R03"
    assert decision.reasons[0].values["figure"] == "repayments"
    assert {"P01", "P07"}.isdisjoint(codes(decision, "raises"))
    assert "X8" not in [reason.values.get("check") for reason in decision.reasons]


def test_figures_at_odds_are_not_said_to_agree() -> None:
    agreeing = decided(answers())
    doubtful = decided(answers(net_margin="lt0", other_costs=0))

    assert "X10" in [reason.values.get("check") for reason in doubtful.reasons]
    assert "P02" in codes(agreeing, "raises")
    assert "P02" not in codes(doubtful, "raises")


def test_a_risk_beyond_the_last_grade_is_declined_for_its_own_features() -> None:
    owing = {"debt_balance": 20_000_000, "debt_payment": 1_500_000}
    risky = poor(opened="2019-11", other_costs=2_900_000, pre_shock_sales=40_000_000, **owing)
    decision = decided(risky)

    assert decision.outcome is Outcome.DECLINED
    assert decision.grade == "E"
    assert codes(decision, "lowers") == ["R01", "R15", "R03", "R04"]


def test_the_band_before_the_last_grade_is_a_persons() -> None:
    decision = decided(answers(opened="2019-12", invested=None, pre_shock_sales=40_000_000))

    assert decision.pd is not None
    assert 0.06 < decision.pd <= 0.12
    assert {"why": "risk"} in [dict(reason.values) for reason in decision.reasons]


def test_a_limit_above_one_hundred_thousand_is_a_persons() -> None:
    strong = {"amount": 20_000_000, "other_income": 6_000_000, "opened": "2012-01"}
    decision = decided(answers(**strong, pre_shock_sales=None, net_margin=None, invested=None))

    assert decision.outcome is Outcome.REFERRED
    assert decision.limit > 10_000_000
    assert {"why": "size", "limit_fen": decision.limit} in [
        dict(reason.values) for reason in decision.reasons
    ]


def test_an_amount_too_small_for_any_loan_is_a_persons() -> None:
    decision = decided(answers(amount=100_000))

    assert decision.outcome is Outcome.REFERRED
    assert dict(decision.reasons[0].values) == {"why": "size"}


def test_debt_without_room_is_declined_for_the_debt() -> None:
    decision = decided(answers(debt_balance=47_000_000, debt_payment=0, invested=None))

    assert decision.outcome is Outcome.DECLINED
    assert decision.reasons[0].code == "R03"
    assert [better.code for better in decision.improve] == ["R03"]


def test_a_skipped_personal_account_caps_and_costs_no_points() -> None:
    decision = decided(brand=builders.example()["brand"], accounts=False)

    assert decision.outcome is Outcome.APPROVED
    assert [(offer.product, offer.principal) for offer in decision.offers] == [("BBDS", 2_000_000)]
    assert codes(decision, "caps") == ["R13"]
    assert "R13" not in codes(decision, "lowers")
    assert [(better.code, better.limit_after) for better in decision.improve] == [("R13", 10_000_000)]


def test_a_lender_may_lift_the_cap_on_a_brand_account_alone() -> None:
    switch = LENDER.rules.brand_only_cap.model_copy(update={"enabled": False})
    lifted = replace(LENDER, rules=LENDER.rules.model_copy(update={"brand_only_cap": switch}))

    assert decided(brand=builders.example()["brand"], accounts=False, rules=lifted).limit == 10_000_000


def test_no_account_at_all_is_a_thin_file() -> None:
    decision = decided(answers(pre_shock_sales=None), accounts=False)

    assert decision.outcome is Outcome.APPROVED
    assert (decision.limit, decision.binding) == (2_000_000, "thin_file")
    assert codes(decision, "caps") == ["R06"]


def test_a_date_without_a_prime_rate_is_not_priced() -> None:
    private = replace(LENDER, rules=LENDER.rules.model_copy(update={"lender_type": "private_lender"}))
    decision = decided(answers(opened="2019-01", lease_end=None), day=date(2023, 1, 1), rules=private)

    assert decision.outcome is Outcome.REFERRED
    assert {"source": "lpr"} in [dict(reason.values) for reason in decision.reasons]
    assert (decision.limit, decision.binding) == (0, None)


def test_a_rate_that_does_not_cover_its_cost_sends_to_a_person() -> None:
    """15.4 % of April 2020 covers grade C, and no longer with funds at 10 %."""
    rules = LENDER.rules.model_copy(update={"lender_type": "private_lender"})
    twelve = replace(LENDER, rules=rules, products=LENDER.products[1:2])
    dear = rules.price.model_copy(update={"funds": rules.price.margin * 5})
    weaker = answers(opened="2019-07", invested=None, pre_shock_sales=40_000_000)

    assert decided(weaker, rules=twelve).offers[0].rate == 0.154
    refused = decided(weaker, rules=replace(twelve, rules=rules.model_copy(update={"price": dear})))
    assert refused.outcome is Outcome.REFERRED
    assert dict(refused.reasons[0].values) == {"why": "price"}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("R03", {"debt_balance": 8_000_000, "debt_payment": 600_000}),
        ("R04", {"opened": "2019-12", "invested": None}),
    ],
)
def test_a_suggestion_holds_when_followed(code: str, changes: dict[str, Any]) -> None:
    decision = decided(answers(**changes))
    better = next(better for better in decision.improve if better.code == code)

    followed = (
        {"debt_balance": 0, "debt_payment": 0} if code == "R03" else {"opened": "2019-10", "invested": None}
    )
    assert decided(answers(**{**changes, **followed})).limit == better.limit_after > decision.limit


def test_the_same_inputs_give_the_same_decision_to_the_bit() -> None:
    first, second = decided(), decided()

    assert first == second
    assert to_json(first) == to_json(second)
    assert first.decision_id == second.decision_id


def test_any_change_of_inputs_gives_another_decision_id() -> None:
    assert decided(answers(city="大理")).decision_id != decided().decision_id
    assert builders.inputs(city="大理").sha256() != builders.inputs().sha256()


def test_the_order_of_answers_changes_nothing() -> None:
    turned = dict(reversed(answers().items()))

    assert decided(turned) == decided()


def test_a_decision_survives_being_written_and_read() -> None:
    for decision in (decided(), decided(answers(purpose=["stock"])), decided(accounts=False)):
        assert from_json(to_json(decision)) == decision


def test_an_unreadable_answer_is_refused_by_name() -> None:
    with pytest.raises(ApplicationError, match="rent"):
        decided(answers(rent="a lot"))


def test_no_answers_at_all_still_go_to_a_person() -> None:
    assert decided({}, accounts=False).outcome is Outcome.REFERRED


FIGURES = [
    "sales_last_month",
    "orders_per_day",
    "average_ticket",
    "rent",
    "payroll",
    "debt_balance",
    "debt_payment",
    "amount",
]
FIGURES += [
    "purchases",
    "best_seller_price",
    "best_seller_cost",
    "other_costs",
    "household_spend",
    "other_income",
    "cash",
]
anything = st.none() | st.just(0) | st.integers(0, 10**7)


@given(
    st.fixed_dictionaries({}, optional={name: anything for name in FIGURES}),
    st.sampled_from(sorted(LENDER.trades)),
)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_figures_are_answered_there_is_a_decision(figures: dict[str, Any], trade: str) -> None:
    application = answers(**figures, trade=trade)
    case = build_case(Inputs(application, None, None, builders.DAY), LENDER)
    case = replace(case, has_brand=True, has_personal=True)

    verdict = judge(case, MODEL, LENDER)
    assert verdict.limit >= 0
    decision = decide(Inputs(application, None, None, builders.DAY), model=MODEL, policy=LENDER)
    assert all(offer.principal <= application.get("amount", offer.principal) for offer in decision.offers)
    assert (decision.outcome is Outcome.APPROVED) == bool(decision.offers)


def test_nobody_under_age_is_lent_to() -> None:
    decision = decided(answers(consent="under_18"))

    assert (decision.outcome, decision.limit) == (Outcome.DECLINED, 0)
    assert [reason.code for reason in decision.reasons] == ["R22"]


@pytest.mark.parametrize("consent", [None, "more"])
def test_an_application_nobody_agreed_to_goes_to_a_person(consent: str | None) -> None:
    decision = decided(answers(consent=consent))

    assert decision.outcome is Outcome.REFERRED
    assert ("R16", {"missing": "consent"}) in [(r.code, dict(r.values)) for r in decision.reasons]


def test_an_account_read_in_part_goes_to_a_person_and_its_gaps_are_no_zeros() -> None:
    decision = decided(brand={**builders.account(), "partial": True})

    assert decision.outcome is Outcome.REFERRED
    assert ("R19", {"source": "brand"}) in [(r.code, dict(r.values)) for r in decision.reasons]
    measured = decision.facts["features"]
    assert {measured[f"brand_{name}"] for name in ("feedbacks", "positive_share", "endorsement")} == {None}
    assert measured["brand_followers"] is not None


def test_mentions_that_nobody_could_read_are_unknown_and_not_none() -> None:
    unread = decided(brand={**builders.account(), "mentions": [], "mentions_read": False})
    none = decided(brand={**builders.account(), "mentions": []})

    shown = [decision.facts["features"]["brand_endorsement"] for decision in (unread, none)]
    assert shown == [None, 0.0]
