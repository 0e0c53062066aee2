"""Decisions and offers as people read them: the annual rate first, every figure stated."""

from dataclasses import replace
from datetime import date

import pytest

from conversations.cards import (
    decision_data,
    decision_lines,
    improvement_text,
    offer_data,
    offer_lines,
    reason_text,
)
from conversations.phrases import LANGUAGES, phrase, show
from conversations.replies import Percent, Yuan
from scoring.decision import Decision, Improvement, Offer, Reason
from tests.conversations.talk import approved, declined, referred

OFFERS = {offer.product: offer for offer in approved().offers}
MIXED, FREE = OFFERS["BBD12"], OFFERS["BBD6"]
PLAIN = replace(MIXED, product="BBDS", interest_free=0)
EVERY = pytest.mark.parametrize("offer", [MIXED, FREE, PLAIN], ids=["mixed", "free", "plain"])
EACH = pytest.mark.parametrize("language", LANGUAGES)


@EACH
@EVERY
def test_the_annual_rate_is_the_first_thing_an_offer_says(offer: Offer, language: str) -> None:
    rate = phrase("web.offer.apr", language).split("（")[0].split(" (")[0]
    first = offer_lines(offer, language)[0]
    assert first.startswith(rate)
    assert show(Percent(offer.apr), language) in first


@EACH
@EVERY
def test_an_offer_names_every_instalment_with_its_day_and_amount(offer: Offer, language: str) -> None:
    lines = offer_lines(offer, language)
    for each in offer.instalments:
        due, amount = show(each.due, language), show(Yuan(each.total), language)
        assert any(due in line and amount in line for line in lines)


@EACH
@EVERY
def test_an_offer_states_its_total_its_lender_and_its_end(offer: Offer, language: str) -> None:
    text = "\n".join(offer_lines(offer, language))
    for value in (Yuan(offer.principal), Yuan(offer.total), Yuan(offer.total_interest), offer.expires):
        assert show(value, language) in text
    assert phrase("lender.name", language) in text


@EACH
def test_zero_interest_never_stands_without_for_how_many_instalments(language: str) -> None:
    free, mixed = offer_lines(FREE, language)[0], offer_lines(MIXED, language)[0]
    assert "6" in free
    assert all(sign in mixed for sign in ("6", "7", "12", show(Percent(MIXED.rate), language)))


@EACH
def test_what_follows_the_free_instalments_is_said_where_something_follows(language: str) -> None:
    after = phrase("offer.after_free", language, n=7, rate=Percent(MIXED.rate))
    assert after in offer_lines(MIXED, language)
    assert not any("7" in line and "%" in line for line in offer_lines(FREE, language))


@EACH
def test_an_offer_without_free_instalments_promises_none(language: str) -> None:
    assert " 0" not in offer_lines(PLAIN, language)[0]


@EACH
@pytest.mark.parametrize(
    "made", [approved(), declined(), referred()], ids=["approved", "declined", "referred"]
)
def test_every_reason_and_suggestion_of_a_decision_has_its_sentence(made: Decision, language: str) -> None:
    text = "\n".join(decision_lines(made, language))
    for reason in made.reasons:
        assert reason_text(reason, language) in text
    for better in made.improve:
        assert improvement_text(better, language) in text


def test_only_an_approval_names_a_limit() -> None:
    limit = phrase("decision.limit", "en", limit=Yuan(approved().limit))
    assert limit in decision_lines(approved(), "en")
    assert not any("limit:" in line for line in decision_lines(declined(), "en"))


def test_a_grade_is_named_where_there_is_one() -> None:
    assert any("grade B" in line for line in decision_lines(approved(), "en"))
    assert not any("grade" in line for line in decision_lines(declined(), "en"))


def test_a_decision_without_reasons_has_no_empty_headings() -> None:
    bare = replace(approved(), reasons=(), improve=(), facts={})
    assert len(decision_lines(bare, "en")) == 2


@EACH
def test_the_data_of_a_decision_are_its_public_shape_with_sentences(language: str) -> None:
    data = decision_data(approved(), language)
    assert data["limit"] == approved().limit
    assert [reason["text"] for reason in data["reasons"]] == [
        reason_text(reason, language) for reason in approved().reasons
    ]
    assert all(better["text"] for better in data["improve"])


@EACH
def test_the_data_of_an_offer_name_product_and_lender(language: str) -> None:
    data = offer_data(MIXED, language)
    assert data["name"] == phrase("product.BBD12", language)
    assert data["lender"] == phrase("lender.name", language)
    assert data["total"] == MIXED.total


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason("R04", "declines", 0, {"months": 1, "until": "2020-07"}), "July 2020"),
        (
            Reason("R01", "declines", 0, {"figure": "cash", "disposable_fen": -550_000}),
            "not enough for the instalments",
        ),
        (Reason("R03", "declines", 0, {"figure": "repayments", "disposable_fen": 900_000}), "more than half"),
        (Reason("R03", "declines", 0), "30% of a year's sales"),
        (Reason("R04", "lowers", -5, {"value": 5.0}), "not been open for long"),
        (Reason("R18", "declines", 0, {"purpose": "gambling"}), "gambling"),
        (Reason("R19", "refers", 0, {"source": "brand"}), "the shop's Weibo"),
        (Reason("R16", "refers", 0, {"missing": "rent"}), "Rent a month"),
        (Reason("R20", "refers", 0, {"why": "trade"}), "this trade"),
        (Reason("R13", "caps", 0, {"cap_fen": 5_000_000}), "CNY 50,000"),
    ],
)
def test_the_figures_of_a_reason_are_named_in_its_sentence(reason: Reason, words: str) -> None:
    assert words in reason_text(reason, "en")


def test_a_suggestion_says_what_the_limit_would_be() -> None:
    older = Improvement("R04", 12_000_000, {"until": "2020-10"})
    text = improvement_text(older, "en")
    assert "October 2020" in text
    assert "CNY 120,000" in text


def test_days_come_from_the_schedule_itself() -> None:
    assert MIXED.instalments[0].due > date(2020, 4, 15)
