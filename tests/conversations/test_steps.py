"""The table of steps and the order that follows from it."""

from dataclasses import fields, replace

import pytest

from conversations.session import Session, Stage
from conversations.steps import (
    BLOCKS,
    CLOSING,
    CORE,
    COUNTED,
    DETAIL_BLOCKS,
    DETAILS,
    PREPAID,
    STEPS,
    Figure,
    Step,
    answered,
    asked,
    details_of,
    members,
    open_steps,
    pending,
)
from scoring import policy
from scoring.application import Application
from tests.conversations.talk import GOLDEN, given

EMPTY = Session("s")


def knowing(*steps: str, stage: Stage = Stage.APPLYING) -> Session:
    return Session("s", stage=stage, answers=given(**dict.fromkeys(steps, "x")))


def all_but(*steps: str) -> Session:
    return knowing(*(step.id for step in CORE if step.id not in steps))


def test_fifteen_prompts_lead_to_a_submitted_application() -> None:
    assert len(BLOCKS) == 15
    assert tuple(GOLDEN) == BLOCKS


def test_the_whole_application_takes_three_minutes_at_most() -> None:
    seconds = [STEPS[block].seconds for block in BLOCKS]
    assert set(seconds) == {6, 11}
    assert sum(seconds) <= 180


def test_the_seconds_of_a_prompt_are_those_of_what_the_merchant_does() -> None:
    typed = {block for block in BLOCKS if STEPS[block].seconds == 11}
    assert {block for block, (how, _) in GOLDEN.items() if how == "say"} - {"purpose"} == typed


def test_an_application_knows_every_step_that_is_asked() -> None:
    closing = {"offer", "acknowledge", "accept", "condition"}
    assert set(STEPS) - closing <= {field.name for field in fields(Application)}


@pytest.mark.parametrize("step", STEPS.values(), ids=lambda step: step.id)
def test_every_step_belongs_to_a_prompt_that_begins_with_a_step(step: Step) -> None:
    assert members(step.block)[0].id == step.block
    assert step in members(step.block)


@pytest.mark.parametrize(
    "step", [s for s in STEPS.values() if isinstance(s.reads, Figure)], ids=lambda s: s.id
)
def test_every_figure_has_room_between_its_bounds(step: Step) -> None:
    assert isinstance(step.reads, Figure)
    assert 0 <= step.reads.least < step.reads.most
    assert all(step.reads.least <= term <= step.reads.most for term in step.reads.among)


def test_consent_is_the_first_thing_asked() -> None:
    assert pending(EMPTY) == "consent"


def test_the_next_question_is_the_first_that_is_open() -> None:
    assert pending(all_but("rent", "check")) == "rent"
    assert pending(all_but("payroll")) == "payroll"
    assert pending(all_but("check")) == "check"
    assert pending(all_but()) is None


def test_details_are_asked_only_where_they_mean_something() -> None:
    def prompts_of(trade: str) -> set[str]:
        return set(details_of(Session("s", answers=given(trade=trade))))

    assert prompts_of("cafe") == set(DETAIL_BLOCKS) - {"capacity", "prepaid_balance"}
    assert prompts_of("gym") == set(DETAIL_BLOCKS)
    assert prompts_of("travel") == set(DETAIL_BLOCKS) - {"capacity"}


def test_the_trades_of_a_detail_are_those_that_the_lender_knows_it_of() -> None:
    trades = policy.load().trades
    assert {name for name, trade in trades.items() if trade.prepaid} == PREPAID
    counted = {name for name, trade in trades.items() if trade.capacity and trade.capacity.unit != "shop"}
    assert counted == COUNTED


def test_days_alone_are_not_worth_a_question() -> None:
    session = all_but("days_open", "check")
    assert open_steps(session, "orders_per_day") == ()
    assert pending(session) == "check"


def test_days_are_asked_with_whatever_else_is_open() -> None:
    opened = open_steps(all_but("days_open", "average_ticket"), "orders_per_day")
    assert [step.id for step in opened] == ["average_ticket", "days_open"]


@pytest.mark.parametrize(
    "stage", [stage for stage in Stage if stage not in (Stage.APPLYING, Stage.DETAILING, Stage.OFFERED)]
)
def test_outside_of_asking_and_offering_nothing_is_pending(stage: Stage) -> None:
    assert pending(replace(EMPTY, stage=stage)) is None


def test_from_the_offers_to_acceptance_everything_comes_in_order() -> None:
    offered = knowing(stage=Stage.OFFERED)
    chosen = replace(offered, chosen="BBD12")
    licensed = replace(chosen, answers=given(licence_number="x"))
    read = replace(licensed, acknowledged=True)
    assert [pending(each) for each in (offered, chosen, licensed, read)] == [step.id for step in CLOSING]


def test_a_licence_number_given_earlier_is_not_asked_again() -> None:
    session = replace(knowing("licence_number", stage=Stage.OFFERED), chosen="BBD6")
    assert pending(session) == "acknowledge"


def test_a_known_step_is_asked_alone_and_an_open_one_with_its_prompt() -> None:
    assert [step.id for step in asked(all_but("payroll"), "staff_count")] == ["staff_count"]
    assert [step.id for step in asked(all_but("staff_count", "payroll"), "staff_count")] == [
        "staff_count",
        "payroll",
    ]


def test_everything_but_consent_and_the_card_can_be_changed() -> None:
    known = [step.id for step in answered(replace(all_but(), answers=given(**dict.fromkeys(STEPS, "x"))))]
    asked_of_everybody = {step.id for step in (*CORE, *DETAILS)}
    assert set(known) == asked_of_everybody - {"consent", "check"} | {"licence_number"}
    assert answered(EMPTY) == ()
