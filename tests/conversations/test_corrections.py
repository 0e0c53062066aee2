"""Any answer put right at any time: by name, by its old value, or just after it was said."""

from dataclasses import replace

import pytest

from conversations.requests import Assess, KeepDecision
from conversations.session import Stage
from tests.conversations.talk import PLACES, Talk, accepted, after, approved, assessing, at, declined, modest


def value_after(talk: Talk, words: str, step: str) -> object:
    talk.says(words)
    return talk.value(step)


@pytest.mark.parametrize(
    "words",
    [
        "房租改成16000", "把房租改为1.6万", "房租是16000不是15000", "房租是16000，不是15000",
        "房租写错了，是16000", "房租不是15000，是16000", "改一下房租，16000", "不对，房租是16000",
        "其实房租一万六", "房租：16000", "從前說錯了，房租是16000", "租金应该是16000块",
        "我们房租16000吧", "每月房租16000", "rent is 16000, not 15000", "rent is not 15000 but 16000",
        "change the rent to 16000", "my rent is 16000", "change rent from 15000 to 16000",
        "actually the rent is 16,000", "sorry, rent should be 16k", "not 15000, 16000",
        "16000, not 15000", "不是一万五，是一万六", "不是15000，而是16000", "我说错了，是16000",
        "不对，是16000", "16000才对，不是15000", "wrong, it's 16000", "i meant 16000", "oops 16000",
    ],
)  # fmt: skip
def test_the_rent_is_put_right_and_the_interrupted_question_returns(words: str) -> None:
    talk = at("staff_count")
    assert talk.says(words) == ["changed", "ask.staff_count"], words
    assert talk.value("rent") == 1_600_000
    assert talk.waiting == "staff_count"


@pytest.mark.parametrize(
    ("words", "step", "value"),
    [
        ("身份改成合伙人", "role", "partner"),
        ("行业改成健身房", "trade", "gym"),
        ("not a restaurant, a gym", "trade", "gym"),
        ("不是餐厅，是咖啡店", "trade", "cafe"),
        ("城市改成大理", "city", "大理"),
        ("不是昆明，是大理", "city", "大理"),
        ("the city is Dali", "city", "Dali"),
        ("开业时间改成2018年3月", "opened", "2018-03"),
        ("we opened in March 2018", "opened", "2018-03"),
        ("执照改成公司", "licence", "company"),
        ("不是个体户，是公司", "licence", "company"),
        ("上个月营业额改成14万", "sales_last_month", 14_000_000),
        ("每天单数改成40", "orders_per_day", 40),
        ("40 orders a day, not 37", "orders_per_day", 40),
        ("客单价改成110", "average_ticket", 11_000),
        ("每月营业天数改成28", "days_open", 28),
        ("员工改成7个", "staff_count", 7),
        ("not 6.5 people, 7", "staff_count", 7),
        ("工资改成31000", "payroll", 3_100_000),
        ("欠款改成4万", "debt_balance", 4_000_000),
        ("月供改成2000", "debt_payment", 200_000),
        ("不是10万，是8万", "amount", 8_000_000),
        ("期数改成6期", "term", 6),
        ("不要12期，6期", "term", 6),
        ("用途改成装修", "purpose", ["renovation"]),
    ],
)
def test_every_answer_can_be_put_right_from_the_card(words: str, step: str, value: object) -> None:
    talk = at("check")
    assert talk.says(words)[0] == "changed", words
    assert talk.value(step) == value
    assert talk.waiting == "check"


@pytest.mark.parametrize(
    "words",
    ["改一下房租", "房租不对", "房租写错了", "my rent is wrong", "change my rent", "i want to fix the rent",
     "不是15000", "i didn't mean 15000", "可以改房租吗？"],
)  # fmt: skip
def test_an_answer_said_to_be_wrong_is_asked_for_again(words: str) -> None:
    talk = at("staff_count")
    assert talk.says(words) == ["edit.now", "ask.rent"], words
    assert talk.says("16000") == ["changed", "ask.staff_count"]


@pytest.mark.parametrize("words", ["不改了", "算了", "never mind", "还是原来的", "keep it"])
def test_a_correction_withdrawn_keeps_the_old_value(words: str) -> None:
    talk = at("staff_count")
    talk.says("改一下房租")
    assert talk.says(words) == ["kept", "ask.staff_count"]
    assert talk.value("rent") == 1_500_000


def test_a_correction_read_back_and_withdrawn_keeps_the_old_value() -> None:
    talk = at("check")
    assert talk.says("房租改成大概16000") == ["doubt.vague"]
    assert talk.says("不改了") == ["kept", "ask.check"]
    assert talk.value("rent") == 1_500_000


@pytest.mark.parametrize("words", ["改回来", "undo that", "change it back"])
def test_what_was_changed_last_can_be_changed_back(words: str) -> None:
    talk = at("check")
    talk.says("房租改成16000")
    assert talk.says(words) == ["changed", "ask.check"]
    assert talk.value("rent") == 1_500_000


def test_twice_in_a_row_keeps_the_last() -> None:
    talk = at("staff_count")
    talk.says("房租改成16000")
    assert talk.says("不对，是17000") == ["changed", "ask.staff_count"]
    assert talk.value("rent") == 1_700_000


def test_the_same_value_once_more_changes_nothing() -> None:
    talk = at("check")
    assert talk.says("房租15000") == ["already", "ask.check"]
    assert after(approved()).says("房租是15000") == ["already", "ask.offer"]


def test_of_several_figures_the_nearest_is_read_back() -> None:
    talk = at("rent")
    assert talk.says("不对，是35") == ["doubt.meant"]
    assert talk.session.doubt == {"orders_per_day": 35}
    assert talk.says("对") == ["changed", "ask.rent"]


def test_a_figure_with_its_counter_needs_no_reading_back() -> None:
    talk = at("rent")
    assert talk.says("我是说35单") == ["changed", "ask.rent"]
    assert talk.value("orders_per_day") == 35


def test_a_no_that_may_be_an_answer_is_read_back_as_a_correction() -> None:
    talk = at("staff_count")
    assert talk.says("no, 16000") == ["doubt.meant"]
    assert talk.says("no") == ["edit.now", "ask.rent"]


def test_a_figure_that_nothing_has_asks_which_answer_is_meant() -> None:
    assert at("check").says("改成5万") == ["edit.which"]


def test_an_old_value_that_two_answers_have_asks_which_is_meant() -> None:
    talk = at("check")
    talk.says("工资改成15000")
    assert talk.says("不是15000，是16000") == ["changed", "ask.check"]  # the one changed last
    talk = at("check")
    talk.says("工资改成15000")
    talk.says("城市改成大理")
    assert talk.says("不是15000，是16000") == ["edit.which"]
    assert [choice.id for choice in talk.replies[0].choices] == ["/edit rent", "/edit payroll"]


def test_what_is_not_answered_yet_comes_later() -> None:
    assert at("role").says("改一下房租") == ["comes_later", "ask.role"]


def test_an_unusual_correction_is_read_back_and_an_impossible_one_refused() -> None:
    talk = at("check")
    assert talk.says("上个月营业额改成100万") == ["doubt.unusual"]
    assert talk.says("不对") == ["edit.now", "ask.sales_last_month"]
    talk = at("check")
    assert talk.says("上个月营业额改成9亿") == ["problem.too_large", "ask.check"]
    assert talk.value("sales_last_month") == 13_000_000


def test_a_value_read_back_for_the_open_question_survives_a_correction() -> None:
    talk = at("staff_count")
    assert talk.says("大概6人 3万") == ["doubt.vague"]
    assert talk.says("房租改成16000") == ["changed", "doubt.vague"]
    assert talk.says("对") == ["ask.debt_balance"]


def test_an_old_button_confirms_no_newer_value() -> None:
    talk = at("rent")
    talk.says("大概1万5")
    old = talk.replies[0].choices[0].id
    talk.says("大概1万8")
    assert talk.taps(old, "rent") == ["stale", "doubt.vague"]
    assert not talk.session.known("rent")
    assert talk.taps(talk.replies[-1].choices[0].id, "rent") == ["ask.staff_count"]
    assert talk.value("rent") == 1_800_000


# --- what depends on it ------------------------------------------------------------------------------------


def test_a_debt_below_its_payment_asks_for_the_payment_again() -> None:
    talk = at("check")
    assert talk.says("欠款改成2000") == ["changed", "depends", "ask.only.debt_payment"]
    assert talk.says("500") == ["ask.check"]


def test_no_debt_is_no_payment_and_a_new_debt_asks_for_one() -> None:
    talk = at("check")
    assert talk.says("欠款改成0") == ["changed", "changed", "ask.check"]
    assert talk.value("debt_payment") == 0
    assert talk.says("欠款改成3万") == ["changed", "depends", "ask.only.debt_payment"]


def test_another_trade_asks_for_sales_it_cannot_have_and_nothing_else() -> None:
    talk = at("check")
    talk.says("上个月营业额改成300万")
    talk.says("对")
    assert talk.says("行业改成民宿")[:2] == ["changed", "depends"]
    assert talk.waiting == "sales_last_month"


def test_another_trade_counts_other_things() -> None:
    talk = after(modest())
    talk.says("16张")
    talk.is_decided(modest())
    assert talk.says("不是餐厅，是健身房") == ["changed", "depends"]
    assert not talk.session.known("capacity")
    talk.is_decided(modest())
    assert talk.waiting == "capacity"


def test_another_licence_has_another_number() -> None:
    talk = at("acknowledge")
    assert talk.says("执照改成公司")[:2] == ["changed", "depends"]
    assert not talk.session.known("licence_number")


def test_an_owner_who_turns_out_to_be_a_manager_cannot_go_on() -> None:
    talk = at("check")
    talk.says("/edit role")
    assert talk.says("店长") == ["role.manager", "ask.role"]


# --- while it is worked out, and after it ------------------------------------------------------------------


def test_while_scoring_runs_the_newest_answers_are_scored() -> None:
    talk = assessing()
    assert talk.says("房租改成16000") == ["changed", "assessing"]
    assert talk.turn.requests == (Assess(),)


@pytest.mark.parametrize(
    "place", ["offer", "licence_number", "acknowledge", "accept", "declined", "referred"]
)
def test_after_the_decision_a_correction_decides_anew_and_says_what_changed(place: str) -> None:
    talk = PLACES[place]()
    assert talk.says("房租改成16000") == ["changed", "assessing"]
    heard = talk.is_decided(replace(approved(), limit=8_400_000))
    assert heard[0].startswith("redecided.")
    assert isinstance(talk.turn.requests[0], KeepDecision)


@pytest.mark.parametrize(
    "words", ["改成5万", "make it 50,000 instead", "少借点，5万", "我只借5万", "想借的金额改成5万"]
)
def test_another_amount_after_the_offer_replaces_the_offer(words: str) -> None:
    talk = at("offer")
    assert talk.says(words) == ["changed", "assessing"]
    assert talk.value("amount") == 5_000_000


@pytest.mark.parametrize("words", ["房租改成16000", "改一下房租", "不是15000，是16000", "改回来"])
def test_after_acceptance_a_person_corrects(words: str) -> None:
    talk = accepted()
    before = talk.session.answers
    said = talk.says(words)
    assert said in (["edit.accepted"], ["stage.accepted"])
    assert talk.session.answers == before


def test_a_detail_corrected_while_details_are_asked_decides_anew() -> None:
    talk = after(modest())
    talk.says("16张")
    talk.is_decided(modest())
    assert talk.says("桌子改成18") == ["changed"]
    assert talk.session.stage is Stage.ASSESSING


def test_a_closed_application_takes_no_corrections() -> None:
    talk = after(declined())
    talk.says("取消")
    assert talk.says("房租改成16000") == ["stage.closed"]


@pytest.mark.parametrize(
    "text", ["城市不是昆明，是大理", "改一下城市，大理", "the city is Dali, not Kunming"]
)
def test_a_town_named_after_its_step_takes_the_place_of_the_old_one(text: str) -> None:
    talk = at("rent")

    assert talk.says(text)[0] == "changed"
    assert talk.value("city") in ("大理", "Dali")


@pytest.mark.parametrize("text", ["等等，我的城市打错了", "我要改金额"])
def test_words_about_a_mistake_are_no_town(text: str) -> None:
    talk = at("licence")
    talk.says(text)

    assert talk.value("city") == "昆明"


def test_an_amount_before_a_term_is_the_amount() -> None:
    talk = at("check")

    assert talk.says("make it 30,000 over 6 months") == ["changed", "changed", "ask.check"]
    assert (talk.value("amount"), talk.value("term")) == (3_000_000, 6)


@pytest.mark.parametrize("text", ["did you note 96k as the rent?", "房租记的是9万6吗？"])
def test_a_value_that_is_asked_about_is_read_back_before_it_changes_anything(text: str) -> None:
    talk = at("staff_count")
    before = talk.value("rent")
    talk.says(text)

    assert talk.value("rent") == before


@pytest.mark.parametrize("text", ["都对", "all correct", "对"])
def test_what_is_right_as_it_is_stays(text: str) -> None:
    talk = at("check")
    talk.taps("/edit city")

    assert talk.says(text) == ["kept", "ask.check"]
    assert talk.value("city") == "昆明"
