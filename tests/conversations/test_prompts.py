"""What is asked and shown, and that it can be answered."""

from dataclasses import replace

import pytest

from conversations import outcomes, prompts, readable
from conversations.asking import ask_again, go_on, where_it_stands
from conversations.replies import Kind, Label, Labels, Yuan
from conversations.session import Session, Stage
from conversations.steps import BLOCKS, CORE, STEPS, members
from scoring.months import Month
from tests.conversations.talk import PATH, after, approved, asked_alone, at, declined, given


@pytest.mark.parametrize("step", PATH)
def test_a_question_names_the_step_it_waits_for(step: str) -> None:
    reply = at(step).replies[-1]
    assert reply.step == step
    assert reply.kind in (Kind.ASK, Kind.SUMMARY, Kind.OFFER)


@pytest.mark.parametrize("step", [step.id for step in CORE if step.block != step.id])
def test_a_step_of_a_longer_prompt_can_be_asked_alone(step: str) -> None:
    assert prompts.ask(asked_alone(step).session, step).key == f"ask.only.{step}"


@pytest.mark.parametrize("block", [block for block in BLOCKS if len(members(block)) > 1])
def test_the_first_step_of_a_longer_prompt_can_be_asked_alone(block: str) -> None:
    assert prompts.ask(at("check").session, block).key == f"ask.only.{block}"


@pytest.mark.parametrize("step", PATH)
def test_every_choice_offered_may_be_tapped(step: str) -> None:
    talk = at(step)
    own = [choice.id for choice in talk.replies[-1].choices if not choice.id.startswith("/")]
    assert set(own) <= set(prompts.offered(talk.session, step))
    for choice in own:
        assert at(step).taps(choice, step)[0] != "stale"


def test_the_card_shows_every_answer_and_a_way_to_change_it() -> None:
    talk = at("check")
    card = talk.replies[-1]
    assert [row.step for row in card.rows] == [step.id for step in CORE[1:-1]]
    assert [choice.id for choice in card.choices] == ["submit", *(f"/edit {row.step}" for row in card.rows)]


@pytest.mark.parametrize(
    ("step", "value", "shown"),
    [
        ("rent", None, Label("value.not_given")),
        ("rent", 800_000, Yuan(800_000)),
        ("role", "owner", Label("choice.owner")),
        ("opened", "2017-02", Month(2017, 2)),
        ("term", 12, Label("choice.12")),
        ("purpose", ["rent", "tax"], Labels(("choice.rent", "choice.tax"))),
        ("staff_count", 6.5, 6.5),
        ("city", "昆明", "昆明"),
    ],
)
def test_an_answer_is_shown_as_people_read_it(step: str, value: object, shown: object) -> None:
    session = Session("s", answers=given(**{step: value}))
    assert readable.answer(session, STEPS[step]) == shown


def test_a_single_offer_is_not_called_a_choice() -> None:
    talk = at("offer")
    single = replace(approved(), offers=approved().offers[:1])
    assert prompts.ask(replace(talk.session, decision=single), "offer").key == "ask.only.offer"
    assert prompts.ask(talk.session, "offer").key == "ask.offer"


def test_without_a_decision_there_is_no_card_no_offer_and_no_number() -> None:
    nobody = Session("s")
    assert outcomes.decision(nobody) == ()
    assert outcomes.code(nobody) == ""
    assert [choice.id for choice in prompts.ask(nobody, "offer").choices] == ["think", "decline", "/why"]
    with pytest.raises(LookupError):
        prompts.chosen(nobody)


@pytest.mark.parametrize("stage", Stage)
def test_where_it_stands_is_said_with_what_can_be_done(stage: Stage) -> None:
    reply = where_it_stands(Session("s", stage=stage))
    ways = [choice.id for choice in reply.choices]
    assert reply.key == f"stage.{stage}"
    ended = (Stage.DECLINED, Stage.REFERRED, Stage.CLOSED, Stage.ACCEPTED)
    assert ("/human" in ways) is (stage in ended)


def test_with_nothing_to_ask_where_it_stands_is_said() -> None:
    session = after(declined()).session
    assert [reply.key for reply in ask_again(session).replies] == ["stage.declined"]
    assert go_on(session).replies == ()
