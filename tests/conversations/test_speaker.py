"""Who has the word: one at a time, the bot silent beside a person, and back where the application stands."""

from dataclasses import replace
from datetime import timedelta

import pytest

from conversations.events import (
    Arrived,
    Chose,
    Connected,
    Edited,
    Event,
    HandedBack,
    Released,
    Said,
    Shared,
    Snoozed,
    StaffAnswered,
    StaffEdited,
    StaffSaid,
    TakenOver,
    TimeCame,
    Transferred,
)
from conversations.replies import Colleague, Kind, Label, Labels
from conversations.requests import Assess, Erase, KeepDecision
from conversations.session import BOT, Stage
from tests.conversations.talk import (
    NOW,
    PLACES,
    Talk,
    after,
    approved,
    assessing,
    at,
    detailing,
    referred,
)

MEI, LIN = Colleague("staff-1", "梅"), Colleague("staff-2", "林")


def takes_over(talk: Talk, who: Colleague = MEI) -> list[str]:
    return talk.hears(TakenOver(talk.now, who.id, who.name))


def writes(talk: Talk, text: str, who: Colleague = MEI) -> list[str]:
    return talk.hears(StaffSaid(talk.now, who.id, who.name, text))


def hands_back(talk: Talk, who: Colleague = MEI) -> list[str]:
    return talk.hears(HandedBack(talk.now, who.id))


def held(place: str) -> Talk:
    talk = PLACES[place]()
    takes_over(talk)
    return talk


# --- taking the word ---------------------------------------------------------------------------------------


def test_a_click_takes_the_word_and_the_merchant_learns_whose_it_is() -> None:
    talk = at("rent")
    assert takes_over(talk) == ["colleague.joined"]
    [joined] = talk.replies
    assert (joined.kind, joined.by, joined.values["name"]) == (Kind.STAFF, MEI, "梅")
    assert (talk.session.holder, talk.session.holder_name, talk.session.epoch) == (MEI.id, "梅", 1)


def test_the_first_message_takes_the_word_too() -> None:
    talk = at("rent")
    assert writes(talk, "您好") == ["colleague.said"]
    assert (talk.session.holder, talk.session.epoch) == (MEI.id, 1)
    writes(talk, "在吗")
    assert talk.session.epoch == 1


@pytest.mark.parametrize("event", [TakenOver(NOW, "staff-2", "林"), StaffSaid(NOW, "staff-2", "林", "我来")])
def test_the_second_one_learns_by_whom_it_is_held_and_changes_nothing(event: Event) -> None:
    talk = held("rent")
    before = talk.session
    assert talk.hears(event) == []
    assert talk.session == before
    assert talk.turn.refused is not None
    assert talk.turn.refused.values["name"] == "梅"


@pytest.mark.parametrize(
    "event",
    [HandedBack(NOW, "staff-2"), Released(NOW, "staff-2"), Transferred(NOW, "staff-2", "staff-3", "王")],
)
@pytest.mark.parametrize("holder", [BOT, MEI.id])
def test_nobody_gives_away_a_word_that_is_not_theirs(event: Event, holder: str) -> None:
    talk = at("rent") if holder == BOT else held("rent")
    before = talk.session
    assert talk.hears(event) == []
    assert talk.session == before
    assert talk.turn.refused is not None


def test_taking_what_one_holds_already_changes_nothing() -> None:
    talk = held("rent")
    assert takes_over(talk) == []
    assert (talk.session.epoch, talk.turn.refused) == (1, None)


# --- while a person has it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "event",
    [Said(NOW, "13万"), Said(NOW, "/status"), Chose(NOW, "skip"), Edited(NOW, "x"), Shared(NOW, "photo")],
    ids=lambda event: f"{type(event).__name__}",
)
def test_the_merchant_is_heard_by_the_person_alone(place: str, event: Event) -> None:
    talk = held(place)
    before = talk.session
    assert talk.hears(event) == []
    assert talk.session.answers == before.answers
    assert (talk.session.stage, talk.session.seen) == (before.stage, NOW)


def test_a_page_opened_again_wakes_nobody() -> None:
    talk = held("rent")
    writes(talk, "您好")
    assert talk.waits(hours=1).hears(Arrived(talk.now)) == []
    assert talk.session.unanswered is None


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("/delete", "delete.sure"),
        ("/withdraw", "withdraw.nothing"),
        ("/stop", "stop.done"),
        ("/language en", "language.changed"),
        ("/mydata", "mydata.card"),
        ("/human", "human.here"),
    ],
)
def test_a_right_is_answered_and_no_question_is_asked(command: str, key: str) -> None:
    talk = held("brand_account")
    assert talk.says(command) == [key]
    assert talk.session.holder == MEI.id


def test_deleting_everything_ends_the_talk_with_the_person() -> None:
    talk = held("rent")
    assert talk.taps("/delete yes") == ["delete.done"]
    assert Erase() in talk.turn.requests
    assert (talk.session.holder, talk.session.epoch, talk.session.stage) == (BOT, 2, Stage.CLOSED)


def test_what_comes_back_meanwhile_is_kept_and_shown_when_the_bot_has_the_word_again() -> None:
    talk = assessing()
    takes_over(talk)
    assert talk.is_decided(approved()) == []
    assert talk.turn.requests == (KeepDecision(approved(), {}),)
    assert talk.session.stage is Stage.OFFERED
    assert hands_back(talk) == [
        "colleague.back",
        "decision.approved",
        "offer.card",
        "offer.card",
        "ask.offer",
    ]


def test_what_was_shown_before_is_not_shown_again() -> None:
    talk = held("offer")
    assert hands_back(talk) == ["colleague.back", "ask.offer"]


def test_an_account_that_is_connected_meanwhile_is_kept() -> None:
    talk = held("brand_account")
    assert talk.hears(Connected(NOW, "brand", "7", "小夏", "sealed")) == []
    assert talk.session.accounts["brand"].connected
    assert hands_back(talk) == ["colleague.back", "ask.personal_account"]


# --- giving it back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_the_bot_goes_on_where_the_application_stands(place: str) -> None:
    talk = PLACES[place]()
    expected = talk.waiting or ("consent" if place == "new" else None)
    takes_over(talk)
    talk.says("在吗")
    assert hands_back(talk)[0] == "colleague.back"
    assert talk.waiting == expected
    assert talk.replies[-1].step == expected
    assert (talk.session.holder, talk.session.epoch, talk.session.holder_name) == (BOT, 2, "")


def test_a_correction_begun_before_does_not_hide_what_is_missing() -> None:
    talk = at("rent")
    talk.taps("/edit trade")
    takes_over(talk)
    hands_back(talk)
    assert talk.waiting == "rent"


def test_a_correction_begun_of_what_was_submitted_leaves_nothing_missing_and_it_is_decided() -> None:
    talk = assessing()
    talk.taps("/edit trade")
    takes_over(talk)
    assert hands_back(talk) == ["colleague.back", "assessing"]
    assert Assess() in talk.turn.requests


def test_nobody_is_wanted_any_more_once_a_person_has_handed_back() -> None:
    talk = at("rent")
    talk.says("/human")
    takes_over(talk)
    hands_back(talk)
    assert (talk.session.person, talk.session.person_since) == (None, None)


def test_a_referred_application_waits_for_a_decision_still() -> None:
    talk = after(referred())
    why = talk.session.person
    takes_over(talk)
    hands_back(talk.waits(minutes=7))
    assert (talk.session.person, talk.session.person_since) == (why, talk.now)


def test_who_leaves_puts_the_merchant_back_into_the_queue_and_the_bot_goes_on() -> None:
    talk = held("rent").waits(minutes=3)
    assert talk.hears(Released(talk.now, MEI.id)) == ["colleague.left", "ask.rent"]
    assert (talk.session.holder, talk.session.person) == (BOT, "asked")
    assert talk.session.person_since == talk.now


def test_who_passes_it_on_names_the_colleague_and_the_bot_stays_silent() -> None:
    talk = held("rent")
    assert talk.hears(Transferred(NOW, MEI.id, LIN.id, LIN.name)) == ["colleague.transferred"]
    assert (talk.session.holder, talk.session.holder_name, talk.session.epoch) == (LIN.id, "林", 2)
    assert talk.replies[0].values["name"] == "林"
    assert talk.says("好的") == []


# --- silence -----------------------------------------------------------------------------------------------


def test_a_merchant_waits_from_the_takeover_or_their_first_word_until_the_person_writes() -> None:
    talk = held("rent")
    taken = talk.now
    talk.waits(minutes=1).says("在吗")
    assert talk.session.unanswered == taken
    writes(talk.waits(minutes=1), "在")
    said = talk.waits(minutes=1).session
    talk.says("好")
    assert (said.unanswered, talk.session.unanswered) == (None, talk.now)


def test_a_silent_colleague_loses_the_word_and_a_person_is_wanted_still() -> None:
    talk = held("rent").waits(minutes=5)
    assert talk.hears(TimeCame(talk.now, "silent")) == ["colleague.silent", "ask.rent"]
    assert (talk.session.holder, talk.session.person, talk.session.epoch) == (BOT, "asked", 2)


def test_an_alarm_that_comes_too_late_changes_nothing() -> None:
    talk = held("rent")
    writes(talk, "在")
    assert talk.hears(TimeCame(talk.now, "silent")) == []
    talk.waits(minutes=9).says("好")
    assert talk.waits(minutes=4).hears(TimeCame(talk.now, "silent")) == []
    assert talk.session.holder == MEI.id


# --- filling in for the merchant ---------------------------------------------------------------------------


def fills_in(talk: Talk, step: str, text: str, who: Colleague = MEI) -> list[str]:
    return talk.hears(StaffAnswered(talk.now, who.id, who.name, step, text))


def test_an_answer_filled_in_by_the_holder_is_named_when_they_hand_back() -> None:
    talk = held("rent").waits(minutes=1)
    assert fills_in(talk, "rent", "一万五") == []
    rent = talk.session.answers["rent"]
    assert (rent.value, rent.said, rent.source, rent.by) == (1_500_000, "一万五", "staff", MEI.id)
    assert hands_back(talk) == ["colleague.back_filled", "ask.staff_count"]
    assert talk.replies[0].values["what"] == Labels(("step.rent",))


def test_an_answer_filled_in_beside_the_bot_is_told_at_once() -> None:
    talk = at("rent")
    assert fills_in(talk, "rent", "15000") == ["colleague.filled", "ask.staff_count"]
    assert talk.replies[0].values["what"] == Label("step.rent")
    assert fills_in(talk, "trade", "cafe") == ["colleague.filled", "ask.staff_count"]
    assert talk.value("trade") == "cafe"


@pytest.mark.parametrize("place", ["offer", "referred", "declined", "assessing", "capacity"])
def test_a_decided_application_is_decided_anew(place: str) -> None:
    talk = PLACES[place]()
    talk.requests.clear()
    fills_in(talk, "rent", "12000")
    assert talk.turn.requests == (Assess(),)
    assert talk.session.stage is Stage.ASSESSING


@pytest.mark.parametrize(
    ("place", "step", "text", "why"),
    [
        ("rent", "consent", "agree", "desk.refused.step"),
        ("rent", "check", "submit", "desk.refused.step"),
        ("rent", "brand_account", "@somebody", "desk.refused.step"),
        ("rent", "accept", "accept", "desk.refused.step"),
        ("rent", "no such step", "1", "desk.refused.step"),
        ("consent", "rent", "15000", "desk.refused.step"),
        ("accepted", "rent", "15000", "desk.refused.step"),
        ("rent", "prepaid_balance", "15000", "desk.refused.step"),  # a restaurant has none
        ("rent", "rent", "what?", "desk.refused.unreadable"),
        ("rent", "amount", "900万", "problem.too_large"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_with_the_reason(
    place: str, step: str, text: str, why: str
) -> None:
    talk = PLACES[place]()
    before = talk.session
    assert fills_in(talk, step, text) == []
    assert talk.session == before
    assert talk.turn.refused is not None
    assert talk.turn.refused.key == why


def test_nobody_fills_in_over_a_colleague() -> None:
    talk = held("rent")
    assert fills_in(talk, "rent", "15000", LIN) == []
    assert not talk.session.known("rent")
    assert talk.turn.refused is not None


def test_what_is_not_known_can_be_filled_in_as_that() -> None:
    talk = detailing("capacity")
    fills_in(talk, "net_margin", "skip")
    assert talk.session.known("net_margin")
    assert talk.value("net_margin") is None


def test_an_edit_names_the_line_in_whose_place_it_stands() -> None:
    talk = held("rent")
    assert talk.hears(StaffEdited(NOW, MEI.id, MEI.name, 7, "更正")) == ["colleague.said"]
    assert (talk.replies[0].edits, talk.replies[0].by) == (7, MEI)


# --- putting aside -----------------------------------------------------------------------------------------


def test_what_is_put_aside_comes_back_with_the_merchant_s_next_word() -> None:
    talk = at("rent")
    until = NOW + timedelta(hours=4)
    assert talk.hears(Snoozed(NOW, MEI.id, until)) == []
    assert talk.session.snoozed_until == until
    talk.says("15000")
    assert talk.session.snoozed_until is None


def test_why_somebody_is_wanted_is_since_when_too() -> None:
    talk = at("rent")
    talk.says("/human")
    asked = talk.now
    talk.waits(minutes=2).says("/human")
    assert (talk.session.person, talk.session.person_since) == ("asked", asked)


def test_to_begin_anew_keeps_the_wish_for_a_person() -> None:
    talk = at("rent")
    talk.says("/human")
    talk.taps("/restart yes")
    assert talk.session.person == "asked"


def test_the_word_that_is_kept_survives_storing() -> None:
    talk = held("rent")
    assert replace(talk.session) == talk.session
    assert talk.session.held_since == talk.now
