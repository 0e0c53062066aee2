"""A decision names its reasons: known codes, a few each way, and each is what the score really rests on."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.cases import Case
from scoring.decide import build_case, decide_case
from scoring.decision import Decision, Outcome
from scoring.reasons import CODES
from tests.scoring import builders
from tests.scoring.test_decide import codes

LENDER, MODEL = builders.lender(), builders.model()


@cache
def golden_case() -> Case:
    return build_case(builders.inputs(), LENDER)


def supposed(**features: float) -> Decision:
    return decide_case(replace(golden_case(), supposed=features), "0" * 64, model=MODEL, policy=LENDER)


LOWERING = [row.name for row in MODEL.table.features if row.lowers]


@pytest.mark.parametrize("name", LOWERING)
def test_every_lowering_feature_is_named_by_its_own_reason(name: str) -> None:
    row = MODEL.by_name[name]
    worst = -1e6 if row.direction > 0 else 1e6

    found = {reason.code for reason in supposed(**{name: worst}).reasons if reason.points < 0}
    assert row.lowers in found


neutral_or_worse = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([-1e6, 1e6]) for name in LOWERING}
)


@given(neutral_or_worse)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_setting_the_feature_behind_the_top_lowering_reason_to_neutral_raises_the_score(
    features: dict[str, float],
) -> None:
    decision = supposed(**features)
    lowering = [reason for reason in decision.reasons if reason.points < 0]
    if lowering:
        top = min(lowering, key=lambda reason: reason.points)
        behind = {row.name: row.neutral for row in MODEL.table.features if row.lowers == top.code}

        assert (supposed(**{**features, **behind}).score or 0) > (decision.score or 0)


@given(neutral_or_worse)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_reasons_are_known_codes_and_four_each_way_at_most(features: dict[str, float]) -> None:
    decision = supposed(**features)

    assert {reason.code for reason in decision.reasons} <= set(CODES)
    assert len(codes(decision, "lowers")) <= 4
    assert len(codes(decision, "raises")) <= 4
    if decision.outcome is Outcome.DECLINED:
        assert codes(decision, "declines") or codes(decision, "lowers")


def test_where_the_grade_binds_and_nothing_lowers_it_the_largest_gain_is_named() -> None:
    plain = {row.name: row.neutral for row in MODEL.table.features}
    decision = supposed(**plain)

    assert decision.binding == "grade"
    assert codes(decision, "lowers") == ["R01"]
