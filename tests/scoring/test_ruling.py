"""What people may decide on top of the machine, and what nobody may."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.cards import reason_text
from conversations.phrases import LANGUAGES
from scoring import replay, ruling
from scoring.decide import Inputs, decide
from scoring.decision import Decision, Outcome, Reason, from_json, to_json
from scoring.ruling import AGAINST, NAMED, Refused, Ruling
from tests.scoring import builders
from tests.scoring.builders import DAY, answers

LENDER, MODEL = builders.lender(), builders.model()
LATER = DAY + timedelta(days=3)


def inputs(**changes: Any) -> Inputs:
    example = builders.example()
    return Inputs(answers(**changes), example["brand"], example["personal"], DAY)


def approval(**changes: Any) -> Ruling:
    return Ruling(**{"outcome": Outcome.APPROVED, "day": LATER, "by": "ann", **changes})


def refusal(**changes: Any) -> Ruling:
    return Ruling(**{"outcome": Outcome.DECLINED, "day": LATER, "by": "ann", "reasons": ("R02",), **changes})


def ruled(made: Ruling, given: Inputs | None = None) -> Decision:
    return ruling.rule(given or inputs(), made, model=MODEL, policy=LENDER)


def why(made: Ruling, given: Inputs | None = None) -> str:
    with pytest.raises(Refused) as refused:
        ruled(made, given)
    return refused.value.code


REFERRED = inputs(licence="none")


def test_a_referred_case_is_approved_at_the_limit_that_the_machine_found() -> None:
    machine = decide(REFERRED, model=MODEL, policy=LENDER)
    made = ruled(approval(), REFERRED)

    assert (machine.outcome, machine.offers) == (Outcome.REFERRED, ())
    assert (made.outcome, made.limit, made.grade) == (Outcome.APPROVED, machine.limit, machine.grade)
    assert {offer.product for offer in made.offers} == {"BBD6", "BBD12"}
    assert made.by_person


def test_what_referred_the_case_is_no_reason_any_more() -> None:
    made = ruled(approval(reasons=("P09",)), REFERRED)

    assert made.reasons[0] == Reason("P09", "raises", 0)
    assert "refers" not in {reason.effect for reason in made.reasons}


def test_offers_are_made_on_the_day_of_the_ruling() -> None:
    made = ruled(approval(), REFERRED)

    assert {offer.expires for offer in made.offers} == {LATER + timedelta(days=7)}
    assert made.offers[0].instalments[0].due == date(2020, 5, 18)


def test_a_case_is_declined_for_the_reasons_that_a_person_names() -> None:
    made = ruled(refusal(reasons=("R02", "R12")))

    assert [reason.code for reason in made.reasons if reason.effect == "declines"] == ["R02", "R12"]
    assert (made.outcome, made.limit, made.offers, made.improve) == (Outcome.DECLINED, 0, (), ())


@pytest.mark.parametrize("reasons", [(), ("R99",), ("P01",), ("R18",), ("R02", "R02"), ("R02",) * 5])
def test_a_refusal_needs_one_to_four_true_reasons(reasons: tuple[str, ...]) -> None:
    assert why(refusal(reasons=reasons)) == "reasons"


def test_a_refusal_has_no_limit_and_nobody_refers_a_case_by_hand() -> None:
    assert why(refusal(limit=100)) == "outcome"
    assert why(approval(outcome=Outcome.REFERRED)) == "outcome"


def test_people_may_go_below_and_above_the_machine() -> None:
    lower, higher = ruled(approval(limit=3_000_000)), ruled(approval(limit=8_000_000, grade="A"))

    assert (lower.limit, {offer.principal for offer in lower.offers}) == (3_000_000, {3_000_000})
    assert (higher.limit, higher.grade) == (8_000_000, "A")
    assert {offer.rate for offer in higher.offers} == {0.0, 0.126}


def test_a_limit_is_never_above_what_the_merchant_wants() -> None:
    assert why(approval(limit=10_100_000)) == "cap"
    assert ruled(approval(limit=10_000_000, grade="A")).limit == 10_000_000


def test_a_limit_is_never_above_the_product_whoever_wants_it() -> None:
    wants_more = inputs(amount=90_000_000)

    assert why(approval(limit=20_100_000, grade="A+"), wants_more) == "cap"
    assert ruled(approval(limit=20_000_000, grade="A+"), wants_more).limit == 20_000_000


def test_the_laws_cap_on_this_lender_binds_people_too() -> None:
    kinds = LENDER.rules.lender_types
    capped = replace(
        LENDER,
        rules=LENDER.rules.model_copy(
            update={
                "lender_types": {
                    **kinds,
                    "bank": kinds["bank"].model_copy(update={"business_cap": 5_000_000}),
                }
            }
        ),
    )
    with pytest.raises(Refused) as refused:
        ruling.rule(inputs(), approval(limit=6_000_000), model=MODEL, policy=capped)

    assert (refused.value.code, refused.value.most) == ("cap", 5_000_000)


def test_what_the_machine_declined_can_be_approved_at_a_named_limit_and_grade() -> None:
    poor = inputs(debt_balance=47_000_000, debt_payment=0, invested=None)
    machine = decide(poor, model=MODEL, policy=LENDER)

    assert machine.outcome is Outcome.DECLINED
    assert why(approval(), poor) == "floor"
    assert ruled(approval(limit=1_000_000, grade="C"), poor).limit == 1_000_000


def test_a_shop_that_is_too_young_has_no_product() -> None:
    assert why(approval(limit=1_000_000, grade="C"), inputs(opened="2020-03")) == "product"


def test_a_grade_without_a_product_is_refused() -> None:
    assert why(approval(limit=1_000_000, grade="E")) == "product"
    assert why(approval(limit=1_000_000, grade="Z")) == "grade"


def test_no_person_lends_for_a_forbidden_purpose() -> None:
    assert why(approval(limit=1_000_000, grade="A"), inputs(purpose=["gambling"])) == "forbidden"


def test_too_little_for_any_product_is_refused() -> None:
    assert why(approval(limit=100_000)) == "floor"


def test_without_a_month_rebuilt_people_name_limit_and_grade() -> None:
    unknown = inputs(trade="other")

    assert why(approval(), unknown) == "limit"
    assert why(approval(limit=2_000_000), unknown) == "grade"
    assert ruled(approval(limit=2_000_000, grade="C"), unknown).limit == 2_000_000


def test_where_the_machine_came_to_nothing_people_decide_on_the_bare_answers() -> None:
    broken = Inputs({"amount": 5_000_000, "rent": "?"}, None, None, DAY)
    made = ruled(approval(limit=5_000_000, grade="B", bare=True), broken)

    assert (made.limit, made.score, made.checks) == (5_000_000, None, ())
    assert why(approval(limit=5_100_000, grade="B", bare=True), broken) == "cap"
    assert why(approval(bare=True), broken) == "limit"
    assert ruled(refusal(bare=True), broken).outcome is Outcome.DECLINED


def test_a_new_grade_alone_moves_price_and_limit_by_the_machines_own_rules() -> None:
    made = ruled(approval(grade="C"))

    assert (made.grade, made.limit) == ("C", 6_000_000)
    assert {offer.rate for offer in made.offers} == {0.0, 0.18}


#: without accounts, which take long to measure; what people decide does not turn on them
GIVEN = {
    which: replace(found, brand=None, personal=None)
    for which, found in {"machine": inputs(), "referred": REFERRED, "unknown": inputs(trade="other")}.items()
} | {"bare": inputs()}


@given(
    which=st.sampled_from(sorted(GIVEN)),
    declined=st.booleans(),
    limit=st.none() | st.integers(0, 30_000_000),
    grade=st.none() | st.sampled_from(["A+", "A", "B", "C", "D", "E"]),
    reasons=st.lists(st.sampled_from(NAMED), max_size=4, unique=True),
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_people_decide_is_within_the_caps_and_made_again_to_the_bit(
    which: str, declined: bool, limit: int | None, grade: str | None, reasons: list[str]
) -> None:
    outcome = Outcome.DECLINED if declined else Outcome.APPROVED
    made = Ruling(outcome, LATER, "ann", tuple(reasons), limit, grade, "bob", which == "bare")
    try:
        decision = ruled(made, GIVEN[which])
    except Refused:
        return
    kept = ruling.stored(GIVEN[which], made)

    assert all(offer.principal <= min(10_000_000, limit or 10_000_000) for offer in decision.offers)
    assert bool(decision.offers) is not declined
    assert replay.difference(kept, to_json(decision), model=MODEL, policy=LENDER) is None
    assert from_json(to_json(decision)) == decision


def test_another_ruling_on_the_same_case_is_another_decision() -> None:
    ids = {ruled(each).decision_id for each in (approval(), approval(by="bob"), refusal(), approval(day=DAY))}

    assert len(ids) == 4


def test_a_ruling_altered_after_the_fact_is_found() -> None:
    decision, kept = ruled(approval(limit=3_000_000)), ruling.stored(inputs(), approval(limit=5_000_000))

    assert replay.difference(kept, to_json(decision), model=MODEL, policy=LENDER) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_a_person_may_name_is_a_sentence_without_figures(language: str) -> None:
    for code in NAMED:
        effects = ("lowers", "declines") if code in AGAINST else ("raises",)
        assert all(reason_text(Reason(code, effect, 0), language) for effect in effects)


def test_a_machines_decision_is_stored_as_before() -> None:
    assert "by_person" not in to_json(builders.decided())
