"""What colleagues decide: one alone what is referred, two together the rest, and the merchant is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conversations.events import (
    ConditionIssued,
    ConditionSettled,
    Confirmed,
    Decided,
    HandedBack,
    ProposalClosed,
    Proposed,
    Ruled,
    TakenOver,
)
from conversations.phrases import LANGUAGES
from conversations.replies import Kind
from conversations.requests import KeepAcceptance, KeepDecision, KeepProposal, SettleProposal
from conversations.session import BOT, Stage, dump, load
from conversations.wording import word
from scoring import ruling
from scoring.decision import Decision, Outcome
from scoring.ruling import Ruling
from tests.conversations.talk import (
    LICENCE,
    PLACES,
    Talk,
    accepted,
    after,
    approved,
    assessing,
    declined,
    detailing,
    referred,
)
from tests.scoring import builders

MEI, LIN = "staff-1", "staff-2"
DAY = builders.DAY


def made(by: str = MEI, *, licence: str = "none", **changes: Any) -> tuple[Decision, dict[str, Any]]:
    """A decision of people with what is kept of it, on the case that these talks are about."""
    given = builders.inputs(licence=licence)
    ruled = Ruling(**{"outcome": Outcome.APPROVED, "day": DAY, "by": by, **changes})
    decision = ruling.rule(given, ruled, model=builders.model(), policy=builders.lender())
    return decision, ruling.stored(given, ruled)


NO: dict[str, Any] = {"outcome": Outcome.DECLINED, "reasons": ("R02",)}


def over(talk: Talk) -> str | None:
    return talk.session.decision.decision_id if talk.session.decision else None


def rules(talk: Talk, by: str = MEI, **changes: Any) -> list[str]:
    decision, inputs = made(by, **changes)
    return talk.hears(Ruled(talk.now, by, decision, inputs, over(talk)))


def proposes(talk: Talk, by: str = MEI, id: str = "p1", lasts: float = 3) -> list[str]:
    expires = talk.now + timedelta(days=lasts)
    return talk.hears(Proposed(talk.now, by, id, over(talk), {}, {}, "strong summer", expires))


def confirms(talk: Talk, by: str = LIN, id: str = "p1", **changes: Any) -> list[str]:
    decision, inputs = made(by=MEI, confirmed_by=by, **{"limit": 3_000_000, **changes})
    return talk.hears(Confirmed(talk.now, by, decision, inputs, over(talk), id, "agreed"))


def refusal(talk: Talk) -> str | None:
    return talk.turn.refused.key.removeprefix("desk.refused.") if talk.turn.refused else None


def waiting() -> Talk:
    return after(referred())


# --- one person --------------------------------------------------------------------------------------------


def test_a_referred_application_is_approved_and_the_offers_are_asked_about() -> None:
    talk = waiting()

    assert rules(talk) == ["ruled.approved", "decision.approved", "offer.card", "offer.card", "ask.offer"]
    assert (talk.session.stage, talk.waiting, talk.session.person) == (Stage.OFFERED, "offer", None)
    [kept] = [each for each in talk.requests if isinstance(each, KeepDecision) and each.by]
    assert (kept.decision, kept.by) == (talk.session.decision, MEI)
    assert kept.inputs["ruling"]["by"] == MEI


def test_what_a_person_approved_is_accepted_like_any_offer() -> None:
    talk = waiting()
    rules(talk)
    talk.taps("take:BBD12")
    talk.says(LICENCE)
    talk.taps("acknowledge")
    talk.taps("accept")

    assert talk.session.stage is Stage.ACCEPTED
    assert isinstance(talk.requests[-1], KeepAcceptance)


def test_a_referred_application_is_declined_with_the_persons_reasons() -> None:
    talk = waiting()

    assert rules(talk, **NO) == ["ruled.declined", "decision.declined"]
    assert (talk.session.stage, talk.waiting, talk.session.person) == (Stage.DECLINED, None, None)
    card = talk.replies[1]
    assert [reason.code for reason in card.decision.reasons if reason.effect == "declines"] == ["R02"]  # type: ignore[union-attr]
    assert "/human" in [choice.id for choice in card.choices]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("changes", [{}, NO])
def test_the_result_is_told_in_every_language(language: str, changes: dict[str, Any]) -> None:
    talk = waiting()
    rules(talk, **changes)

    assert all(word(reply, language).text for reply in talk.replies)


def test_a_refusal_is_reconsidered_and_upheld_by_one() -> None:
    talk = after(declined())
    assert talk.taps("/human") == ["human.reconsider"]
    assert talk.session.person == "reconsider"

    assert rules(talk, **NO) == ["ruled.upheld", "decision.declined"]
    assert talk.session.person is None


@pytest.mark.parametrize("changes", [{}, {"limit": 3_000_000}])
def test_to_turn_a_refusal_round_takes_two(changes: dict[str, Any]) -> None:
    talk = after(declined())
    rules(talk, **changes)

    assert refusal(talk) == "two"


@pytest.mark.parametrize("changes", [{"limit": 3_000_000}, {"grade": "C"}])
def test_a_limit_or_grade_of_ones_own_takes_two(changes: dict[str, Any]) -> None:
    talk = waiting()
    rules(talk, **changes)

    assert refusal(talk) == "two"


@pytest.mark.parametrize("changes", [{}, NO])
def test_what_the_rules_approved_is_turned_round_by_two(changes: dict[str, Any]) -> None:
    talk = after(approved())
    rules(talk, **changes)

    assert refusal(talk) == "two"


@pytest.mark.parametrize(
    "place",
    [Talk, assessing, accepted, lambda: PLACES["rent"]()],
    ids=["new", "assessing", "accepted", "rent"],
)
def test_where_nothing_can_be_decided_nothing_is(place: Callable[[], Talk]) -> None:
    talk = place()
    before = talk.session
    for act in (rules, proposes, confirms):
        act(talk)
        assert refusal(talk) == "undecidable"
    assert replace(talk.session, table=before.table) == before


def test_whoever_had_something_else_before_them_is_told_to_look_again() -> None:
    talk = waiting()
    decision, inputs = made()
    talk.hears(Ruled(talk.now, MEI, decision, inputs, "an earlier decision"))

    assert refusal(talk) == "changed"


def test_of_two_who_decide_at_once_one_does() -> None:
    talk = waiting()
    seen = over(talk)
    rules(talk)
    decision, inputs = made(LIN, **NO)
    talk.hears(Ruled(talk.now, LIN, decision, inputs, seen))

    assert (refusal(talk), talk.session.stage) == ("changed", Stage.OFFERED)


def test_an_approval_waits_for_its_conditions_and_a_refusal_does_not() -> None:
    talk = waiting()
    talk.hears(ConditionIssued(talk.now, MEI, "梅", "lease"))
    rules(talk)
    assert refusal(talk) == "unmet"
    talk.says("到2028年5月")
    rules(talk)
    assert refusal(talk) == "unmet"
    talk.hears(ConditionSettled(talk.now, MEI, 1, False, "seen"))
    rules(talk)
    assert talk.session.stage is Stage.OFFERED

    other = waiting()
    other.hears(ConditionIssued(other.now, MEI, "梅", "lease"))
    assert rules(other, **NO)
    assert other.waiting is None


def test_where_the_machine_came_to_nothing_a_person_decides() -> None:
    talk = after(referred())
    talk.session = replace(talk.session, decision=None, person="assessment_failed")

    assert "decision.declined" in rules(talk, **NO)


def test_a_late_assessment_changes_nothing_that_a_person_decided() -> None:
    talk = waiting()
    rules(talk)
    standing = talk.session.decision
    talk.hears(Decided(talk.now, declined(), {}, talk.session.assessment))

    assert talk.session.decision == standing


def test_after_a_person_no_more_details_are_offered() -> None:
    talk = waiting()
    rules(talk)

    assert "/details" not in [choice.id for choice in talk.replies[-1].choices]
    talk.taps("/details")
    assert talk.waiting == "offer"


# --- beside the one who has the word -----------------------------------------------------------------------


def test_whoever_has_the_word_and_decides_gives_it_back_so_that_the_result_is_told() -> None:
    talk = waiting()
    talk.hears(TakenOver(talk.now, MEI, "梅"))

    assert rules(talk)[-1] == "ask.offer"
    assert (talk.session.holder, talk.session.epoch) == (BOT, 2)


def test_the_bot_says_nothing_over_a_colleague_and_tells_the_result_afterwards() -> None:
    talk = waiting()
    talk.hears(TakenOver(talk.now, LIN, "林"))
    assert rules(talk, MEI) == []
    assert (talk.session.holder, talk.session.untold) == (LIN, True)

    told = talk.hears(HandedBack(talk.now, LIN))
    assert ("decision.approved" in told, told[-1]) == (True, "ask.offer")


# --- two people --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [
        waiting,
        lambda: after(declined()),
        lambda: after(approved()),
        lambda: detailing("capacity"),
    ],
    ids=["referred", "declined", "offered", "detailing"],
)
def test_a_proposal_changes_nothing_for_the_merchant_until_a_second_person_confirms(
    place: Callable[[], Talk],
) -> None:
    talk = place()
    stage = talk.session.stage
    assert proposes(talk) == []
    assert (talk.session.stage, talk.session.person) == (stage, "proposal")
    [kept] = [each for each in talk.requests if isinstance(each, KeepProposal)]
    assert (kept.id, kept.by, kept.comment) == ("p1", MEI, "strong summer")

    told = confirms(talk)
    assert ("ruled.approved" in told, told[-1]) == (True, "ask.offer")
    assert talk.session.decision is not None
    assert (talk.session.decision.limit, talk.session.proposal) == (3_000_000, None)
    assert SettleProposal("p1", LIN, "confirmed", "agreed") in talk.requests
    assert load(dump(talk.session)) == talk.session


def test_nobody_confirms_their_own() -> None:
    talk = waiting()
    proposes(talk)
    confirms(talk, MEI)

    assert (refusal(talk), talk.session.stage) == ("own", Stage.REFERRED)


def test_an_expired_proposal_is_not_confirmed_and_makes_room_for_another() -> None:
    talk = waiting()
    proposes(talk)
    talk.waits(days=3)
    confirms(talk)
    assert refusal(talk) == "expired"

    assert proposes(talk, LIN, "p2") == []
    assert refusal(talk) is None
    assert talk.session.proposal is not None
    assert (talk.session.proposal.id, talk.session.proposal.wanted) == ("p2", "referred")


def test_one_proposal_at_a_time() -> None:
    talk = waiting()
    proposes(talk)
    proposes(talk, LIN, "p2")

    assert refusal(talk) == "proposed"
    confirms(talk, LIN, "p2")
    assert refusal(talk) == "proposal"


def test_a_proposal_is_confirmed_once() -> None:
    talk = waiting()
    proposes(talk)
    confirms(talk)
    confirms(talk)

    assert refusal(talk) == "proposal"


def test_what_the_merchant_changes_overtakes_a_proposal() -> None:
    talk = waiting()
    proposes(talk)
    talk.says("/edit rent")
    talk.says("16000")
    confirms(talk)
    assert refusal(talk) == "undecidable"
    talk.is_decided(referred())
    confirms(talk)
    assert refusal(talk) == "proposal"


@pytest.mark.parametrize(("by", "how"), [(MEI, "withdrawn"), (LIN, "refused")])
def test_a_proposal_is_taken_back_or_refused_and_the_case_waits_as_before(by: str, how: str) -> None:
    talk = after(declined())
    talk.taps("/human")
    proposes(talk)
    talk.hears(ProposalClosed(talk.now, by, "p1", by == LIN))
    assert refusal(talk) == {MEI: "own_refused", LIN: "not_own"}[by]
    talk.hears(ProposalClosed(talk.now, by, "p1", by == MEI, "not yet"))

    assert (talk.session.proposal, talk.session.person) == (None, "reconsider")
    assert talk.requests[-1] == SettleProposal("p1", by, how, "not yet")
    talk.hears(ProposalClosed(talk.now, by, "p1"))
    assert refusal(talk) == "proposal"


def test_a_proposal_waits_in_the_queue_when_its_maker_hands_back() -> None:
    talk = after(approved())
    talk.hears(TakenOver(talk.now, MEI, "梅"))
    proposes(talk)
    talk.hears(HandedBack(talk.now, MEI))

    assert talk.session.person == "proposal"


def test_a_refusal_to_be_looked_at_again_waits_until_somebody_decides() -> None:
    talk = after(declined())
    talk.taps("/human")
    talk.hears(TakenOver(talk.now, MEI, "梅"))
    talk.hears(HandedBack(talk.now, MEI))
    assert talk.session.person == "reconsider"

    proposes(talk)
    talk.taps("/human")
    assert talk.session.person == "proposal"


def test_the_result_of_two_is_no_message_of_a_colleague() -> None:
    talk = waiting()
    proposes(talk)
    confirms(talk)

    assert {reply.kind for reply in talk.replies} == {Kind.SAY, Kind.DECISION, Kind.OFFER, Kind.ASK}
