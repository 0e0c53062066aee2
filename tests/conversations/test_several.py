"""Several things in one message: what is sure is kept and said back, the rest left to its question."""

import pytest

from conversations.clauses import split
from conversations.naming import load
from conversations.phrases import LANGUAGES
from conversations.wording import word
from tests.conversations.talk import PLACES, Talk, after, at, modest

NAMES = load()


@pytest.mark.parametrize(
    ("step", "words", "told", "next_"),
    [
        (
            "trade",
            "昆明的餐厅，2017年2月开的，房租一万五，想借10万分12期",
            {"trade": "restaurant", "city": "昆明", "opened": "2017-02", "rent": 1_500_000,
             "amount": 10_000_000, "term": 12},
            "licence",
        ),
        (
            "role",
            "I run a gym in Chengdu, rent 15000, 3 staff",
            {"trade": "gym", "city": "Chengdu", "rent": 1_500_000, "staff_count": 3},
            "role",
        ),
        (
            "role",
            "我是老板，在大理开民宿，上个月卖了4万，想借2万",
            {"role": "owner", "trade": "homestay", "city": "大理", "sales_last_month": 4_000_000,
             "amount": 2_000_000},
            "opened",
        ),
        (
            "sales_last_month",
            "13万，一天37单，客单价120，房租15000，员工6.5个，工资29900",
            {"sales_last_month": 13_000_000, "orders_per_day": 37, "average_ticket": 12_000,
             "rent": 1_500_000, "staff_count": 6.5, "payroll": 2_990_000},
            "debt_balance",
        ),
        (
            "sales_last_month",
            "想借5万用来进货和交房租，分6期",
            {"amount": 5_000_000, "term": 6, "purpose": ["stock_purchase", "rent"]},
            "sales_last_month",
        ),
        (
            "rent",
            "16000 for rent and 9000 for wages",
            {"rent": 1_600_000, "payroll": 900_000},
            "staff_count",
        ),
        ("sales_last_month", "borrow 100k over 12 months for stock",
         {"amount": 10_000_000, "term": 12, "purpose": ["stock_purchase"]}, "sales_last_month"),
        ("city", "2017年2月开的，昆明，个体户",
         {"city": "昆明", "opened": "2017-02", "licence": "individual_business"}, "brand_account"),
        ("licence", "个体户，代码91350100M000100Y43",
         {"licence": "individual_business", "licence_number": "91350100M000100Y43"}, "brand_account"),
        ("debt_balance", "没有欠款，想借8万，12期",
         {"debt_balance": 0, "debt_payment": 0, "amount": 8_000_000, "term": 12}, "purpose"),
    ],
)  # fmt: skip
def test_each_part_is_kept_in_any_order(step: str, words: str, told: dict[str, object], next_: str) -> None:
    talk = at(step)
    heard = talk.says(words)
    assert {name: talk.value(name) for name in told} == told
    assert talk.waiting == next_
    assert heard[0] == "noted"
    for language in LANGUAGES:
        assert word(talk.replies[0], language).text.count("\n") == 0


@pytest.mark.parametrize(
    ("step", "words", "told"),
    [
        ("staff_count", "工资29900，6.5人", {"staff_count": 6.5, "payroll": 2_990_000}),
        ("debt_balance", "每月还3000，一共欠5万", {"debt_balance": 5_000_000, "debt_payment": 300_000}),
        ("orders_per_day", "客单价120，37单，每月开30天",
         {"orders_per_day": 37, "average_ticket": 12_000, "days_open": 30}),
        ("amount", "12期，10万", {"amount": 10_000_000, "term": 12}),
    ],
)  # fmt: skip
def test_one_prompt_s_answers_may_come_in_any_order_and_are_not_said_back(
    step: str, words: str, told: dict[str, object]
) -> None:
    talk = at(step)
    assert talk.says(words)[0].startswith("ask.")
    assert {name: talk.value(name) for name in told} == told


def test_details_may_come_in_any_order_by_name() -> None:
    talk = after(modest())
    while talk.waiting != "purchases":
        if talk.waiting is None:
            talk.is_decided(modest())
        else:
            talk.answers_golden(talk.waiting)
    talk.says("成本33，售价75，进货55000")
    assert (talk.value("best_seller_cost"), talk.value("best_seller_price")) == (3_300, 7_500)
    assert talk.value("purchases") == 5_500_000


# --- what is not sure --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "words", "left"),
    [
        ("role", "我有3个人和15000", ("staff_count", "payroll", "rent")),
        ("role", "贷款5万", ("amount", "debt_balance")),
        ("role", "进货5万", ("purchases", "purpose")),
        ("sales_last_month", "13万 8000", ("rent", "payroll")),
        ("purpose", "房租", ("rent_is_untouched",)),
    ],
)
def test_what_is_not_sure_is_left_to_its_own_question(step: str, words: str, left: tuple[str, ...]) -> None:
    talk = at(step)
    known = dict(talk.session.answers)
    talk.says(words)
    assert all(talk.session.answers.get(name) == known.get(name) for name in left)


def test_the_last_words_of_one_prompt_fill_nothing_of_the_next() -> None:
    talk = at("rent")
    assert talk.says("15000 8 9") == ["doubt.vague"]
    talk.says("对")
    assert talk.waiting == "staff_count"
    assert not talk.session.known("staff_count")


def test_what_stands_in_passing_replaces_nothing_that_is_known() -> None:
    talk = at("purpose")
    talk.says("给咖啡机装修")
    assert talk.value("trade") == "restaurant"
    assert talk.value("purpose") == ["renovation"]


def test_a_vague_part_is_read_back_and_the_sure_ones_are_kept() -> None:
    talk = at("role")
    assert talk.says("我是老板，员工3个，房租大概16000") == ["noted", "doubt.vague"]
    assert talk.session.doubt == {"rent": 1_600_000}
    assert talk.says("对") == ["ask.trade"]
    assert talk.value("rent") == 1_600_000


def test_an_impossible_part_is_refused_and_the_others_are_kept() -> None:
    talk = at("role")
    assert talk.says("我是老板，房租15000，想借100万") == ["noted", "problem.too_large", "ask.trade"]
    assert (talk.value("rent"), talk.value("amount")) == (1_500_000, None)


def test_an_account_is_never_read_out_of_a_longer_message() -> None:
    talk = at("role")
    talk.says("我是老板，店铺微博@小夏雲味小館，房租15000")
    assert talk.session.accounts == {}
    assert talk.requests == []


def test_before_the_merchant_agreed_nothing_is_noted_and_that_is_said() -> None:
    talk = at("consent")
    assert talk.says("昆明的餐厅，想借10万进货") == ["consent.first", "ask.consent.again"]
    assert talk.session.answers == {}


# --- answers and questions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("一万五，利率多少？", ["about.rate", "ask.staff_count"]),
        ("利率多少？房租一万五", ["about.rate", "ask.staff_count"]),
        ("一万五 利率多少", ["about.rate", "ask.staff_count"]),
        ("15000, and what is the rate?", ["about.rate", "ask.staff_count"]),
        ("一万五，为什么要问这个？", ["why.rent", "ask.staff_count"]),
        ("一万五，利率多少？谁能看到？", ["about.rate", "about.privacy", "ask.staff_count"]),
        ("大概一万五，利率多少？", ["about.rate", "doubt.vague"]),
        ("一万五，员工3个，利率多少？", ["noted", "about.rate", "ask.only.payroll"]),
        ("不对，我是说35单，利率多少？", ["changed", "about.rate", "ask.rent"]),
    ],
)
def test_an_answer_and_a_question_are_both_honoured(words: str, keys: list[str]) -> None:
    assert at("rent").says(words) == keys


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("利率多少？谁能看到？", ["about.rate", "about.privacy", "ask.rent"]),
        ("what is the rate and who sees this?", ["about.rate", "about.privacy", "ask.rent"]),
        ("人工，另外利率多少？", ["human.noted", "about.rate", "ask.rent"]),
        ("english，利率多少？", ["language.changed", "about.rate", "ask.rent"]),
    ],
)
def test_two_requests_are_done_in_their_order(words: str, keys: list[str]) -> None:
    assert at("rent").says(words) == keys


def test_a_question_between_questions_is_answered_alone() -> None:
    assert after(modest()).says("/offers")
    assert PLACES["declined"]().says("利率多少？谁能看到？") == ["about.rate", "about.privacy"]


# --- one noun ----------------------------------------------------------------------------------------------


def test_one_noun_shows_which_answers_it_may_mean() -> None:
    talk = at("check")
    assert talk.says("贷款") == ["which.mean", "ask.check"]
    assert [choice.id for choice in talk.replies[0].choices] == ["/edit amount", "/edit debt_balance"]
    assert at("check").says("loan") == ["which.mean", "ask.check"]
    assert at("check").says("改") == ["edit.which"]


def test_a_noun_of_what_is_asked_later_says_so() -> None:
    assert at("role").says("房租") == ["comes_later", "ask.role"]


# --- the parts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("15,000，20,000", ["15,000", "20,000"]),
        ("2017.02. then?", ["2017.02", "then"]),
        ("", []),
        ("，，", []),
        ("a! b? c", ["a", "b", "c"]),
    ],
)
def test_a_message_is_parted_at_its_marks_but_not_within_a_number(text: str, parts: list[str]) -> None:
    assert [part.text for part in split(text)] == parts


@pytest.mark.parametrize("step", NAMES.steps)
def test_every_step_that_can_be_changed_has_a_name_in_both_languages(step: str) -> None:
    assert any(name.isascii() for name in NAMES.steps[step])
    assert any(not name.isascii() for name in NAMES.steps[step])


def test_no_name_is_that_of_two_steps() -> None:
    names = [name for words in NAMES.steps.values() for name in words]
    assert sorted(names) == sorted(set(names))


def test_hundreds_of_clauses_are_answered_at_once() -> None:
    talk: Talk = at("rent")
    assert talk.says("房租15000，" * 400)


def test_people_beside_wages_are_the_staff() -> None:
    talk = at("rent")
    talk.says("工资29900，房租15000，6.5个人")

    assert (talk.value("staff_count"), talk.value("payroll")) == (6.5, 2_990_000)


@pytest.mark.parametrize(
    "text", ["房租15000，算了我不借了", "the rent is 15000, no, I don't want the loan any more"]
)
def test_news_and_a_change_of_mind_are_both_heard(text: str) -> None:
    talk = at("rent")

    assert "cancelled" in talk.says(text)
    assert talk.value("rent") == 1_500_000


def test_two_questions_before_consent_are_both_answered() -> None:
    said = at("consent").says("利率多少？谁能看到这些？")

    assert said == ["about.rate", "about.privacy", "ask.consent.again"]
