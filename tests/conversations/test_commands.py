"""Commands: understood at any time, in every stage, typed or tapped."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from conversations.commands import LANGUAGES, PUBLIC
from conversations.phrases import LANGUAGES as SPOKEN
from conversations.replies import Reply
from conversations.requests import Assess, Erase, WithdrawConsent
from conversations.session import Session, Stage
from tests.conversations.talk import NOW, Talk, accepted, after, approved, assessing, at, declined, referred

EVERYWHERE = {
    "new": Talk,
    "consent": lambda: at("consent"),
    "rent": lambda: at("rent"),
    "check": lambda: at("check"),
    "assessing": assessing,
    "offer": lambda: at("offer"),
    "accept": lambda: at("accept"),
    "declined": lambda: after(declined()),
    "referred": lambda: after(referred()),
    "accepted": accepted,
}
IN_ANY = pytest.mark.parametrize("place", EVERYWHERE.values(), ids=EVERYWHERE)


def ids(reply: Reply) -> list[str]:
    return [choice.id for choice in reply.choices]


@IN_ANY
@pytest.mark.parametrize("command", PUBLIC)
def test_every_command_is_answered_in_every_stage(command: str, place: Callable[[], Talk]) -> None:
    assert place().says(f"/{command}")


@IN_ANY
def test_every_command_but_edit_leaves_the_answers_alone_when_unconfirmed(place: Callable[[], Talk]) -> None:
    talk = place()
    before = talk.session.answers
    for command in ("help", "status", "why", "human", "language", "mydata", "withdraw", "delete", "stop"):
        talk.says(f"/{command}")
    assert talk.session.answers == before


def test_commands_speak_the_languages_there_are() -> None:
    assert LANGUAGES == SPOKEN


@pytest.mark.parametrize("text", ["/help", "/HELP", "/ help", "/help@bangbang_bot", "/nosuch", "/"])
def test_help_answers_itself_and_every_unknown_command(text: str) -> None:
    assert at("rent").says(text) == ["help", "ask.rent"]


def test_start_greets_a_stranger_and_reminds_an_acquaintance() -> None:
    assert Talk().says("/start") == ["hello", "ask.consent"]
    assert at("rent").says("/start payload") == ["recap.applying", "ask.rent"]
    assert assessing().says("/start") == ["stage.assessing"]


def test_a_recap_counts_the_prompts_answered() -> None:
    talk = at("rent")
    talk.says("/status")
    assert talk.replies[0].values["answered"] == 8


def test_status_says_how_far_it_is() -> None:
    assert at("rent").says("/status") == ["recap.applying", "ask.rent"]
    assert accepted().says("/status") == ["recap.accepted"]


# --- edit --------------------------------------------------------------------------------------------------


def test_edit_lists_what_can_be_changed() -> None:
    talk = at("rent")
    assert talk.says("/edit") == ["edit.which"]
    assert ids(talk.replies[0])[:2] == ["/edit role", "/edit trade"]
    assert "/edit consent" not in ids(talk.replies[0])


def test_there_is_nothing_to_edit_at_first() -> None:
    assert at("role").says("/edit") == ["edit.nothing", "ask.role"]
    assert at("role").says("/edit consent") == ["edit.nothing", "ask.role"]


@pytest.mark.parametrize(
    ("step", "key", "text", "value"),
    [
        ("role", "ask.role", "合伙人", "partner"),
        ("rent", "ask.rent", "8000", 800_000),
        ("city", "ask.only.city", "大理", "大理"),
        ("opened", "ask.only.opened", "2018年3月", "2018-03"),
        ("orders_per_day", "ask.only.orders_per_day", "40", 40),
        ("average_ticket", "ask.only.average_ticket", "100", 10_000),
        ("days_open", "ask.only.days_open", "26", 26),
        ("staff_count", "ask.only.staff_count", "5.5", 5.5),
        ("payroll", "ask.only.payroll", "2万", 2_000_000),
        ("debt_balance", "ask.only.debt_balance", "4万", 4_000_000),
        ("debt_payment", "ask.only.debt_payment", "2000", 200_000),
        ("amount", "ask.only.amount", "5万", 5_000_000),
        ("term", "ask.only.term", "6", 6),
        ("purpose", "ask.purpose", "装修", ["renovation"]),
    ],
)
def test_any_answer_is_changed_alone_and_the_change_is_said(
    step: str, key: str, text: str, value: object
) -> None:
    talk = at("check")
    assert talk.taps(f"/edit {step}") == ["edit.now", key]
    assert talk.says(text) == ["changed", "ask.check"]
    assert talk.value(step) == value


def test_the_same_answer_again_is_no_change() -> None:
    talk = at("check")
    talk.taps("/edit rent")
    assert talk.says("一万五") == ["ask.check"]


def test_a_change_after_an_offer_withdraws_it_and_decides_anew() -> None:
    talk = at("accept")
    talk.taps("/edit rent")
    assert talk.says("8000") == ["changed", "assessing"]
    assert (talk.session.stage, talk.session.chosen, talk.session.acknowledged) == (
        Stage.ASSESSING,
        None,
        False,
    )
    assert talk.turn.requests == (Assess(),)


def test_looking_at_an_answer_does_not_yet_withdraw_an_offer() -> None:
    talk = at("accept")
    talk.taps("/edit rent")
    assert talk.session.stage is Stage.OFFERED
    assert talk.taps("/offers")[-1] == "ask.offer"


def test_a_licence_number_is_corrected_without_losing_the_offer() -> None:
    talk = at("acknowledge")
    talk.taps("/edit licence_number")
    assert talk.says("91350100M000100Y43") == ["ask.acknowledge"]
    assert talk.session.chosen == "BBD12"


def test_editing_while_assessing_waits_for_the_answer_and_assesses_anew() -> None:
    talk = assessing()
    talk.taps("/edit rent")
    assert talk.session.stage is Stage.APPLYING
    assert talk.is_decided(approved()) == []
    assert talk.says("8000") == ["changed", "assessing"]


def test_an_accepted_offer_fixes_the_answers() -> None:
    assert accepted().says("/edit rent") == ["edit.accepted"]
    assert accepted().says("/restart yes") == ["edit.accepted"]


# --- why, human, language ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "keys"),
    [
        ("rent", ["why.rent", "ask.rent"]),
        ("offer", ["decision.approved", "ask.offer"]),
        ("declined", ["decision.declined"]),
        ("referred", ["decision.referred"]),
        ("accepted", ["decision.approved"]),
        ("assessing", ["stage.assessing"]),
    ],
)
def test_why_explains_the_question_or_the_decision(place: str, keys: list[str]) -> None:
    assert EVERYWHERE[place]().says("/why") == keys


@IN_ANY
def test_a_person_is_one_word_away_everywhere(place: Callable[[], Talk]) -> None:
    talk = place()
    assert {"human.noted", "human.reconsider"} & set(talk.says("/human"))
    assert talk.session.person


def test_a_person_asked_for_twice_keeps_the_first_reason() -> None:
    talk = at("rent")
    talk.session = replace(talk.session, person="stuck")
    talk.says("人工")
    assert talk.session.person == "stuck"


@pytest.mark.parametrize(
    ("text", "language"),
    [("/language en", "en"), ("/language ZH-HANT", "zh-Hant"), ("繁體中文", "zh-Hant"), ("english", "en")],
)
def test_the_language_changes_at_once_and_the_question_is_asked_in_it(text: str, language: str) -> None:
    talk = at("rent")
    assert talk.says(text) == ["language.changed", "ask.rent"]
    assert talk.session.language == language


def test_a_language_is_chosen_from_those_there_are() -> None:
    talk = at("rent")
    assert talk.says("/language klingon") == ["language.which"]
    assert ids(talk.replies[0]) == [f"/language {language}" for language in LANGUAGES]


# --- one's own data ----------------------------------------------------------------------------------------


def test_all_that_is_held_is_shown_with_what_can_be_done_about_it() -> None:
    talk = at("rent")
    assert talk.says("/mydata") == ["mydata.card", "ask.rent"]
    assert len(talk.replies[0].rows) == len(talk.session.answers) - 1
    assert ids(talk.replies[0]) == ["/withdraw", "/delete"]


def test_nothing_held_is_said_to_be_nothing() -> None:
    assert Talk().says("/mydata") == ["mydata.nothing"]
    assert at("consent").says("/mydata") == ["mydata.nothing", "ask.consent.again"]


def test_the_accounts_that_may_be_withdrawn_are_named() -> None:
    talk = at("rent")
    assert talk.says("/withdraw") == ["withdraw.which"]
    assert ids(talk.replies[0]) == ["/withdraw brand", "/withdraw personal", "/delete"]
    assert at("role").says("/withdraw") == ["withdraw.nothing"]


def test_withdrawing_forgets_the_account_and_goes_on() -> None:
    talk = at("rent")
    assert talk.says("/withdraw brand") == ["withdraw.done", "ask.rent"]
    assert talk.turn.requests == (WithdrawConsent("brand"),)
    assert "brand" not in talk.session.accounts
    assert talk.session.known("brand_account")
    assert talk.value("brand_account") is None


def test_withdrawing_before_the_account_was_settled_leaves_its_question_open() -> None:
    talk = at("brand_account")
    talk.says("@小夏雲味小館")
    assert talk.says("/withdraw brand") == ["withdraw.done", "ask.brand_account"]
    assert not talk.session.known("brand_account")


@pytest.mark.parametrize("place", ["offer", "accept", "assessing", "declined", "referred"])
def test_withdrawing_after_submission_decides_anew(place: str) -> None:
    talk = EVERYWHERE[place]()
    assert talk.says("/withdraw personal") == ["withdraw.done"]
    assert talk.turn.requests == (WithdrawConsent("personal"), Assess())
    assert (talk.session.stage, talk.waiting, talk.session.chosen) == (Stage.ASSESSING, None, None)


def test_offers_made_from_a_withdrawn_account_do_not_come_back() -> None:
    talk = at("offer")
    talk.taps("decline")
    assert talk.says("/withdraw brand") == ["withdraw.done"]
    assert talk.session.decision is None
    assert talk.says("/offers") == ["stage.closed"]


def test_deleting_is_confirmed_and_leaves_nothing() -> None:
    talk = at("accept")
    assert talk.says("/delete") == ["delete.sure"]
    assert talk.taps("/delete yes") == ["delete.done"]
    assert talk.turn.requests == (Erase(),)
    kept = talk.session
    assert kept == Session(kept.id, stage=Stage.CLOSED, seen=NOW, told="delete.done")


def test_an_accepted_loan_is_said_to_keep_its_record() -> None:
    assert accepted().says("/delete") == ["delete.accepted"]


def test_who_deleted_everything_can_begin_anew() -> None:
    talk = at("rent")
    talk.says("/delete yes")
    assert talk.says("/restart") == ["restart.done", "ask.consent"]


def test_under_eighteen_everything_is_deleted_at_once() -> None:
    for go, what in ((Talk.taps, "under_18"), (Talk.says, "我未满18岁")):
        talk = at("consent")
        assert go(talk, what) == ["under_18"]
        assert talk.turn.requests == (Erase(),)


def test_reminders_are_stopped() -> None:
    talk = at("rent")
    assert talk.says("/stop") == ["stop.done", "ask.rent"]
    assert not talk.session.reminders


# --- restart, offers ---------------------------------------------------------------------------------------


def test_starting_again_is_confirmed_and_keeps_the_consent_alone() -> None:
    talk = at("rent")
    assert talk.says("/restart") == ["restart.sure"]
    assert talk.taps("/restart yes") == ["restart.done", "ask.role"]
    assert list(talk.session.answers) == ["consent"]
    assert talk.session.accounts == {}
    assert talk.turn.requests == (WithdrawConsent("brand"), WithdrawConsent("personal"))


def test_with_nothing_to_lose_starting_again_needs_no_confirmation() -> None:
    assert at("role").says("/restart") == ["restart.done", "ask.role"]


@pytest.mark.parametrize("place", ["rent", "assessing", "declined"])
def test_without_offers_there_are_none_to_show(place: str) -> None:
    talk = EVERYWHERE[place]()
    assert talk.says("/offers") == (["ask.rent"] if place == "rent" else [f"stage.{place}"])


def test_offers_that_ran_out_are_decided_anew() -> None:
    talk = at("offer").waits(days=60)
    assert talk.says("/offers") == ["offer.expired"]
    assert talk.turn.requests == (Assess(),)
