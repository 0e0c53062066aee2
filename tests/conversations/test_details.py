"""The detail block: when it begins, what it asks, and that it lasts only as long as the merchant likes."""

from dataclasses import replace
from typing import Any

import pytest

from conversations.events import AssessmentFailed
from conversations.requests import Assess, KeepDecision
from conversations.session import Stage
from scoring.decision import Check
from tests.conversations.talk import DETAILS, after, approved, declined, detailing, modest, referred
from tests.scoring import builders

KEPT: dict[str, dict[str, Any]] = {
    "capacity": {"capacity": 16},
    "good_day": {
        "good_day": 560_000,
        "normal_day": 440_000,
        "bad_day": 300_000,
        "good_days_per_week": 2,
        "bad_days_per_week": 1,
    },
    "net_margin": {"net_margin": "10_20"},
    "purchases": {"purchases": 5_500_000, "best_seller_price": 7_500, "best_seller_cost": 3_300},
    "peak_months": {"peak_months": [7, 8, 10], "low_months": [1, 2], "low_season_share": 0.7},
    "pre_shock_sales": {"pre_shock_sales": 21_000_000},
    "lease_end": {"lease_end": "2022-01"},
    "other_costs": {"other_costs": 650_000},
    "household_spend": {"household_spend": 800_000, "other_income": 400_000},
    "invested": {"invested": 32_000_000, "invested_borrowed": 0, "taken_out": 25_000_000},
    "stock_value": {
        "stock_value": 2_000_000,
        "cash": 9_600_000,
        "receivables": 600_000,
        "fit_out_value": 15_000_000,
    },
}


def test_who_wants_more_than_the_core_carries_is_asked_for_details() -> None:
    talk = after(modest())
    assert [reply.key for reply in talk.replies] == [
        "decision.approved",
        "details.begin.more",
        "ask.capacity",
    ]
    assert (talk.session.stage, talk.waiting) == (Stage.DETAILING, "capacity")


def test_who_got_what_was_asked_for_sees_the_offers() -> None:
    talk = after(approved())
    assert talk.session.stage is Stage.OFFERED
    assert "/details" in [choice.id for choice in talk.replies[-1].choices]


@pytest.mark.parametrize(
    "decision", [declined(), referred()], ids=["declined by a rule", "referred for papers"]
)
def test_no_figure_lifts_a_rule(decision: Any) -> None:
    assert after(decision).waiting is None


def test_who_gets_no_limit_for_what_was_only_assumed_is_asked_before_a_person_looks() -> None:
    core = builders.core_answers(payroll=3_500_000, rent=1_700_000, amount=5_000_000)
    talk = after(builders.decided(core))
    assert [reply.key for reply in talk.replies] == [
        "decision.referred",
        "details.begin.missing",
        "ask.capacity",
    ]


def test_a_failed_check_asks_for_details_whatever_the_amount() -> None:
    doubtful = replace(approved(), checks=(Check("X1", 0.8, "fail"),))
    talk = after(doubtful)
    assert talk.taps("all_right") == ["clarified", "details.begin.check", "ask.capacity"]


@pytest.mark.parametrize("step", DETAILS)
def test_the_golden_answers_are_understood(step: str) -> None:
    talk = detailing(step)
    talk.answers_golden(step)
    assert {name: talk.value(name) for name in KEPT[step]} == KEPT[step]


def test_each_answer_decides_anew_and_the_next_question_follows() -> None:
    talk = detailing("purchases")
    talk.answers_golden("purchases")
    assert talk.requests == [Assess()]
    assert (talk.session.stage, talk.waiting) == (Stage.ASSESSING, None)
    more = replace(modest(), limit=3_000_000)
    assert talk.is_decided(more) == ["redecided.more", "ask.peak_months"]
    assert isinstance(talk.turn.requests[0], KeepDecision)


def test_what_is_not_known_changes_no_decision() -> None:
    talk = detailing("purchases")
    assert talk.says("不知道") == ["skipped.detail", "ask.peak_months"]
    assert talk.requests == []


def test_the_rest_of_a_prompt_is_asked_before_it_counts() -> None:
    talk = detailing("good_day")
    assert talk.says("5600") == ["ask.rest"]
    assert talk.waiting == "normal_day"
    assert talk.requests == []
    assert talk.says("4400 3000 2天 1天") == []
    assert talk.requests == [Assess()]


def test_after_the_last_answer_the_decision_is_told_in_full() -> None:
    talk = detailing("stock_value")
    talk.answers_golden("stock_value")
    keys = talk.is_decided(approved())
    assert keys == ["redecided.more", "decision.approved", "offer.card", "offer.card", "ask.offer"]
    assert talk.session.stage is Stage.OFFERED


@pytest.mark.parametrize("words", ["先到这里", "够了", "that is enough"])
@pytest.mark.parametrize("step", ["capacity", "net_margin", "peak_months", "lease_end", "stock_value"])
def test_enough_is_enough(step: str, words: str) -> None:
    talk = detailing(step)
    assert talk.says(words) == ["decision.approved", "offer.card", "ask.only.offer"]
    assert (talk.session.stage, talk.session.detailing) == (Stage.OFFERED, False)


def test_who_had_enough_may_still_go_on() -> None:
    talk = detailing("net_margin")
    talk.taps("/offers")
    assert talk.taps("/details") == ["details.begin.asked", "ask.net_margin"]
    assert detailing("net_margin").says("能不能多借") == ["ask.net_margin"]


def test_who_had_enough_is_not_asked_again_by_a_changed_answer() -> None:
    talk = detailing("net_margin")
    talk.taps("/offers")
    talk.taps("/edit rent")
    talk.says("16000")
    talk.taps("submit")
    assert talk.is_decided(modest())[-1] == "ask.only.offer"


def test_a_core_answer_changed_between_details_decides_anew_at_once() -> None:
    talk = detailing("net_margin")
    talk.taps("/edit rent")
    assert talk.says("16000") == ["changed"]
    assert talk.requests == [Assess()]
    assert talk.is_decided(replace(modest(), limit=1_700_000)) == ["redecided.less", "ask.net_margin"]


def test_no_lease_and_no_shock_are_answers_without_a_figure() -> None:
    lease, shock = detailing("lease_end"), detailing("pre_shock_sales")
    assert lease.taps("none") == ["skipped.detail", "ask.other_costs"]
    assert shock.says("没有") == ["skipped.detail", "ask.lease_end"]
    assert (lease.value("lease_end"), shock.value("pre_shock_sales")) == (None, None)


@pytest.mark.parametrize(
    ("words", "band"),
    [
        ("15%", "10_20"),
        ("一成半", "10_20"),
        ("两成", "10_20"),
        ("25", "20_30"),
        ("10到20", "10_20"),
        ("5", "0_5"),
        ("亏了5%", "lt0"),
        ("亏的", "lt0"),
        ("保本", "0_5"),
        ("45%", "gt30"),
    ],
)
def test_a_margin_is_kept_as_its_band(words: str, band: str) -> None:
    talk = detailing("net_margin")
    talk.says(words)
    assert talk.value("net_margin") == band


@pytest.mark.parametrize(
    ("step", "words", "problem"),
    [
        ("good_day", "3000 4400 5600 2天 1天", "problem.days_order"),
        ("good_day", "5600 4400 3000 5天 4天", "problem.days_of_week"),
        ("purchases", "55000 33 75", "problem.cost_above_price"),
        ("invested", "25万 30万 0", "problem.borrowed_above_invested"),
        ("peak_months", "7月最旺 7月最淡", "problem.season_twice"),
        ("peak_months", "7月最旺 1月最淡 150%", "problem.season_share"),
    ],
)
def test_what_cannot_be_is_asked_again(step: str, words: str, problem: str) -> None:
    talk = detailing(step)
    assert talk.says(words)[0] == problem
    assert talk.waiting == step
    assert not talk.session.known(step)


def test_a_failed_assessment_ends_the_details_with_a_colleague() -> None:
    talk = detailing("capacity")
    talk.answers_golden("capacity")
    assert talk.hears(AssessmentFailed(talk.now, "model")) == ["referred.failed"]
    assert (talk.session.stage, talk.session.detailing) == (Stage.REFERRED, False)
