"""Reading remarks: praise, complaint, neither, or nothing at all."""

import random
import tomllib
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.reading.tone import Tone
from tests.scoring import builders

LEXICON = builders.lender().reader
POOLS: dict[str, Any] = tomllib.loads(
    resources.files("bot.sandbox").joinpath("comments.toml").read_text("utf-8")
)
TRADES = sorted(set(POOLS) - {"common"})


@pytest.mark.parametrize(
    "text",
    [
        *(
            "好吃",
            "不错",
            "味道不错，老板很热情",
            "没有失望",
            "不贵",
            "不难吃",
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
    assert LEXICON.tone(text) is Tone.POSITIVE


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
            "好吃，就是太慢了",
        ),
    ],
)
def test_complaints(text: str) -> None:
    assert LEXICON.tone(text) is Tone.NEGATIVE


@pytest.mark.parametrize(
    "text",
    ["周三去的", "好吃吗", "四个人点了香菇和海鲜", "人均差不多五十", "goodness knows", "", "去过贵州👍"],
)
def test_neither(text: str) -> None:
    assert LEXICON.tone(text) is Tone.NEUTRAL


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
    assert not LEXICON.is_remark(text)


@pytest.mark.parametrize(
    "text", ["好吃", "周三去的", "@小北 好吃", "[赞]", "same as ever", "@阿澜 上周一起去的那家"]
)
def test_what_says_something_is_feedback(text: str) -> None:
    assert LEXICON.is_remark(text)


def phrases(trade: str, label: str) -> list[str]:
    """A few hundred remarks put together as the sandbox's customers write them."""
    dice, pool, common = random.Random(7), POOLS[trade], POOLS["common"]
    made = []
    for _ in range(300):
        parts = [dice.choice(pool[label]).format(thing=dice.choice(pool["things"]))]
        if dice.random() < 0.7:
            parts.insert(dice.randint(0, 1), dice.choice(common[label]))
        made.append("，".join(parts) + dice.choice(common["endings"]))
    return made


@pytest.mark.parametrize("label", ["positive", "neutral", "negative"])
@pytest.mark.parametrize("trade", TRADES)
def test_the_sandboxs_customers_are_read_as_they_are_meant(trade: str, label: str) -> None:
    misread = [
        text for text in phrases(trade, label) if LEXICON.tone(text) != label or not LEXICON.is_remark(text)
    ]

    assert misread == []


def test_small_talk_of_the_sandbox_is_no_feedback() -> None:
    assert [text for text in POOLS["common"]["not_feedback"] if LEXICON.is_remark(text)] == []


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert LEXICON.tone(text) in Tone
    assert LEXICON.is_remark(text) in (True, False)
