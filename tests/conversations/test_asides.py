"""What is said beside an answer is answered, and the open question stands again."""

from dataclasses import replace

import pytest

from conversations import vocabulary
from conversations.session import Stage
from tests.conversations.talk import Talk, accepted, approved, assessing, at, declined, modest

PROMPT = "ask.rent"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("这个跟贷款有啥关系呀", "why.rent"),
        ("what has that got to do with anything", "why.rent"),
        ("到底要收我多少利钱", "about.rate"),
        ("will there be any charges on top", "about.rate"),
        ("钱大概几号能到我卡里", "about.time"),
        ("我填的这些会不会被别的公司拿去", "about.privacy"),
        ("do you hand my details to other companies", "about.privacy"),
        ("还要带什么证件过去吗", "about.documents"),
        ("do i need to send you my papers", "about.documents"),
        ("有闲钱了能早点把它还掉吗", "about.early"),
        ("哪天生意黄了还不起咋办", "about.late"),
        ("能不能多批一点给我", "about.more"),
        ("今天天气真不错", "small_talk"),
        ("太谢谢你啦", "thanks"),
        ("谢谢", "thanks"),
        ("我填到第几步了", "recap.applying"),
        ("前面有个数我写错了", "edit.which"),
        ("我想找个真人聊聊", "human.noted"),
    ],
)
def test_what_is_asked_beside_an_answer_is_answered_and_the_question_stands(text: str, said: str) -> None:
    talk = at("rent")
    before = talk.session.answers

    replied = talk.says(text)

    assert replied[0] == said
    assert replied[1:] in ([PROMPT], [])  # a card of choices is an open question of its own
    assert talk.waiting == "rent"
    assert talk.session.answers == before


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("什么是年化", "apr"),
        ("年化利率是什么意思", "apr"),
        ("APR係咩", "apr"),
        ("what is APR?", "apr"),
        ("what does instalment mean", "instalment"),
        ("本金是啥", "principal"),
        ("解释一下免息期", "interest_free"),
        ("What's a credit grade?", "grade"),
        ("什么叫预批额度", "pre_approval"),
        ("单利和复利有什么区别", "simple_interest"),
        ("i don't know what turnover is, define turnover", "turnover"),
        ("PD是什么", "default"),
    ],
)
@pytest.mark.parametrize("step", ["consent", "city", "brand_account", "rent", "check"])
def test_a_term_is_explained_at_any_step_and_the_question_stands(step: str, text: str, term: str) -> None:
    talk = at(step)

    assert talk.says(text)[0] == f"glossary.{term}"
    assert talk.waiting == step


@pytest.mark.parametrize("text", ["年化利率多少", "what is the interest", "利息高吗", "还款日是什么时候"])
def test_a_question_for_a_figure_is_none_for_a_meaning(text: str) -> None:
    assert vocabulary.load().term(text) is None


def test_a_term_that_nobody_explains_gets_the_list_of_those_there_are() -> None:
    assert at("rent").says("解释一下等额本息是个什么概念")[0] in ("glossary.which", "glossary.principal")
    assert at("rent").says("what does amortisation mean, explain that word please") == [
        "glossary.which",
        PROMPT,
    ]


@pytest.mark.parametrize(
    ("term", "word"), [(term, word) for term, words in vocabulary.load().terms.items() for word in words]
)
def test_every_term_is_explained_by_every_name_it_has(term: str, word: str) -> None:
    asked = f"what does {word} mean" if word.isascii() else f"什么是{word}"

    assert at("rent").says(asked) == [f"glossary.{term}", PROMPT]


@pytest.mark.parametrize(
    "text", ["这个我真记不清了", "不方便透露", "i would rather not tell you that", "得问我老婆"]
)
def test_what_somebody_cannot_or_will_not_say_is_left_out_with_its_consequence(text: str) -> None:
    talk = at("rent")

    assert talk.says(text) == ["skipped.rent", "ask.staff_count"]
    assert talk.session.known("rent")
    assert talk.value("rent") is None


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("role", "needed.other"),
        ("city", "needed.other"),
        ("sales_last_month", "skip.needed"),
        ("check", "needed.other"),
    ],
)
def test_what_is_needed_is_said_to_be_needed(step: str, said: str) -> None:
    talk = at(step)

    assert talk.says("我不太想回答这个")[0] == said
    assert talk.waiting == step


def test_with_nothing_asked_there_is_nothing_to_leave_out() -> None:
    assert assessing().says("我不太想回答这个") == ["stage.assessing"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("能不能说英文", "en"),
        ("可以換成繁體字嗎", "zh-Hant"),
        ("please use simplified characters", "zh-Hans"),
    ],
)
def test_a_language_that_is_named_is_spoken(text: str, language: str) -> None:
    talk = at("rent")

    assert talk.says(text) == ["language.changed", PROMPT]
    assert talk.session.language == language


@pytest.mark.parametrize(
    "text", ["我看不懂英文", "can you change the language", "do you speak mandarin or english"]
)
def test_where_it_is_not_clear_which_the_choice_is_shown(text: str) -> None:
    assert at("rent").says(text) == ["language.which"]


def test_whoever_is_cross_three_times_is_offered_a_person() -> None:
    talk = at("rent")

    assert talk.says("你们这也太麻烦了吧") == ["vexed.1", PROMPT]
    assert talk.says("怎么问题这么多 烦死了") == ["vexed.2", PROMPT]
    assert talk.says("真是没完没了了") == ["vexed.person", PROMPT]
    assert talk.session.person == "frustrated"
    assert [choice.id for choice in talk.replies[0].choices] == ["/human"]


@pytest.mark.parametrize("text", ["滚 你这个智障机器人", "stupid bot this is so annoying"])
def test_whoever_swears_is_offered_a_person_at_once(text: str) -> None:
    talk = at("rent")

    assert talk.says(text) == ["vexed.person", PROMPT]
    assert talk.session.person == "frustrated"


def test_more_money_after_the_first_limit_leads_to_the_details() -> None:
    talk = assessing()
    talk.is_decided(modest())
    talk.session = replace(talk.session, stage=Stage.OFFERED, detailing=False, waiting="offer")

    assert talk.says("这个额度也太低了 想多借些")[0] == "details.begin.asked"


def test_an_answer_wins_over_whatever_else_it_could_mean() -> None:
    assert at("role").says("我是老板 谢谢") == ["ask.trade"]
    assert at("rent").says("一万五，问这个干嘛") == ["ask.staff_count"]
    talk = at("city")
    assert talk.says("谢谢街 2017年2月") == ["ask.licence"]


def test_a_nickname_is_no_question_and_a_question_no_nickname() -> None:
    assert at("brand_account").says("老街茶馆") == ["doubt.account"]
    assert at("brand_account").says("你们会不会偷看我的私信")[0] == "about.privacy"
    assert at("brand_account").says("不想提供")[0] == "skipped.brand"


def test_noise_is_still_not_understood() -> None:
    assert at("rent").says("蓝色的那个也挺好看") == ["unclear.1", PROMPT]


@pytest.mark.parametrize("talk", [accepted, assessing], ids=lambda place: place.__name__)
def test_beside_no_question_the_answer_stands_alone(talk: "type[Talk]") -> None:
    assert talk().says("钱大概几号能到我卡里") == ["about.time"]
    assert talk().says("多谢多谢") == ["thanks"]


def test_a_decline_is_explained_to_whoever_asks_for_more() -> None:
    talk = assessing()
    talk.is_decided(declined())
    assert talk.says("能不能多批一点给我") == ["about.more"]
    assert approved().outcome == "approved"


@pytest.mark.parametrize("text", ["你们这个是不是骗子", "is this a scam?"])
def test_whoever_fears_a_fraud_is_told_what_we_never_ask(text: str) -> None:
    assert at("consent").says(text) == ["about.trust", "ask.consent.again"]


@pytest.mark.parametrize("text", ["再见", "拜拜", "goodbye"])
def test_a_goodbye_asks_nothing(text: str) -> None:
    talk = at("rent")

    assert talk.says(text) == ["goodbye"]
    assert talk.waiting == "rent"


def test_how_somebody_cross_asks_counts_for_more_than_what() -> None:
    assert at("rent").says("烦死了，怎么这么多问题") == ["vexed.1", "ask.rent"]


def test_who_asks_what_follows_the_free_instalments_is_told_the_rates() -> None:
    assert at("rent").says("那六个月以后呢？") == ["about.rate", "ask.rent"]


def test_one_clause_that_leaves_the_question_out_is_enough() -> None:
    assert at("brand_account").says("微博是啥，没有")[-2:] == ["skipped.brand", "ask.personal_account"]


def test_what_stands_beside_a_question_names_no_account() -> None:
    assert at("brand_account").says("你们要微博干什么，是不是要发广告") == [
        "why.brand_account",
        "ask.brand_account",
    ]


def test_the_owner_s_wife_is_told_that_the_owner_must_apply() -> None:
    assert at("role").says("我是老板的老婆，店里我管") == ["role.manager", "ask.role"]


@pytest.mark.parametrize("text", ["提前还款要手续费吗", "do i save interest if i pay early"])
def test_what_repaying_early_costs_is_a_question_about_repaying_early(text: str) -> None:
    assert at("rent").says(text) == ["about.early", "ask.rent"]
