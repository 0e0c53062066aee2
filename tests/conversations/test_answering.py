"""What an answer does: kept, read back, refused, skipped, with its consequence said."""

from dataclasses import replace
from typing import Any

import pytest

from conversations import answering
from conversations.judging import Ground
from conversations.replies import Row, Yuan
from conversations.requests import Assess
from conversations.session import Session, Stage
from tests.conversations.talk import NOW, asked_alone, at, flow

GROUND = Ground(flow().policy, flow().words, NOW)


@pytest.mark.parametrize("text", ["不同意", "no", "I disagree", "不"])
def test_refusing_consent_is_respected(text: str) -> None:
    talk = at("consent")
    assert talk.says(text) == ["consent.refused", "ask.consent.again"]
    assert not talk.session.answers


@pytest.mark.parametrize("how", ["says", "taps"])
def test_the_whole_notice_is_shown_on_request(how: str) -> None:
    assert getattr(at("consent"), how)("more") == ["consent.application", "ask.consent.again"]


def test_a_manager_is_told_that_the_owner_must_apply() -> None:
    talk = at("role")
    assert talk.says("我是店长") == ["role.manager", "ask.role"]
    assert not talk.session.known("role")


def test_an_answer_keeps_its_words_its_time_and_its_source() -> None:
    talk = at("rent")
    talk.says("一万五")
    answer = talk.session.answers["rent"]
    assert (answer.value, answer.said, answer.at, answer.source) == (1_500_000, "一万五", NOW, "merchant")


# --- read back ---------------------------------------------------------------------------------------------


def test_a_vague_answer_is_read_back_and_kept_after_a_yes() -> None:
    talk = at("rent")
    assert talk.says("大概1万5") == ["doubt.vague"]
    assert talk.replies[0].rows == (Row("rent", "step.rent", Yuan(1_500_000)),)
    assert not talk.session.known("rent")
    assert talk.says("对") == ["ask.staff_count"]
    assert talk.value("rent") == 1_500_000


@pytest.mark.parametrize("no", ["不对", "不是", "no"])
def test_a_misread_answer_is_asked_for_again(no: str) -> None:
    talk = at("rent")
    talk.says("一年18万")
    assert talk.says(no) == ["doubt.again", "ask.rent"]
    assert talk.session.doubt is None


@pytest.mark.parametrize(("choice", "key"), [("yes", "ask.staff_count"), ("no", "doubt.again")])
def test_a_read_back_is_answered_by_a_tap_too(choice: str, key: str) -> None:
    talk = at("rent")
    talk.says("大概1万5")
    assert talk.taps(choice)[0] == key


def test_another_number_takes_the_place_of_the_one_read_back() -> None:
    talk = at("rent")
    talk.says("大概1万5")
    assert talk.says("8000") == ["ask.staff_count"]
    assert talk.value("rent") == 800_000


def test_a_question_in_between_reads_the_same_back_again() -> None:
    talk = at("sales_last_month")
    assert talk.says("80万") == ["doubt.unusual"]
    assert talk.says("为什么") == ["why.sales_last_month", "doubt.unusual"]


def test_a_yes_with_nothing_read_back_is_no_answer() -> None:
    assert at("rent").taps("yes")[0] == "stale"
    assert at("rent").says("是的")[0] == "unclear.1"


@pytest.mark.parametrize(
    ("step", "text"), [("rent", "50万"), ("staff_count", "3人 20万"), ("debt_balance", "90万 15万")]
)
def test_costs_above_all_sales_are_asked_once_more(step: str, text: str) -> None:
    talk = at(step)
    assert talk.says(text) == ["doubt.unusual"]
    talk.says("对")
    assert talk.session.known(step)


def test_sales_few_of_the_trade_make_are_asked_once_more() -> None:
    assert at("sales_last_month").says("2百万") == ["doubt.unusual"]


@pytest.mark.parametrize("text", ["100", "999万"])
def test_sales_no_shop_of_the_trade_makes_are_refused(text: str) -> None:
    talk = at("sales_last_month")
    assert talk.says(text) == ["problem.sales", "ask.sales_last_month"]


def test_a_trade_without_bands_doubts_nothing() -> None:
    talk = at("sales_last_month")
    answers = {**talk.session.answers, "trade": GROUND.answer("other", "other")}
    talk.session = replace(talk.session, answers=answers)
    assert "other" not in flow().policy.trades
    assert talk.says("100") == ["ask.orders_per_day"]


@pytest.mark.parametrize(("text", "key"), [("100", "problem.too_small"), ("21万", "problem.too_large")])
def test_an_amount_no_product_lends_is_refused_with_the_bound(text: str, key: str) -> None:
    assert at("amount").says(f"{text} 12期") == [key, "ask.amount"]


# --- parts and skips ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "text", "then"),
    [
        ("city", "昆明", "opened"),
        ("city", "2017年2月", "city"),
        ("orders_per_day", "37单", "average_ticket"),
        ("orders_per_day", "120元", "orders_per_day"),
        ("orders_per_day", "37单 120元", "rent"),
        ("staff_count", "3个人", "payroll"),
        ("debt_balance", "5万", "debt_payment"),
        ("amount", "10万", "term"),
        ("amount", "12期", "amount"),
    ],
)
def test_half_an_answer_asks_only_for_the_rest(step: str, text: str, then: str) -> None:
    talk = at(step)
    asked = talk.says(text)
    assert talk.waiting == then
    assert asked == [f"ask.only.{then}" if then != "rent" else "ask.rent"]


@pytest.mark.parametrize("word", ["不知道", "跳过", "skip"])
@pytest.mark.parametrize("step", ["orders_per_day", "rent", "staff_count"])
def test_not_knowing_is_an_answer_with_its_consequence(step: str, word: str) -> None:
    talk = at(step)
    assert talk.says(word)[0] == f"skipped.{step}"
    assert talk.session.known(step)
    assert talk.value(step) is None


@pytest.mark.parametrize("step", ["sales_last_month", "debt_balance", "amount"])
def test_what_cannot_be_left_out_is_said_to_be_needed(step: str) -> None:
    assert at(step).says("不知道") == ["skip.needed", f"ask.{step}"]


@pytest.mark.parametrize("step", ["role", "trade", "licence", "purpose"])
def test_a_choice_cannot_be_unknown_and_the_consequence_is_said(step: str) -> None:
    assert at(step).says("不知道")[0] == "needed.other"


@pytest.mark.parametrize(
    ("step", "choice", "value"),
    [
        ("rent", "none", 0),
        ("rent", "skip", None),
        ("payroll", "none", 0),
        ("debt_payment", "none", 0),
        ("purpose", "rent", ["rent"]),
        ("term", "12", 12),
    ],
)
def test_every_quick_reply_is_an_answer(step: str, choice: str, value: Any) -> None:
    talk = asked_alone(step)
    talk.taps(choice)
    assert talk.value(step) == value


def test_no_debt_is_two_answers() -> None:
    talk = at("debt_balance")
    assert talk.taps("none") == ["ask.amount"]
    assert (talk.value("debt_balance"), talk.value("debt_payment")) == (0, 0)


@pytest.mark.parametrize("text", ["提交", "都对", "是的", "ok", "没问题。"])
def test_the_card_is_submitted_in_words(text: str) -> None:
    talk = at("check")
    assert talk.says(text) == ["assessing"]
    assert talk.turn.requests == (Assess(),)


@pytest.mark.parametrize("text", ["不对", "有问题", "改"])
def test_a_card_that_is_wrong_offers_its_lines_for_change(text: str) -> None:
    assert at("check").says(text) == ["edit.which"]


@pytest.mark.parametrize(
    "text", ["为什么", "人工", "你好", "不知道", "no", "是的", "修改", "利率多少", "how long"]
)
def test_what_is_plainly_something_else_is_no_city(text: str) -> None:
    talk = at("city")
    talk.says(text)
    assert not talk.session.known("city")


def test_without_an_open_question_there_is_nothing_to_answer() -> None:
    nobody = Session("s", stage=Stage.ASSESSING)
    with pytest.raises(LookupError):
        answering.said(nobody, "1", GROUND)


def test_a_number_that_cannot_be_the_first_figure_is_the_next() -> None:
    talk = at("staff_count")
    talk.says("2500")

    assert (talk.value("staff_count"), talk.value("payroll")) == (None, 250_000)


def test_whoever_is_not_sure_at_the_offers_has_time() -> None:
    assert at("offer").says("not sure yet") == ["offer.think"]
    assert at("licence_number").says("不知道") == ["offer.think"]


def test_five_or_six_guests_are_read_back_as_a_whole_number() -> None:
    talk = at("orders_per_day")

    assert talk.says("一天五六个客人，一个八百") == ["doubt.vague"]
    talk.says("对")
    assert (talk.value("orders_per_day"), talk.value("average_ticket")) == (6, 80_000)
