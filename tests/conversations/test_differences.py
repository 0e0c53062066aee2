"""A changed fact decided anew: one sentence says what was changed, what it did and why."""

from collections.abc import Mapping
from typing import Any

import pytest

from conversations import outcomes
from conversations.phrases import LANGUAGES, sentences
from conversations.replies import Reply
from conversations.session import dump, load
from conversations.wording import word
from scoring.decision import Decision
from tests.conversations.talk import Talk, approved, assessing, at
from tests.scoring import builders


def decided(**changes: Any) -> Decision:
    return builders.decided(builders.answers(**changes))


def offered() -> Talk:
    """The golden merchant, deciding what to take."""
    talk = assessing()
    talk.is_decided(approved())
    return talk


def changing(step: str, words: str, made: Decision, talk: Talk | None = None) -> Talk:
    talk = talk or offered()
    talk.says(f"/edit {step}")
    talk.says(words)
    talk.taps("submit")
    talk.is_decided(made)
    return talk


def said(talk: Talk, language: str = "zh-Hans") -> str:
    return word(talk.replies[0], language).text


def test_a_dearer_rent_is_told_with_both_figures_and_the_reason() -> None:
    talk = changing("rent", "19000", decided(rent=1_900_000))

    assert said(talk) == (
        "您把每月房租从 15,000 元 改成 19,000 元，可借额度由 100,000 元 变为 84,000 元，"
        "因为每月可支配现金由 18,700 元 变为 14,700 元。新的方案和原因在下面。"
    )
    assert said(talk, "en") == (
        'You changed "Rent a month" from CNY 15,000 to CNY 19,000: your limit goes from CNY 100,000 to '
        "CNY 84,000, because the cash left each month goes from CNY 18,700 to CNY 14,700. The new offers and "
        "the reasons follow."
    )


@pytest.mark.parametrize(
    ("step", "words", "changes", "key"),
    [
        ("rent", "16000", {"rent": 1_600_000}, "redecided.same"),
        ("rent", "19000", {"rent": 1_900_000}, "redecided.less"),
        ("amount", "3万 12期", {"amount": 3_000_000}, "redecided.less"),
        ("role", "合伙人", {"licence": "none"}, "redecided.referred"),
        ("rent", "19000", {"opened": "2020-03"}, "redecided.declined"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_of_a_change_has_its_sentence(
    step: str, words: str, changes: Mapping[str, Any], key: str, language: str
) -> None:
    talk = changing(step, words, decided(**changes))

    assert talk.replies[0].key == key
    assert "{" not in said(talk, language)


def test_a_change_that_wins_an_approval_says_so() -> None:
    talk = assessing()
    talk.is_decided(decided(licence="none"))
    changing("licence", "个体户", approved(), talk)
    assert said(talk) == "重新算过了，现在可以预批 100,000 元。"  # it was answered so before

    talk = assessing()
    talk.is_decided(decided(licence="none"))
    changing("rent", "15001", approved(), talk)
    assert said(talk) == "您把每月房租从 15,000 元 改成 15,001 元，现在可以预批 100,000 元。"


def test_a_change_that_changes_nothing_about_a_refusal_says_so() -> None:
    talk = assessing()
    talk.is_decided(decided(opened="2020-03"))
    changing("rent", "16000", decided(opened="2020-03"), talk)

    assert talk.replies[0].key == "redecided.unchanged"


def test_an_answer_changed_back_is_no_change() -> None:
    talk = offered()
    talk.says("/edit rent")
    talk.says("16000")
    talk.says("/edit rent")
    talk.says("15000")

    assert talk.session.changed_since_decided() == ()
    talk.taps("submit")
    assert talk.is_decided(approved())[0] == "decision.approved"


def test_what_was_answered_at_the_decision_survives_being_stored_and_ends_with_the_next_one() -> None:
    talk = offered()
    talk.says("/edit rent")
    talk.says("16000")

    assert load(dump(talk.session)).was == {"rent": 1_500_000}
    talk.taps("submit")
    talk.is_decided(approved())
    assert talk.session.was == {}


def test_before_any_decision_nothing_is_remembered() -> None:
    talk = at("check")
    talk.says("/edit rent")
    talk.says("16000")

    assert talk.session.was == {}
    assert outcomes.difference(talk.session, approved()) is None


def test_a_withdrawn_account_is_named_as_what_changed() -> None:
    talk = offered()
    talk.says("/withdraw personal")
    talk.is_decided(builders.decided(brand=builders.example()["brand"], accounts=False))

    assert talk.replies[0].key == "redecided.less"
    assert "因为能看到的个人账号变了" in said(talk)


def test_a_figure_found_to_differ_is_asked_about_kindly() -> None:
    talk = assessing()
    talk.is_decided(decided(capacity=4))
    card: Reply = talk.replies[0]
    worded = word(card, "zh-Hans")

    assert "想和您再核对的：" in worded.text
    assert "每天的单数超过座位能接待的数量" in worded.text
    [shown] = [check for check in worded.data["checks"] if check["id"] == "X3"]
    assert (shown["name"], shown["verdict"]) == ("单数与容量", "fail")
    assert all("text" not in check for check in worded.data["checks"] if check["verdict"] == "pass")


ACCUSING = ("虚", "假", "骗", "说谎", "不实", "fraud", "fake", "false", "wrong", "suspic", "dishonest")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_check_accuses(language: str) -> None:
    texts = {key: text for key, text in sentences(language).items() if key.startswith("check.")}
    assert len(texts) == 14 * 3 - 1
    assert [key for key, text in texts.items() if any(word in text.lower() for word in ACCUSING)] == []
