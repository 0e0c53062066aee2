"""Reading remarks with the bundled reader: praise, complaint, neither, or nothing at all."""

import random
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import reading
from scoring.forms import PolicyError
from scoring.reading.tone import Tone

READER = reading.load()
POOLS: dict[str, Any] = tomllib.loads(
    resources.files("bot.sandbox").joinpath("comments.toml").read_text("utf-8")
)
TRADES = sorted(set(POOLS) - {"common"})


def tone(text: str) -> Tone | None:
    return READER.read([text])[0]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "好吃",
            "不错",
            "味道不错，老板很热情",
            "没有失望",
            "不贵",
            "一点都不贵",
            "没踩雷",
            "环境差但是味道真的很好吃",
        ),
        *(
            "太好吃了！！",
            "好喫，服務很周到",
            "強烈推薦",
            "特别好吃",
            "非常满意",
            "不但便宜还新鲜",
            "没想到这么好吃",
        ),
        *("delicious!", "Not bad at all", "I loved it", "[赞][赞]", "👍", "@小北 这家真的很好吃"),
    ],
)
def test_praise(text: str) -> None:
    assert tone(text) is Tone.POSITIVE


@pytest.mark.parametrize(
    "text",
    [
        *(
            "不好吃",
            "难吃",
            "不怎么好吃",
            "没有推荐的必要",
            "服务态度很差",
            "味道不错，但是太贵了",
            "太難吃了",
            "不新鲜",
            "一点都不干净",
        ),
        *(
            "再也不会来了",
            "not good",
            "The waiter was rude",
            "terrible",
            "[怒]",
            "失望👍",
            "不是很满意",
        ),
    ],
)
def test_complaints(text: str) -> None:
    assert tone(text) is Tone.NEGATIVE


@pytest.mark.parametrize(
    "text",
    ["周三去的", "好吃吗", "贵吗？", "第一次去", "goodness knows", "とても美味しい", "très bon"],
)
def test_neither(text: str) -> None:
    assert tone(text) is Tone.NEUTRAL


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "@阿澜_ @小北不吃辣",
        "转发微博",
        "轉發微博",
        "Repost",
        "转发抽奖",
        "求中奖！",
        "沙发",
        "互关吗",
        "@大橘 快看",
        "#汽锅鸡#",
        "http://t.cn/abc",
        "。。。",
    ],
)
def test_what_says_nothing_of_a_purchase_is_no_feedback(text: str) -> None:
    assert tone(text) is None


@pytest.mark.parametrize(
    "text", ["好吃", "周三去的", "@小北 好吃", "[赞]", "same as ever", "@阿澜 上周一起去的那家"]
)
def test_what_says_something_is_feedback(text: str) -> None:
    assert tone(text) is not None


def phrases(trade: str, label: str) -> list[str]:
    """A few hundred remarks put together as the sandbox's customers write them."""
    dice, pool, common = random.Random(7), POOLS[trade], POOLS["common"]
    made = []
    for _ in range(300):
        parts = [dice.choice(pool[label]).format(thing=dice.choice(pool["things"]))]
        if dice.random() < 0.7:
            parts.insert(dice.randint(0, 1), dice.choice(common[label]))
        made.append("，".join(parts) + dice.choice(common["endings"][label]))
    return made


#: What share of the sandbox's remarks of a meaning is read as it, at least, and as its opposite, at most.
READ_AS_MEANT = {"positive": (0.97, 0.005), "negative": (0.97, 0.005), "neutral": (0.6, 0.2)}


@pytest.mark.parametrize("label", READ_AS_MEANT)
def test_the_sandboxs_customers_are_read_as_they_are_meant(label: str) -> None:
    said = [text for trade in TRADES for text in phrases(trade, label)]
    least, most = READ_AS_MEANT[label]

    found = READER.read(said)

    assert found.count(Tone(label)) >= least * len(said)
    for other in {Tone.POSITIVE, Tone.NEGATIVE} - {Tone(label)}:
        assert found.count(other) <= most * len(said)


def test_small_talk_of_the_sandbox_is_no_feedback() -> None:
    assert set(READER.read(POOLS["common"]["not_feedback"])) == {None}


@given(st.lists(st.text(st.characters(exclude_categories=()))))
@settings(deadline=None)  # the machine may be busy
def test_any_texts_can_be_read_and_none_changes_how_another_is_read(texts: list[str]) -> None:
    found = READER.read(texts)

    assert found == [READER.read([text])[0] for text in texts]
    assert set(found) <= {*Tone, None}


@pytest.mark.parametrize(
    "letter", ["好", "\x00", "\ud800", "\u202e", "\u0351", "👍", "@", "#", "/", "[", "a"]
)
def test_a_text_of_any_length_is_read_to_its_limit(letter: str) -> None:
    assert READER.read([letter * 100_000]) == READER.read([letter * 1_000])


def test_no_texts_are_no_tones() -> None:
    assert READER.read([]) == []


def test_the_readers_name_tells_its_files() -> None:
    assert READER.name.startswith("reader-1@")
    assert reading.load().name == READER.name


def test_a_reader_of_ones_own_is_checked_at_once(tmp_path: Path) -> None:
    other = tmp_path / "mine.npz"
    other.write_bytes(b"no weights")

    with pytest.raises(PolicyError, match=r"mine\.npz: should be an \.npz"):
        reading.load(other)


def test_a_copy_of_the_bundled_weights_reads_the_same(tmp_path: Path) -> None:
    other = tmp_path / "copy.npz"
    other.write_bytes(READER.weights)

    assert reading.load(other).name == READER.name
