"""The conversation as a whole: the golden path, who has the word, digressions, buttons, decisions."""

from dataclasses import replace

import pytest

from conversations.events import (
    AssessmentFailed,
    Chose,
    Connected,
    Decided,
    Edited,
    Event,
    HandleChecked,
    Said,
    Shared,
)
from conversations.requests import (
    Assess,
    KeepAcceptance,
    KeepDecision,
    RecordConsent,
)
from conversations.session import Stage
from conversations.steps import BLOCKS
from tests.conversations.talk import (
    GOLDEN,
    NOW,
    PLACES,
    Talk,
    accepted,
    approved,
    assessing,
    at,
    declined,
    flow,
    referred,
)


def test_the_golden_merchant_submits_after_fifteen_prompts() -> None:
    talk, asked = Talk(), []
    talk.arrives()
    while talk.waiting:
        asked.append(talk.waiting)
        talk.answers_golden(talk.waiting)
    assert asked == list(GOLDEN)
    assert len(asked) == 15
    assert talk.session.stage is Stage.ASSESSING
    assert talk.requests[-1] == Assess()


def test_the_golden_merchant_needs_three_minutes_at_most() -> None:
    seconds = sum(11 if how == "say" else 6 for how, _ in GOLDEN.values())
    assert seconds <= 180


def test_progress_counts_the_prompts_and_the_minutes_left() -> None:
    seen = [at(block).replies[-1].progress for block in BLOCKS]
    assert [progress.done for progress in seen if progress] == list(range(1, 16))
    assert all(progress.of == 15 for progress in seen if progress)
    minutes = [progress.minutes for progress in seen if progress]
    assert minutes == sorted(minutes, reverse=True)
    assert (minutes[0], minutes[-1]) == (3, 1)


def test_from_the_offer_to_the_receipt() -> None:
    talk = at("offer")
    assert talk.taps("take:BBD12") == ["ask.licence_number"]
    assert talk.answers_golden("licence_number") == ["ask.acknowledge"]
    assert talk.taps("acknowledge") == ["ask.accept"]
    assert talk.taps("accept") == ["receipt.card"]
    assert talk.turn.requests == (KeepAcceptance(approved().decision_id, "BBD12"),)
    assert (talk.session.stage, talk.waiting) == (Stage.ACCEPTED, None)


@pytest.mark.parametrize(
    "late", [HandleChecked(NOW, "brand", "小夏"), Connected(NOW, "brand", "7", "x", "t")]
)
def test_an_account_that_comes_back_before_consent_changes_nothing(late: Event) -> None:
    talk = at("consent")
    before = talk.session
    assert talk.hears(late) == []
    assert talk.session == before


def test_an_account_that_comes_back_after_everything_was_deleted_changes_nothing() -> None:
    talk = at("brand_account")
    talk.says("/delete yes")
    talk.requests.clear()
    assert talk.connects("brand") == []
    assert talk.requests == []
    assert not talk.session.answers


def test_agreeing_is_recorded_with_the_text_agreed_to() -> None:
    talk = at("consent")
    talk.taps("agree")
    assert talk.turn.requests == (RecordConsent("application", "ask.consent"),)


# --- who has the word --------------------------------------------------------------------------------------


def test_what_was_decided_meanwhile_is_kept() -> None:
    talk = assessing()
    talk.session = replace(talk.session, holder="mei")
    talk.is_decided(approved())
    assert talk.session.decision == approved()
    assert talk.turn.requests == (KeepDecision(approved(), {}),)


@pytest.mark.parametrize("event", [Said(NOW, "13万"), Chose(NOW, "skip"), Edited(NOW, "x"), Shared(NOW, "x")])
def test_what_the_merchant_says_to_a_person_is_no_answer(event: Event) -> None:
    talk = at("sales_last_month")
    talk.session = replace(talk.session, holder="mei")
    talk.hears(event)
    assert not talk.session.known("sales_last_month")
    assert talk.session.seen == NOW


# --- arriving, coming back, what cannot be read ------------------------------------------------------------


def test_the_first_words_are_a_greeting_and_the_notice() -> None:
    assert Talk().arrives() == ["hello", "ask.consent"]
    assert Talk().says("你好") == ["hello", "ask.consent"]
    assert Talk().taps("agree") == ["hello", "ask.consent"]


def test_a_page_opened_again_at_once_says_nothing_new() -> None:
    talk = at("rent").waits(minutes=9)
    assert talk.arrives() == []


def test_a_merchant_who_comes_back_finds_the_question_with_a_recap() -> None:
    talk = at("rent").waits(minutes=11)
    assert talk.arrives() == ["recap.applying", "ask.rent"]


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("offer", "recap.offered"),
        ("assessing", "stage.assessing"),
        ("referred", "stage.referred"),
        ("declined", "stage.declined"),
        ("accepted", "stage.accepted"),
    ],
)
def test_a_merchant_who_comes_back_later_hears_where_it_stands(place: str, key: str) -> None:
    talk = PLACES[place]().waits(days=3)
    assert talk.arrives()[0] == key


@pytest.mark.parametrize("what", ["sticker", "photo", "voice", "video", "document", "location"])
def test_what_cannot_be_read_is_named_and_the_question_asked_again(what: str) -> None:
    talk = at("rent")
    assert talk.hears(Shared(NOW, what)) == [f"cannot_read.{what}", "ask.rent"]


def test_anything_else_that_cannot_be_read_is_just_that() -> None:
    assert at("rent").hears(Shared(NOW, "dice")) == ["cannot_read.other", "ask.rent"]


def test_an_edited_message_changes_no_answer_and_shows_how_to() -> None:
    talk = at("rent")
    assert talk.hears(Edited(NOW, "99")) == ["edited_message", "ask.rent"]
    assert talk.replies[0].choices[0].id == "/edit"


# --- digressions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", ["rate", "time", "privacy", "early", "late"])
def test_a_question_is_answered_and_the_open_one_asked_again(topic: str) -> None:
    talk = at("rent")
    asked = flow().words.questions[topic][0]
    assert talk.says(f"{asked}？") == [f"about.{topic}", "ask.rent"]


@pytest.mark.parametrize("block", BLOCKS)
def test_every_question_says_why_it_is_asked(block: str) -> None:
    again = "ask.consent.again" if block == "consent" else f"ask.{block}"

    assert at(block).says("为什么") == [f"why.{block}", again]


def test_sentences_may_quote_the_terms_of_the_policy() -> None:
    talk = at("rent")
    talk.says("利率")
    terms = talk.replies[0].values
    assert set(terms) == {"small_cap", "product_cap", "rate_low", "rate_high"}


@pytest.mark.parametrize("place", ["assessing", "declined", "accepted"])
def test_between_questions_a_command_in_words_works_and_anything_else_shows_where_it_stands(
    place: str,
) -> None:
    talk = PLACES[place]()
    assert talk.says("人工") == ["human.reconsider" if place == "declined" else "human.noted"]
    assert talk.says("balloon") == [f"stage.{place}"]
    assert talk.says("利率") == ["about.rate"]


def test_what_is_not_understood_is_said_differently_and_then_a_person_is_offered() -> None:
    talk = at("rent")
    heard = [talk.says("xyzzy")[0] for _ in range(4)]
    assert heard == ["unclear.1", "unclear.2", "unclear.person", "unclear.waiting"]
    assert talk.session.person == "stuck"


def test_an_answer_ends_a_run_of_misunderstandings() -> None:
    talk = at("rent")
    talk.says("xyzzy")
    talk.says("8000")
    assert talk.session.misses == 0


# --- buttons -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", ["agree", "restaurant", "take:BBD12", "accept", "nonsense", "12", "yes"])
def test_an_old_or_unknown_button_changes_nothing(choice: str) -> None:
    talk = at("rent")
    before = talk.session.answers
    assert talk.taps(choice) == ["stale", "ask.rent"]
    assert talk.session.answers == before


def test_the_button_of_another_prompt_is_stale_even_with_an_id_that_fits() -> None:
    talk = at("staff_count")
    assert talk.taps("skip", "rent") == ["stale", "ask.staff_count"]
    assert talk.taps("skip", "payroll") == ["skipped.staff_count", "ask.debt_balance"]


def test_a_button_of_an_unknown_prompt_is_judged_by_its_id() -> None:
    assert at("role").taps("owner", "of an older release") == ["ask.trade"]


def test_a_late_tap_between_questions_shows_where_it_stands() -> None:
    assert assessing().taps("owner") == ["stale", "stage.assessing"]


def test_accepting_twice_is_accepting_once() -> None:
    talk = accepted()
    talk.requests.clear()
    before = talk.session
    assert talk.taps("accept", "accept") == ["receipt.card"]
    assert talk.requests == []
    assert talk.session == replace(before, seen=NOW, told=talk.session.told)


@pytest.mark.parametrize("step", ["offer", "licence_number", "acknowledge"])
def test_nothing_can_be_accepted_before_it_was_chosen_identified_and_read(step: str) -> None:
    talk = at(step)
    assert talk.taps("accept")[0] == "stale"
    assert talk.session.stage is Stage.OFFERED
    assert talk.requests == []


# --- decisions ---------------------------------------------------------------------------------------------


def test_an_approval_shows_the_decision_every_offer_and_the_choice() -> None:
    talk = assessing()
    assert talk.is_decided(approved()) == ["decision.approved", "offer.card", "offer.card", "ask.offer"]
    assert talk.waiting == "offer"


def test_a_decline_is_told_with_its_reasons_and_asks_nothing() -> None:
    talk = assessing()
    assert talk.is_decided(declined()) == ["decision.declined"]
    assert (talk.session.stage, talk.waiting) == (Stage.DECLINED, None)


def test_a_referral_names_a_person() -> None:
    talk = assessing()
    assert talk.is_decided(referred()) == ["decision.referred"]
    assert talk.session.person == "referred"


def test_a_referral_keeps_the_reason_a_person_was_called_for() -> None:
    talk = assessing()
    talk.says("/human")
    talk.is_decided(referred())
    assert talk.session.person == "asked"


@pytest.mark.parametrize("place", ["rent", "check", "offer", "declined", "accepted", "new"])
def test_a_decision_that_nobody_waits_for_is_ignored(place: str) -> None:
    talk = PLACES[place]()
    before = talk.session
    assert talk.is_decided(declined()) == []
    assert talk.hears(AssessmentFailed(NOW, "late")) == []
    assert talk.session == before


def test_a_failed_assessment_goes_to_a_person_and_declines_nobody() -> None:
    talk = assessing()
    assert talk.hears(AssessmentFailed(NOW, "model")) == ["referred.failed"]
    assert (talk.session.stage, talk.session.person) == (Stage.REFERRED, "assessment_failed")


@pytest.mark.parametrize(("factor", "key"), [(2, "redecided.less"), (0.5, "redecided.more")])
def test_a_new_decision_says_what_changed(factor: float, key: str) -> None:
    talk = assessing()
    earlier = replace(approved(), limit=int(approved().limit * factor))
    talk.session = replace(talk.session, decision=earlier)
    assert talk.is_decided(approved())[0] == key


def test_the_same_limit_again_is_no_change() -> None:
    talk = assessing()
    talk.session = replace(talk.session, decision=approved())
    assert talk.is_decided(approved())[0] == "decision.approved"


def test_an_answer_changed_while_assessing_is_assessed_anew() -> None:
    talk = assessing()
    first = talk.session.assessment
    assert talk.says("房租改成8000") == ["changed", "assessing"]
    assert talk.turn.requests == (Assess(),)
    assert talk.hears(Decided(NOW, declined(), {}, first)) == []
    assert talk.hears(Decided(NOW, approved(), {}, talk.session.assessment))[0] == "decision.approved"
