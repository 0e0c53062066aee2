"""Coming back: after minutes nothing, after a while one line, after a long while what has changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from conversations.events import TimeCame
from conversations.phrases import LANGUAGES
from conversations.requests import Assess
from conversations.session import Stage
from conversations.timers import timers
from conversations.wording import word
from scoring.calendar import CHINA
from tests.conversations.talk import CLOSING, Talk, accepted, approved, at, detailing

LAST = approved().offers[0].expires
END = datetime(LAST.year, LAST.month, LAST.day, tzinfo=CHINA) + timedelta(days=1)
MORNING = END + timedelta(hours=9)


def news(talk: Talk) -> set[str]:
    recap = next(reply for reply in talk.replies if reply.key == "recap.news")
    assert all(word(recap, language).text for language in LANGUAGES)
    return {clause.key for clause in recap.values["news"].parts}  # type: ignore[union-attr]  # Clauses


def lapsed_at(step: str) -> Talk:
    talk = at(step)
    talk.now = MORNING
    return talk


def test_after_minutes_nothing_is_said_and_after_an_hour_one_line() -> None:
    talk = at("rent")
    assert talk.waits(minutes=9).arrives() == []
    assert talk.waits(minutes=60).arrives() == ["recap.applying", "ask.rent"]


def test_after_a_month_the_line_says_for_how_long_and_that_the_months_have_moved_on() -> None:
    talk = at("rent").waits(days=40)
    assert talk.arrives() == ["recap.news", "ask.rent"]
    assert news(talk) == {"news.away", "news.sales"}
    [change] = [choice for choice in talk.replies[0].choices if choice.id == "/edit sales_last_month"]
    assert "March 2020" in word(talk.replies[0], "en").text
    talk.taps(change.id)
    talk.says("12万")
    assert talk.waits(hours=1).arrives() == ["recap.applying", "ask.rent"]


def test_sales_told_last_december_are_those_of_november() -> None:
    talk = at("rent")
    told = replace(talk.session.answers["sales_last_month"], at=datetime(2020, 1, 31, 15, 59, tzinfo=CHINA))
    talk.session = replace(
        talk.session, answers={**talk.session.answers, "sales_last_month": told}, seen=told.at
    )
    talk.now = told.at + timedelta(days=1)
    talk.arrives()
    assert "December 2019" in word(talk.replies[0], "en").text


def test_before_sales_are_told_a_month_away_is_only_counted() -> None:
    talk = at("city").waits(days=31)
    talk.arrives()
    assert news(talk) == {"news.away"}


def test_offers_that_run_out_are_told_of_once_and_by_day() -> None:
    talk = at("offer")
    assert timers(talk.session, talk.now)["lapse"] == MORNING
    talk.now = MORNING
    assert talk.hears(TimeCame(talk.now, "lapse")) == ["offer.lapsed"]
    assert talk.turn.timers["lapse"] is None
    assert talk.hears(TimeCame(talk.now, "lapse")) == []


def test_whoever_said_stop_is_not_told_and_still_finds_new_offers() -> None:
    talk = at("offer")
    talk.says("/stop")
    talk.now = MORNING
    assert talk.hears(TimeCame(talk.now, "lapse")) == []
    assert talk.arrives() == ["offer.expired"]


def test_offers_that_ran_out_long_ago_are_not_raised_by_us() -> None:
    talk = at("offer")
    talk.now = MORNING + timedelta(days=8)
    assert talk.hears(TimeCame(talk.now, "lapse")) == []


@pytest.mark.parametrize("step", CLOSING)
@pytest.mark.parametrize("how", ["comes back", "taps", "asks", "/status", "/offers"])
def test_offers_that_have_run_out_are_decided_anew_whatever_the_merchant_does(step: str, how: str) -> None:
    talk = lapsed_at(step)
    does: dict[str, Callable[[], list[str]]] = {
        "comes back": talk.arrives,
        "taps": partial(talk.answers_golden, step),
        "asks": partial(talk.says, "利率多少"),
        "/status": partial(talk.says, "/status"),
        "/offers": partial(talk.taps, "/offers"),
    }
    said = does[how]()
    assert said[-1] == "offer.expired"
    assert "recap.offered" not in said
    assert not any(reply.offer or reply.step for reply in talk.replies)
    assert talk.session.stage is Stage.ASSESSING
    assert talk.requests == [Assess()]


def test_what_was_said_meanwhile_is_answered_and_kept() -> None:
    talk = lapsed_at("licence_number")
    talk.answers_golden("licence_number")
    assert talk.value("licence_number")
    assert lapsed_at("offer").says("/human") == ["human.noted", "offer.expired"]


def test_the_new_decision_brings_offers_with_a_new_end_and_a_timer_of_their_own() -> None:
    talk = lapsed_at("accept")
    talk.arrives()
    offers = tuple(replace(offer, expires=LAST + timedelta(days=30)) for offer in approved().offers)
    talk.is_decided(replace(approved(), decision_id="another", offers=offers))
    assert talk.waiting == "offer"
    assert timers(talk.session, talk.now)["lapse"] > MORNING + timedelta(days=14)


def test_a_merchant_who_says_no_while_the_offers_have_run_out_is_not_given_new_ones() -> None:
    talk = lapsed_at("offer")
    talk.says("/delete yes")
    assert talk.session.stage is Stage.CLOSED


def test_offers_run_out_while_details_are_asked_and_are_decided_anew_at_the_end_of_them() -> None:
    talk = detailing("purchases")
    talk.now = MORNING
    said = talk.taps("/offers")
    assert said[-1] == "offer.expired"
    assert not any(reply.offer for reply in talk.replies)


def test_an_accepted_loan_has_no_timers() -> None:
    talk = accepted()
    assert timers(talk.session, talk.now) == {}


def test_a_reminder_that_comes_after_the_offers_have_run_out_leaves_that_to_be_told() -> None:
    talk = at("offer")
    talk.session = replace(talk.session, seen=END - timedelta(hours=30))
    talk.now = MORNING
    assert talk.hears(TimeCame(talk.now, "nudge")) == []
