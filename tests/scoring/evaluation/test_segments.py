"""Comparing parts of a population: what is a real gap, and what is chance or risk."""

from dataclasses import replace

import pytest

from scoring.decision import Outcome
from scoring.evaluation import merchants as simulated
from scoring.evaluation import population, segments
from scoring.evaluation.population import Judged, Population
from scoring.evaluation.segments import Segment
from tests.scoring.evaluation import merchants


def judged_once() -> Judged:
    return population.judged(
        merchants.merchants(1), merchants.lender().model, merchants.lender().policy, lambda: None
    )[0]


ONE = judged_once()


def people(number: int, city: str, *, approved: float, defaults: float, pd: float = 0.06) -> list[Judged]:
    """So many alike, evenly approved and defaulted; the two have nothing to do with each other."""
    found = []
    for place in range(number):
        decision = replace(
            ONE.decision,
            outcome=Outcome.APPROVED if place * 7919 % number < approved * number else Outcome.REFERRED,
            pd=pd,
        )
        inputs = replace(ONE.merchant.inputs, application={"city": city})
        merchant = replace(ONE.merchant, inputs=inputs, defaulted=place < defaults * number)
        found.append(Judged(merchant, decision))
    return found


def compared(*groups: list[Judged]) -> dict[str, Segment]:
    everybody = Population(tuple(one for group in groups for one in group))
    found = segments.compare(everybody, {"city": lambda one: str(one.answers["city"])})
    return {segment.name: segment for segment in found}


def test_segments_treated_alike_have_no_gap() -> None:
    found = compared(
        people(1000, "here", approved=0.6, defaults=0.06), people(700, "there", approved=0.59, defaults=0.06)
    )

    assert {one.treatment for one in found.values()} == {"alike"}
    assert {one.pd_fit for one in found.values()} == {"fits"}
    assert [one.applicants for one in found.values()] == [1000, 700]


def test_fewer_approvals_of_the_same_risk_are_a_real_gap() -> None:
    found = compared(
        people(1000, "here", approved=0.6, defaults=0.06), people(700, "there", approved=0.4, defaults=0.06)
    )

    assert (found["there"].treatment, found["here"].treatment) == ("less", "more")
    assert found["there"].striking
    assert found["there"].approval_gap.value == pytest.approx(-0.2)


def test_fewer_approvals_of_a_higher_risk_follow_it() -> None:
    found = compared(
        people(1000, "here", approved=0.6, defaults=0.06),
        people(700, "there", approved=0.4, defaults=0.16, pd=0.16),
    )

    assert found["there"].treatment == "follows_risk"
    assert not found["there"].striking


def test_a_pd_beside_what_happened_is_told() -> None:
    found = compared(
        people(1000, "here", approved=0.6, defaults=0.02), people(700, "there", approved=0.6, defaults=0.15)
    )

    assert (found["here"].pd_fit, found["there"].pd_fit) == ("too_high", "too_low")


def test_few_are_not_judged() -> None:
    found = compared(
        people(1000, "here", approved=0.6, defaults=0.06), people(30, "there", approved=0.1, defaults=0.5)
    )

    assert (found["there"].treatment, found["there"].pd_fit, found["there"].striking) == ("few", "few", False)


def test_one_segment_alone_has_nothing_to_be_compared_with() -> None:
    found = compared(people(200, "here", approved=0.6, defaults=0.06))

    assert found["here"].treatment == "few"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("小夏雲味小館", "Chinese"),
        ("Xia's Kitchen", "Latin"),
        ("阿明 Coffee", "Chinese with Latin"),
        ("Кафе", "other"),
        ("", "no name"),
    ],
)
def test_the_language_of_a_name_is_its_script(name: str, language: str) -> None:
    inputs = replace(ONE.merchant.inputs, brand={"user": {"screen_name": name}})

    assert population.name_language(Judged(replace(ONE.merchant, inputs=inputs), ONE.decision)) == language


@pytest.mark.parametrize(
    ("city", "tier"), [("上海市", "first"), ("昆明", "new first"), ("大理", "smaller"), ("", "not said")]
)
def test_a_city_has_its_tier(city: str, tier: str) -> None:
    inputs = replace(ONE.merchant.inputs, application={"city": city})

    assert population.city_tiers().tier(Judged(replace(ONE.merchant, inputs=inputs), ONE.decision)) == tier


def test_both_halves_of_the_table_make_the_whole() -> None:
    """Log odds add up: those of both halves, less those of the base that both hold."""
    model = merchants.lender().model
    applicants = Population((ONE,))

    business, social = (applicants.block_pd(model, social=part)[0] for part in (False, True))
    together = model.points(business) + model.points(social) - model.table.base

    assert model.pd(together) == pytest.approx(ONE.decision.pd, abs=1e-6)


def test_every_scored_merchant_is_in_one_bin_of_each_feature() -> None:
    applicants = merchants.evaluation().population
    found = applicants.bins(merchants.lender().model)

    assert {sum(counts) for counts in found.values()} == {len(applicants.scored)}
    assert (
        sum(
            n
            for counts in applicants.scores(["A+", "A", "B", "C", "D", "E"]).values()
            for n in counts.values()
        )
        == 60
    )


def test_another_name_stands_wherever_the_old_one_stood() -> None:
    one = merchants.merchant(0)
    inputs = replace(one.inputs, application={**one.inputs.application, "brand_account": merchants.NAMES[0]})

    after = simulated.renamed(replace(one, inputs=inputs)).inputs

    assert after.brand is not None
    assert after.brand["user"]["screen_name"] == after.application["brand_account"] == simulated.LATIN_NAME
    assert merchants.NAMES[0] not in str(after)
    assert simulated.renamed(merchants.merchant(0, accounts=False)) == merchants.merchant(0, accounts=False)


def test_a_decision_that_a_name_changes_is_counted() -> None:
    other = replace(ONE, decision=replace(ONE.decision, limit=ONE.decision.limit + 1))
    found = simulated.name_blindness(Population((ONE, ONE)), Population((ONE, other)), "here")

    assert found.figures == {"decisions_changed": 0.5}
    assert found.missed
    assert not simulated.name_blindness(Population((ONE,)), Population((ONE,)), "here").missed


def test_a_shock_halves_what_is_sold_and_remembers_it() -> None:
    merchant = merchants.merchant(1)
    before = dict(merchant.inputs.application)
    forgotten = replace(merchant.inputs, application={**before, "pre_shock_sales": None})
    after = simulated.shocked(replace(merchant, inputs=forgotten)).inputs.application

    assert after["sales_last_month"] == before["sales_last_month"] // 2
    assert after["pre_shock_sales"] == before["sales_last_month"]
    assert after["rent"] == before["rent"]
