"""Words for choices, signals, questions and commands."""

import pytest

from conversations import vocabulary
from conversations.amounts import plain
from conversations.commands import PUBLIC
from conversations.steps import STEPS, Choice, Many
from conversations.vocabulary import BINDING, holds

WORDS = vocabulary.load()
OPTIONS = {
    option
    for step in STEPS.values()
    if isinstance(step.reads, Choice | Many)
    for option in (*step.reads.options, *getattr(step.reads, "refused", ()))
}


@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_every_option_can_be_said_in_chinese_and_english(option: str) -> None:
    ways = WORDS.ways(option)
    assert any(way.isascii() for way in ways)
    assert any(not way.isascii() for way in ways)


@pytest.mark.parametrize("option", sorted(BINDING - {"disagree"}))
def test_what_binds_must_be_said_and_nothing_else(option: str) -> None:
    way = WORDS.ways(option)[0]
    assert WORDS.choice(f"{way}。", (option,)) == option
    assert WORDS.choice(f"如果{way}会怎样", (option,)) is None


def test_other_options_may_stand_within_a_sentence() -> None:
    assert WORDS.choice("我们是开火锅店的呀", ("restaurant", "cafe")) == "restaurant"


def test_the_longest_word_wins() -> None:
    assert WORDS.choice("co-owner", ("owner", "partner")) == "partner"


def test_every_word_is_written_in_the_form_it_is_compared_in() -> None:
    tables = (WORDS.choices, WORDS.signals, WORDS.questions, WORDS.commands)
    for table in tables:
        for meaning, words in table.items():
            assert words, meaning
            assert all(word and word == plain(word) for word in words), meaning


def test_no_word_is_a_signal_or_a_command_twice() -> None:
    for table in (WORDS.signals, WORDS.commands):
        said = [(word, meaning) for meaning, words in table.items() for word in words]
        assert len({word for word, _ in said}) == len(set(said))


def test_every_command_in_words_is_a_command() -> None:
    behind_buttons = {"offers", "details", "back", "cancel", "continue", "repeat", "bye"}
    assert {command.removeprefix("/").split()[0] for command in WORDS.commands} <= {*PUBLIC, *behind_buttons}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("是的。", "yes"),
        ("對", "yes"),
        ("OK", "yes"),
        ("不對！", "no"),
        ("Nope.", "no"),
        ("跳過", "skip"),
        ("下一个", "skip"),
        ("我不知道吧", None),
        ("不知道", "unknown"),
        ("I don't know", "unknown"),
        ("没有", "none"),
        ("没有员工", "none"),
        ("no debt", "none"),
        ("昆明", None),
        ("", None),
    ],
)
def test_a_signal_is_all_that_a_text_says(text: str, meaning: str | None) -> None:
    assert WORDS.signal(text) == meaning


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("為什麼要問這個？", "why"),
        ("why do you ask", "why"),
        ("年化利率多少", "rate"),
        ("what is the interest", "rate"),
        ("要多久", "time"),
        ("谁能看到", "privacy"),
        ("可以提前还吗", "early"),
        ("逾期怎么办", "late"),
        ("separate", None),
        ("coffee", None),
    ],
)
def test_a_question_is_known_by_its_topic(text: str, topic: str | None) -> None:
    assert WORDS.question(text) == topic


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("人工", "/human"),
        ("HUMAN!", "/human"),
        ("你好", "/start"),
        ("修改", "/edit"),
        ("不对", "/edit"),
        ("繁體中文", "/language zh-Hant"),
        ("我要找人工服务", None),
    ],
)
def test_a_command_may_be_said_in_plain_words(text: str, command: str | None) -> None:
    assert WORDS.command(text) == command


@pytest.mark.parametrize(
    ("said", "word", "found"),
    [
        ("开饭店的", "饭店", True),
        ("不开饭店", "饭店", False),
        ("没有饭店", "饭店", False),
        ("别赌", "赌", False),
        ("a store", "store", True),
        ("restored", "store", False),
        ("not a store", "store", False),
        ("don't gamble", "gamble", False),
    ],
)
def test_a_word_counts_unless_it_is_denied_or_part_of_another(said: str, word: str, found: bool) -> None:
    assert holds(said, word) is found


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("1 和 3", ["a", "c"]), ("3, 3", ["c"]), ("9", []), ("1 个", []), ("a", ["a"]), ("no such", [])],
)
def test_many_options_are_chosen_by_number_or_name(text: str, chosen: list[str]) -> None:
    assert WORDS.chosen(text, ("a", "b", "c")) == chosen


@pytest.mark.parametrize(("text", "option"), [("2", "b"), ("0", None), ("3", None), ("B", "b"), ("", None)])
def test_an_option_is_chosen_by_its_number_or_its_id(text: str, option: str | None) -> None:
    assert WORDS.choice(text, ("a", "b")) == option


@pytest.mark.parametrize("text", ["同意吧", "好吧，同意吧", "fine, I agree then", "yes, I agree"])
def test_words_that_mean_nothing_hide_no_consent(text: str) -> None:
    assert vocabulary.load().choice(text, ("agree", "disagree")) == "agree"


@pytest.mark.parametrize("text", ["同意？不行", "我不太同意吧", "agree to what then"])
def test_nor_do_they_make_one(text: str) -> None:
    assert vocabulary.load().choice(text, ("agree",)) is None


def test_words_with_a_character_that_simplifies_in_two_ways_are_found() -> None:
    assert vocabulary.load().command("接著來") == "/continue"


@pytest.mark.parametrize(
    "text",
    [
        "不同意，太麻烦", "我不同意你们查征信", "不太想同意", "不能同意", "我拒绝",
        "I don't agree with any of this", "I don’t agree", "i dont agree", "can't agree to that",
    ],
)  # fmt: skip
def test_a_refusal_may_have_words_around_it(text: str) -> None:
    assert vocabulary.load().refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "我没有不同意", "I don't disagree", "what if I disagree?", "不同意的话还能贷吗", "同意",
        "agree or disagree?", "我刚才说不同意，现在我同意了", "I did not agree before but now I agree",
    ],
)  # fmt: skip
def test_what_is_asked_denied_or_taken_back_refuses_nothing(text: str) -> None:
    assert not vocabulary.load().refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "房贷也算吗？",
        "车贷算不算",
        "房贷不算吗",
        "包括外卖吗",
        "does my mortgage count?",
        "is delivery included?",
    ],
)
def test_what_a_figure_takes_in_is_asked_in_many_ways(text: str) -> None:
    assert vocabulary.load().counts(text)


@pytest.mark.parametrize(
    "text",
    ["划算吗", "打算借吗", "15000 in all", "we count the stock every month", "Count Coffee", "不算不行"],
)
def test_a_word_like_it_asks_nothing(text: str) -> None:
    assert not vocabulary.load().counts(text)
