"""How many followers count, and why not all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.social.effective import Effective, effective_followers
from scoring.social.interaction import usual_interaction
from tests.scoring import builders
from tests.scoring.builders import Json
from tests.scoring.social.shops import shop, view
from tests.scoring.social.test_scale import BOUGHT, REAL, gained


def counted(raw: Json) -> Effective:
    found = effective_followers(view(raw))
    assert found is not None
    return found


def crowd(bought: int, real: int, likes: int = 400, followers: int = 31_000) -> Json:
    """Bought and real commenters under one of ten posts."""
    authors = [BOUGHT] * bought + [REAL] * real
    said = [builders.said("好吃", 5, 100 + n, **author) for n, author in enumerate(authors)]
    posts = [builders.status(5 + n, attitudes_count=likes, comments_count=10) for n in range(10)]
    posts[0]["comments"] = said
    return shop(posts, user={"followers_count": followers})


def test_an_honest_account_counts_in_full() -> None:
    assert counted(crowd(2, 58)) == Effective(31_000, 31_000, ())


def test_followers_are_counted_down_by_those_that_look_bought() -> None:
    found = counted(crowd(38, 22))

    assert 10_000 < found.counted < 14_500
    assert found.json()["because"] == [{"code": "suspects", "suspects": 38, "seen": 60}]


def test_a_handful_of_commenters_says_nothing_of_the_followers() -> None:
    assert counted(crowd(9, 0)).because == ()


def test_a_large_account_that_nobody_answers_counts_as_one_that_may_be_so_silent() -> None:
    posts = [builders.status(5 + n, attitudes_count=3, reposts_count=0) for n in range(10)]
    found = counted(shop(posts, user={"followers_count": 120_000}))

    assert found.counted == 2984
    assert found.json()["because"] == [{"code": "silence", "drawn": 3, "usual": 367}]
    assert usual_interaction(2984) * 2984 == pytest.approx(30, rel=0.01)


def test_a_small_account_may_be_silent() -> None:
    posts = [builders.status(5 + n, attitudes_count=0, reposts_count=0) for n in range(10)]

    assert counted(shop(posts, user={"followers_count": 4_000})).counted == 4_000


def test_likes_that_no_word_goes_with_do_not_break_the_silence() -> None:
    def liked(likes: int) -> int:
        posts = [builders.status(5 + n, attitudes_count=likes, reposts_count=0) for n in range(10)]
        return counted(shop(posts, user={"followers_count": 50_000_000})).counted

    assert liked(500) == liked(500_000)


def test_a_leap_is_named() -> None:
    assert counted(gained(*[3] * 10, 5000, *[3] * 10)).json()["because"] == [{"code": "leap", "gained": 5000}]


def test_followers_that_are_not_shown_cannot_be_counted() -> None:
    assert effective_followers(view(shop(user={"followers_count": None}))) is None


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 10**6), st.integers(0, 10**11))
def test_never_more_than_all_and_never_fewer_than_none(
    bought: int, real: int, likes: int, followers: int
) -> None:
    found = counted(crowd(bought, real, likes, followers))

    assert 0 <= found.counted <= found.followers
    assert (found.counted < found.followers) <= bool(found.because)
