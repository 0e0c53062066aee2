"""Rules without a model: what is no remark, what English words and signs say."""

import pytest

from scoring.forms import packaged
from scoring.reading import remarks
from scoring.reading.tone import Tone

LISTS = packaged("remarks.toml")
RULES = remarks.rules(LISTS)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("好吃", "好吃"),
        ("@小北 好吃", "  好吃"),
        ("回复@小北：好吃", " 好吃"),
        ("好吃//@小北:难吃//@阿澜:真的", "好吃"),
        ("#探店# 好吃 https://t.cn/A6x", " 好吃 "),
    ],
)
def test_names_quotes_topics_and_links_are_not_ones_own_words(text: str, own: str) -> None:
    assert remarks.stated(text) == own


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("delicious!", Tone.POSITIVE),
        ("not good", Tone.NEGATIVE),
        ("not bad at all", Tone.POSITIVE),
        ("the waiter was rude", Tone.NEGATIVE),
        ("goodness knows", Tone.NEUTRAL),
        ("good food, bad service", Tone.NEUTRAL),
        ("très bien", Tone.NEUTRAL),
        ("とても おいしい", Tone.NEUTRAL),
        ("👍👍", Tone.POSITIVE),
        ("[怒]", Tone.NEGATIVE),
    ],
)
def test_words_and_signs_without_chinese(text: str, says: Tone) -> None:
    assert RULES.tone(text, remarks.bare(text)) is says


def test_every_lottery_and_advertisement_holds_a_mark() -> None:
    """Or it would never be looked for."""
    phrases = RULES.elsewhere.pattern.replace("\\", "").split("|")

    assert [phrase for phrase in phrases if not RULES.marks & set(phrase)] == []
