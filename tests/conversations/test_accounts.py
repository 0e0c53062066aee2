"""Accounts: agreed to one by one, looked up, proven, let go."""

from dataclasses import replace

import pytest

from conversations import accounts
from conversations.events import Connected, ConnectFailed, HandleChecked
from conversations.replies import Reply
from conversations.requests import Assess, CheckHandle, KeepToken, RecordConsent, WithdrawConsent
from conversations.session import Answer, Session, Stage
from tests.conversations.talk import NOW, Talk, accepted, after, assessing, at, declined, referred


def named(handle: str = "小夏雲味小館", step: str = "brand_account") -> Talk:
    """A talk in which this account was named and is being looked up."""
    talk = at(step)
    talk.says(f"@{handle}")
    return talk


def checked(
    handle: str = "小夏雲味小館", *, account: str = "brand", proven: bool = False, **facts: str | None
) -> HandleChecked:
    found = {"uid": "7001", "screen_name": handle, **facts}
    return HandleChecked(NOW, account, handle, proven=proven, **found)


def ids(reply: Reply) -> list[str]:
    return [choice.id for choice in reply.choices]


@pytest.mark.parametrize(
    "text", ["@小夏雲味小館", "＠小夏雲味小館", "https://weibo.com/n/小夏雲味小館", "1404376560"]
)
def test_an_address_is_consented_to_and_looked_up(text: str) -> None:
    talk = at("brand_account")
    assert talk.says(text) == ["account.looking"]
    consent, look = list(talk.turn.requests)
    assert isinstance(consent, RecordConsent)
    assert isinstance(look, CheckHandle)
    assert (consent.scope, consent.key, consent.account) == ("brand", "consent.brand", look.handle)
    assert look.phrase == accounts.phrase(talk.session, "brand")
    assert talk.waiting == "brand_account"


def test_other_words_are_asked_about_before_anybody_is_looked_up() -> None:
    talk = at("brand_account")
    assert talk.says("小夏雲味小館") == ["doubt.account"]
    assert talk.requests == []
    assert talk.says("对") == ["account.looking"]
    assert isinstance(talk.turn.requests[0], RecordConsent)


def test_a_wrong_guess_at_a_name_is_asked_for_again() -> None:
    talk = at("brand_account")
    talk.says("小夏雲味小館")
    assert talk.says("不对") == ["doubt.again", "ask.brand_account"]
    assert talk.session.accounts == {}


@pytest.mark.parametrize("text", ["x", "!!!", "https://example.com/小夏", "@"])
def test_what_cannot_be_a_name_is_not_looked_up(text: str) -> None:
    talk = at("brand_account")
    assert talk.says(text)[0] == "unclear.1"
    assert talk.turn.requests == ()


@pytest.mark.parametrize("text", ["没有", "没有微博", "no", "none", "跳过", "不知道", "I don't have one"])
def test_to_have_no_account_is_to_skip_it(text: str) -> None:
    talk = at("brand_account")
    assert talk.says(text) == ["skipped.brand", "ask.personal_account"]
    assert talk.session.known("brand_account")
    assert talk.value("brand_account") is None


@pytest.mark.parametrize("account", ["brand", "personal"])
def test_skipping_says_what_follows_from_it(account: str) -> None:
    assert at(f"{account}_account").taps("skip")[0] == f"skipped.{account}"


def test_connect_in_words_points_to_the_button() -> None:
    assert at("brand_account").says("授权") == ["account.open_link", "ask.brand_account"]
    assert at("brand_account").taps("connect") == ["account.open_link", "ask.brand_account"]


def test_the_connect_button_opens_the_page_of_its_account() -> None:
    links = {choice.id: choice.link for choice in at("personal_account").replies[-1].choices}
    assert links == {"connect": "weibo/personal", "skip": None}


def test_an_account_found_is_to_be_proven_by_a_phrase() -> None:
    talk = named()
    assert talk.hears(checked()) == ["account.prove"]
    assert ids(talk.replies[0]) == ["check_again", "connect", "unproven"]
    assert talk.replies[0].values["phrase"] == accounts.phrase(talk.session, "brand")
    assert not talk.session.known("brand_account")


@pytest.mark.parametrize("done", ["已放好", "done"])
def test_the_phrase_is_looked_for_again_when_it_is_said_to_be_there(done: str) -> None:
    talk = named()
    talk.hears(checked())
    assert talk.says(done) == ["account.looking"]
    assert isinstance(talk.turn.requests[0], CheckHandle)
    assert talk.hears(checked(proven=True)) == ["account.proven", "ask.personal_account"]
    assert talk.session.accounts["brand"].proven


def test_an_account_left_unproven_is_let_go() -> None:
    talk = named()
    talk.hears(checked())
    assert talk.taps("unproven") == ["skipped.unproven", "ask.personal_account"]
    assert talk.session.accounts == {}
    assert talk.turn.requests == (WithdrawConsent("brand"),)


@pytest.mark.parametrize("choice", ["check_again", "unproven"])
def test_there_is_nothing_to_prove_before_an_account_is_named(choice: str) -> None:
    assert at("brand_account").taps(choice)[0] == "stale"
    assert accounts.tapped(at("brand_account").session, choice, _no_answer()) is None


def test_an_account_that_does_not_exist_is_asked_for_again() -> None:
    talk = named()
    assert talk.hears(checked(fact="not_found")) == ["account.not_found", "ask.brand_account"]


def test_a_source_that_is_down_is_noted_and_held_against_nobody() -> None:
    talk = named()
    heard = talk.hears(checked(fact="timeout", screen_name=None, uid=None))
    assert heard == ["account.unavailable", "ask.personal_account"]
    assert talk.session.accounts["brand"].unavailable == "timeout"


@pytest.mark.parametrize("late", [checked("somebody else"), checked(account="personal")])
def test_a_look_up_that_nobody_waits_for_says_nothing(late: HandleChecked) -> None:
    talk = named()
    before = talk.session
    assert talk.hears(late) == []
    assert talk.session == before


def test_a_look_up_that_comes_after_the_question_says_nothing() -> None:
    talk = named()
    talk.taps("skip")
    assert talk.hears(checked()) == []


def test_connecting_proves_and_keeps_the_token() -> None:
    talk = at("brand_account")
    assert talk.connects("brand") == ["account.connected", "ask.personal_account"]
    assert talk.session.accounts["brand"].connected
    assert talk.turn.requests == (
        RecordConsent("brand", "consent.brand", "1001"),
        KeepToken("brand", "1001", "sealed"),
    )


def test_connecting_in_passing_leaves_the_open_question_open() -> None:
    talk = at("rent")
    assert talk.connects("personal") == ["account.connected", "ask.rent"]
    assert talk.waiting == "rent"


def test_connecting_at_the_card_shows_the_card_anew() -> None:
    assert at("check").connects("personal") == ["account.connected", "ask.check"]


def test_connecting_while_assessing_has_the_account_counted() -> None:
    talk = assessing()
    assert talk.connects("personal") == ["account.connected", "assessing"]
    assert Assess() in talk.turn.requests


@pytest.mark.parametrize("step", ["offer", "licence_number", "acknowledge", "accept"])
def test_connecting_after_an_offer_decides_anew(step: str) -> None:
    talk = at(step)
    assert talk.connects("personal") == ["account.connected", "assessing"]
    assert (talk.session.stage, talk.session.chosen) == (Stage.ASSESSING, None)


@pytest.mark.parametrize("talk", [after(declined()), after(referred())], ids=["declined", "referred"])
def test_connecting_after_a_decision_decides_anew(talk: Talk) -> None:
    assert talk.connects("personal") == ["account.connected", "assessing"]


def test_connecting_after_acceptance_changes_nothing() -> None:
    talk = accepted()
    before = talk.session
    assert talk.connects("brand") == []
    assert talk.session == before


def test_one_account_cannot_be_both_by_authorisation() -> None:
    talk = at("personal_account")
    heard = talk.hears(Connected(NOW, "personal", "1001", "小夏brand", "sealed"))
    assert heard == ["problem.same_account", "ask.personal_account"]
    assert "personal" not in talk.session.accounts


def test_one_account_cannot_be_both_by_name() -> None:
    talk = at("personal_account")
    assert talk.says("@小夏brand") == ["problem.same_account", "ask.personal_account"]


def test_one_account_cannot_be_both_under_two_names() -> None:
    talk = named("renamed", "personal_account")
    heard = talk.hears(checked("renamed", account="personal", uid="1001"))
    assert heard == ["problem.same_account", "ask.personal_account"]
    assert "personal" not in talk.session.accounts
    assert talk.turn.requests == (WithdrawConsent("personal"),)


@pytest.mark.parametrize(
    ("fact", "key"), [("refused", "refused"), ("timeout", "unavailable"), ("", "unavailable")]
)
def test_a_connection_that_fails_leaves_every_way_open(fact: str, key: str) -> None:
    talk = at("brand_account")
    assert talk.hears(ConnectFailed(NOW, "brand", fact)) == [f"account.connect_{key}", "ask.brand_account"]


def test_the_phrase_is_short_stable_and_each_conversations_own() -> None:
    one, other = Session("one"), Session("two")
    assert accounts.phrase(one, "brand") == accounts.phrase(replace(one, version=9), "brand")
    assert len({accounts.phrase(each, kind) for each in (one, other) for kind in ("brand", "personal")}) == 4
    assert len(accounts.phrase(one, "brand")) == 8


def test_another_account_in_place_of_the_first_lets_the_first_go() -> None:
    talk = at("check")
    talk.taps("/edit brand_account")
    assert talk.says("@another") == ["account.looking"]
    assert WithdrawConsent("brand") in talk.turn.requests
    assert talk.session.accounts["brand"].handle == "another"


def test_skipping_an_account_after_a_decision_decides_anew() -> None:
    talk = after(declined())
    talk.taps("/edit brand_account")
    assert talk.taps("skip") == ["skipped.brand", "assessing"]
    assert talk.session.stage is Stage.ASSESSING


def test_only_account_steps_ask_for_accounts() -> None:
    with pytest.raises(LookupError):
        accounts.named(at("rent").session, "@小夏")


def _no_answer() -> Answer:
    return Answer(None, "", NOW)


def test_a_phrase_that_is_not_found_three_times_brings_a_person() -> None:
    talk = at("brand_account")
    talk.says("@小夏雲味小館")
    talk.hears(checked())
    said = []
    for _ in range(3):
        talk.taps("check_again")
        said.append(talk.hears(checked()))

    assert said == [["account.still"], ["account.still"], ["account.person", "account.still"]]
    assert talk.session.person == "stuck"
