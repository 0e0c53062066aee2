"""What a text is weighed by."""

import pytest

from conversations.intents.traits import Concepts, bare, traits

CONCEPTS = Concepts.parsed(
    'money = ["钱", "money", "some money"]\nwrong = ["错了", "mistak*"]\nrate = ["利息"]'.encode()
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I don't know, 35,000?", "i dont know 0?"),
        ("利率多少？！", "利率多少?"),
        ("  ＡＰＲ  ", "apr"),
        ("3.5萬", "0万"),
        ("a_b", "a b"),
        ("", ""),
    ],
)
def test_signs_and_figures_are_laid_aside(text: str, left: str) -> None:
    assert bare(text) == left


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("钱错了", ["money", "wrong"]),
        ("I was mistaken about some money", ["money", "wrong"]),
        ("moneyed", []),
        ("mis", []),
        ("", []),
    ],
)
def test_words_stand_for_concepts(text: str, found: list[str]) -> None:
    assert CONCEPTS.found(bare(text)) == found


def test_a_text_is_weighed_by_its_characters_words_and_concepts() -> None:
    assert traits("钱错了", CONCEPTS) == [
        "钱", "错", "了", "^钱", "钱错", "错了", "了$", "cmoney", "cwrong", "pmoney+wrong",
    ]  # fmt: skip
    assert traits("my rate", CONCEPTS) == [
        "wmy", "wrate", "w^ my", "wmy rate", "wrate $", "g<my", "gmy>", "g<ra", "grat", "gate", "gte>",
    ]  # fmt: skip
    assert traits("", CONCEPTS) == []
