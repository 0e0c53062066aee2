"""From the offers to a signature, never by accident."""

from datetime import timedelta

import pytest

from conversations import closing
from conversations.requests import Assess, KeepAcceptance
from conversations.session import Session, Stage
from scoring.calendar import CHINA
from tests.conversations.talk import LICENCE, NOW, Talk, accepted, approved, at

CLOSING = ("offer", "licence_number", "acknowledge", "accept")
EXPIRES = approved().offers[0].expires


def expired(step: str) -> Talk:
    """A talk that has come back to this step after the offers ran out."""
    talk = at(step)
    days = (EXPIRES - talk.now.astimezone(CHINA).date()).days
    return talk.waits(days=days + 1)


@pytest.mark.parametrize("product", ["BBD6", "BBD12"])
def test_an_offer_is_taken_by_its_button(product: str) -> None:
    talk = at("offer")
    assert talk.taps(f"take:{product}") == ["ask.licence_number"]
    assert talk.session.chosen == product


@pytest.mark.parametrize(
    ("text", "product"), [("12期的", "BBD12"), ("我要6期", "BBD6"), ("1", "BBD12"), ("2", "BBD6")]
)
def test_an_offer_is_taken_in_words(text: str, product: str) -> None:
    talk = at("offer")
    offered = [offer.product for offer in approved().offers]
    talk.says(text)
    assert talk.session.chosen == (offered[int(text) - 1] if text.isdigit() else product)


def test_an_offer_that_was_not_made_cannot_be_taken() -> None:
    talk = at("offer")
    assert talk.taps("take:BBDS")[0] == "stale"
    assert closing.choose(talk.session, "take:BBDS", NOW) is None
    assert closing.choose(Session("s"), "take:BBDS", NOW) is None


def test_a_choice_of_no_closing_step_is_none_of_its_business() -> None:
    assert closing.choose(at("offer").session, "owner", NOW) is None


@pytest.mark.parametrize("step", ["licence_number", "acknowledge"])
def test_back_leads_to_the_offers(step: str) -> None:
    for go in (Talk.taps, Talk.says):
        talk = at(step)
        assert go(talk, "back") == ["ask.offer"]
        assert talk.session.chosen is None


def test_a_wrong_licence_number_is_asked_for_again() -> None:
    talk = at("licence_number")
    assert talk.says("91350100M000100Y44") == ["problem.licence_number", "ask.licence_number"]
    assert talk.says(LICENCE) == ["ask.acknowledge"]


def test_the_licence_number_is_kept_when_another_offer_is_looked_at() -> None:
    talk = at("acknowledge")
    talk.taps("back")
    assert talk.taps("take:BBD6") == ["ask.acknowledge"]
    assert talk.replies[0].offer is not None
    assert talk.replies[0].offer.product == "BBD6"


@pytest.mark.parametrize("step", ["offer", "accept"])
def test_who_thinks_it_over_finds_the_offers_again(step: str) -> None:
    talk = at(step)
    assert talk.taps("think") == ["offer.think"]
    assert talk.replies[0].values["expires"] == EXPIRES
    assert talk.waiting == "offer"
    assert talk.taps("/offers") == ["offer.card", "offer.card", "ask.offer"]


@pytest.mark.parametrize("step", ["offer", "acknowledge", "accept"])
@pytest.mark.parametrize("text", ["不借了", "no"])
def test_who_wants_no_loan_is_let_go_and_may_come_back(step: str, text: str) -> None:
    talk = at(step)
    assert talk.says(text) == ["offer.declined"]
    assert (talk.session.stage, talk.waiting) == (Stage.CLOSED, None)
    assert talk.taps("/offers") == ["offer.card", "offer.card", "ask.offer"]


@pytest.mark.parametrize("text", ["接受", "我接受。", "是的", "yes", "I accept"])
def test_acceptance_is_said_in_so_many_words(text: str) -> None:
    assert at("accept").says(text) == ["receipt.card"]


@pytest.mark.parametrize(
    "text", ["签约要多久？", "可以不接受吗", "接受之后呢", "ok", "能不要手续费吗", "1万"]
)
def test_a_question_about_accepting_accepts_nothing(text: str) -> None:
    talk = at("accept")
    talk.says(text)
    assert talk.session.stage is Stage.OFFERED
    assert talk.requests == []


def test_a_receipt_carries_the_offer_and_its_number() -> None:
    talk = accepted()
    receipt = talk.replies[0]
    assert receipt.offer is not None
    assert receipt.offer.product == "BBD12"
    assert receipt.values["code"] == f"BBD12-{approved().decision_id[:8].upper()}"


@pytest.mark.parametrize("choice", ["acknowledge", "accept"])
@pytest.mark.parametrize("step", ["offer", "licence_number"])
def test_no_step_towards_signing_can_be_jumped_over(step: str, choice: str) -> None:
    session = at(step).session
    turn = closing.choose(session, choice, NOW)
    assert turn is not None
    assert turn.requests == ()
    assert turn.session == session


def test_accepting_again_asks_for_nothing_again() -> None:
    talk = accepted()
    turn = closing.choose(talk.session, "accept", NOW)
    assert turn is not None
    assert not any(isinstance(request, KeepAcceptance) for request in turn.requests)


@pytest.mark.parametrize("step", CLOSING)
@pytest.mark.parametrize("choice", ["take:BBD12", "acknowledge", "accept", "think", "decline", "back"])
def test_offers_that_ran_out_are_decided_anew(step: str, choice: str) -> None:
    talk = expired(step)
    if choice not in [offered.id for offered in talk.replies[-1].choices]:
        assert talk.taps(choice)[0] == "stale"
        return
    assert talk.taps(choice) == ["offer.expired"]
    assert talk.turn.requests == (Assess(),)
    assert (talk.session.stage, talk.session.chosen) == (Stage.ASSESSING, None)


def test_offers_hold_to_the_end_of_their_last_day_in_china() -> None:
    talk = at("offer")
    last = talk.now.astimezone(CHINA).replace(
        year=EXPIRES.year, month=EXPIRES.month, day=EXPIRES.day, hour=23
    )
    talk.now = last
    assert talk.taps("take:BBD12") == ["ask.licence_number"]
    talk.now = last + timedelta(hours=1)
    assert talk.taps("back") == ["offer.expired"]
