"""How much others speak well of the shop on their own pages."""

import math
from typing import Any

import pytest

from tests.scoring import builders
from tests.scoring.builders import Json
from tests.scoring.social.shops import figure, shop


def praised(*authors: int, days: float = 5, text: str = "@小店 真好吃", **user: Any) -> list[Json]:
    return [builders.said(text, days, author, **user) for author in authors]


def test_praise_by_others_is_counted_by_the_month() -> None:
    mentions = praised(100, 101, 102) + praised(103, days=91) + praised(104, text="@小店 太难吃了")

    assert figure("praising_mentions", shop(mentions=mentions)) == pytest.approx(
        math.log(1 + 3 / (90 / 30.4375))
    )


def test_who_praises_twice_is_devoted() -> None:
    assert figure("returning_praise", shop(mentions=praised(100, 100, 101, 102, 102))) == pytest.approx(
        math.log(3)
    )


def test_known_voices_count_more_and_nobody_counts_without_end() -> None:
    mentions = [
        *praised(100, 101),
        *praised(102, verified=True),
        *praised(103, verified=True, followers_count=1_000_000),
        *praised(*[104] * 30),
    ]

    assert figure("affection", shop(mentions=mentions)) == 1 + 1 + 2 + 5 + 20


def test_a_super_topic_counts_where_it_is_shown() -> None:
    assert figure("super_topic", shop(super_topic={"members_count": "1.2万"})) == pytest.approx(
        math.log(12_001)
    )
    assert figure("super_topic", shop()) is None


@pytest.mark.parametrize("name", ["praising_mentions", "returning_praise", "affection", "endorsement"])
def test_mentions_that_nobody_could_look_for_are_unknown_and_not_none(name: str) -> None:
    assert figure(name, shop(mentions_read=False)) is None
    assert figure(name, shop()) == 0
