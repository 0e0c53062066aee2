"""Replies in a language: text, buttons, and the data that cards are drawn from."""

import json

import pytest

from conversations.phrases import LANGUAGES
from conversations.replies import Choice, Kind, Reply, Row, Yuan
from conversations.wording import Button, word
from tests.conversations.talk import PATH, accepted, after, approved, at, declined, referred

EACH = pytest.mark.parametrize("language", LANGUAGES)


@EACH
@pytest.mark.parametrize("step", PATH)
def test_every_prompt_reads_whole_in_every_language(step: str, language: str) -> None:
    for reply in at(step).replies:
        worded = word(reply, language)
        assert worded.text
        assert "{" not in worded.text
        assert all(button.label for button in worded.buttons)
        json.dumps(worded.data)


def test_a_question_shows_its_quick_replies_and_its_progress() -> None:
    worded = word(at("rent").replies[-1], "en")
    assert worded.text == (
        "What is the rent per month? Answer 0 if the place is yours.\n(10 of 15, about 1 min left)"
    )
    assert worded.buttons == (Button("none", "None"), Button("skip", "I don't know"))
    assert worded.data == {"progress": {"done": 10, "of": 15, "minutes": 1}}


def test_a_card_has_a_line_and_a_row_for_each_answer() -> None:
    worded = word(Reply(Kind.SAY, "mydata.card", rows=(Row("rent", "step.rent", Yuan(150)),)), "en")
    assert worded.text.endswith("Rent a month: CNY 1.50")
    assert worded.data == {"rows": [{"step": "rent", "label": "Rent a month", "value": "CNY 1.50"}]}


def test_a_link_stays_a_link() -> None:
    link = Choice("connect", "choice.connect.brand", link="weibo/brand")
    assert word(Reply(Kind.SAY, "hello", choices=(link,)), "en").buttons[0].link == "weibo/brand"


@EACH
@pytest.mark.parametrize(
    "made", [approved(), declined(), referred()], ids=["approved", "declined", "referred"]
)
def test_a_decision_comes_with_its_public_data(made: object, language: str) -> None:
    card = after(made).replies[0]  # type: ignore[arg-type] # parametrized over decisions
    worded = word(card, language)
    assert worded.data["outcome"] == made.outcome  # type: ignore[attr-defined] # the same
    assert all(reason["text"] in worded.text for reason in worded.data["reasons"])


@EACH
def test_an_offer_comes_with_its_terms(language: str) -> None:
    worded = word(at("acknowledge").replies[-1], language)
    assert worded.data["product"] == "BBD12"
    assert len(worded.data["instalments"]) == 12
    assert worded.data["lender"]


@EACH
def test_a_receipt_holds_the_offer_and_its_number(language: str) -> None:
    worded = word(accepted().replies[0], language)
    assert set(worded.data) == {"offer", "code"}
    assert worded.data["code"] in worded.text


def test_a_receipt_does_not_give_the_reasons_again() -> None:
    decided = at("check")
    decided.taps("submit")
    decided.is_decided(approved())
    heading = "What counts against it"
    assert heading in word(decided.replies[0], "en").text

    text = word(accepted().replies[0], "en").text
    assert heading not in text
    assert "No. 12" in text
