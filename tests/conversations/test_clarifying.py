"""Figures that do not fit together: asked about kindly, twice at most, both kept, then a person looks."""

from dataclasses import replace

import pytest

from conversations.clarifying import COMPARED
from conversations.phrases import LANGUAGES
from conversations.requests import Assess
from conversations.session import Stage
from conversations.steps import STEPS
from conversations.wording import word
from scoring.decision import Check, Decision
from tests.conversations.talk import Talk, after, approved, referred


def failing(*checks: str) -> Decision:
    return replace(referred(), score=500, checks=tuple(Check(check, 0.9, "fail") for check in checks))


def doubted(*checks: str) -> Talk:
    """A talk in which the decision has found these checks to fail."""
    return after(failing(*checks))


def test_both_figures_are_named_and_either_can_be_changed() -> None:
    talk = doubted("X5")
    asked = talk.replies[-1]
    assert [reply.key for reply in talk.replies] == ["decision.referred", "ask.clarify"]
    assert [choice.id for choice in asked.choices] == ["all_right", "/edit staff_count", "/edit payroll"]
    for language in LANGUAGES:
        assert "29,900" in word(asked, language).text


@pytest.mark.parametrize("check", COMPARED)
def test_every_check_compares_steps_of_the_table(check: str) -> None:
    assert set(COMPARED[check]) <= set(STEPS)


@pytest.mark.parametrize("how", ["都没错", "all right", "对"])
def test_figures_that_are_right_stay_and_a_person_looks(how: str) -> None:
    talk = doubted("X5")
    assert talk.says(how) == ["clarified", "details.begin.check", "ask.capacity"]
    assert (talk.value("staff_count"), talk.value("payroll")) == (6.5, 2_990_000)
    assert talk.session.person == "referred"


def test_the_button_says_the_same() -> None:
    assert doubted("X5").taps("all_right")[0] == "clarified"


@pytest.mark.parametrize("words", ["工资其实是20000", "不是29900，是20000", "20000"])
def test_a_figure_that_was_wrong_is_decided_anew(words: str) -> None:
    talk = doubted("X5")
    assert talk.says(words) == ["changed"]
    assert talk.value("payroll") == 2_000_000
    assert talk.turn.requests == (Assess(),)
    assert talk.is_decided(approved())[:2] == ["redecided.approved", "decision.approved"]
    assert talk.session.stage is Stage.OFFERED


def test_a_figure_that_may_be_either_is_asked_about() -> None:
    talk = doubted("X4")
    assert talk.says("20000") == ["which.figure", "ask.clarify"]
    assert talk.says("房租20000") == ["changed"]


def test_there_are_two_such_questions_at_most() -> None:
    talk = doubted("X5", "X4", "X3")
    assert talk.taps("all_right") == ["clarified", "ask.clarify"]
    assert talk.taps("all_right") == ["clarified", "details.begin.check", "ask.capacity"]
    assert talk.says("16") == []
    assert talk.is_decided(failing("X3", "X6")) == ["ask.good_day"]


def test_a_check_is_asked_about_once() -> None:
    talk = doubted("X5")
    talk.says("工资20000")
    assert "ask.clarify" not in talk.is_decided(failing("X5"))


def test_what_a_detail_shows_to_be_doubtful_is_asked_before_the_next_one() -> None:
    talk = doubted("X5")
    talk.taps("all_right")
    talk.says("16")
    assert talk.is_decided(failing("X5", "X3")) == ["ask.clarify"]
    assert talk.taps("all_right") == ["clarified", "ask.good_day"]


def test_a_question_in_between_puts_the_same_one_again() -> None:
    talk = doubted("X5")
    assert talk.says("利率多少？") == ["about.rate", "ask.clarify"]
    assert talk.says("上一步") == ["edit.which"]
    assert talk.waiting == "staff_count"


def test_enough_ends_it() -> None:
    talk = doubted("X5")
    assert talk.says("先到这里") == ["decision.referred"]
    assert talk.session.clarifying is None


def test_no_check_is_asked_about_whose_figures_nobody_gave() -> None:
    assert doubted("X6").waiting == "capacity"
