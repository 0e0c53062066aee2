"""How willingly followers take part."""

from typing import Any

import pytest

from tests.scoring import builders
from tests.scoring.builders import Json
from tests.scoring.social.shops import figure, shop


def drew(likes: int, comments: int, reposts: int, days: float = 5) -> Json:
    return builders.status(days, attitudes_count=likes, comments_count=comments, reposts_count=reposts)


def asked(n: int, days: float = 5, **changes: Any) -> Json:
    return {**builders.said("几点开门", days, 100 + n, screen_name=f"路人{n}"), "id": 1000 + n, **changes}


def answer(days: float, text: str = "九点", **changes: Any) -> Json:
    return {**builders.said(text, days, builders.OWNER), **changes}


def test_interaction_is_per_post_and_follower() -> None:
    posts = [drew(80, 10, 10), drew(0, 0, 0, 6)]

    assert figure("interaction", shop(posts)) == 0.05
    assert figure("interaction", shop(posts, user={"followers_count": 0})) is None


def test_a_post_that_shows_no_counts_is_left_out_and_not_taken_for_ignored() -> None:
    hidden = {name: None for name in ("attitudes_count", "comments_count", "reposts_count")}

    assert figure("interaction", shop([drew(80, 10, 10), builders.status(6, **hidden)])) == 0.1
    assert figure("comments_per_post", shop([builders.status(6, **hidden)])) is None


def test_talk_is_told_from_likes() -> None:
    assert figure("comments_per_post", shop([drew(80, 10, 10), drew(1, 20, 0, 6)])) == 15
    assert figure("talk_share", shop([drew(80, 10, 10)])) == 0.1


def test_who_comments_under_two_posts_returned() -> None:
    posts = [
        builders.status(5, [asked(1), asked(2), asked(2)]),
        builders.status(6, [asked(1, id=1), asked(3), asked(4)]),
    ]

    assert figure("returning_commenters", shop(posts)) == 0.25
    assert figure("commenters_per_follower", shop(posts)) == pytest.approx(4 / 1000, rel=0.2)
    assert figure("returning_commenters", shop([drew(1, 1, 1)])) is None


def test_who_returned_before_the_last_season_is_told_apart() -> None:
    """One of two then; now there are two more, who are in every comment and change nothing."""
    old = [
        builders.status(120, [asked(1, 119), asked(2, 119)]),
        builders.status(130, [asked(1, 129, id=1)]),
    ]
    new = [
        builders.status(5, [asked(3), asked(4)]),
        builders.status(6, [asked(3, id=2), asked(4, id=3)]),
    ]

    assert figure("settled_returning", shop([*new, *old])) == pytest.approx((1 + 0.12 * 40) / (2 + 40))
    assert figure("settled_returning", shop(new)) is None


@pytest.mark.parametrize(
    ("reply", "share"),
    [
        (answer(4, reply_comment={"id": 1001}), 0.5),
        (answer(4, "回复@路人1:九点"), 0.5),
        (answer(4, "回复@路人1：九点"), 0.5),
        (answer(2.9, reply_comment={"id": 1001}), 0),
        (answer(6, reply_comment={"id": 1001}), 0),
        (answer(4, reply_comment={"id": 7777}), 0),
        (answer(4, "大家好"), 0),
    ],
)
def test_an_answer_within_two_days_counts(reply: Json, share: float) -> None:
    assert figure("answered", shop([builders.status(6, [asked(1), asked(2), reply])])) == share


def test_answers_before_the_last_season_are_told_apart() -> None:
    """One of two then; whoever answers all today shows it in a season."""
    old = builders.status(120, [asked(1, 119), asked(2, 119), answer(118, reply_comment={"id": 1001})])
    new = builders.status(6, [asked(3), answer(4, reply_comment={"id": 1003})])

    assert figure("settled_answered", shop([new, old])) == pytest.approx((1 + 0.2 * 40) / (2 + 40))
    assert figure("settled_answered", shop([new])) is None


def test_without_comments_nothing_was_left_unanswered() -> None:
    assert figure("answered", shop([drew(1, 1, 1)])) is None


def test_interaction_may_be_even_or_all_on_one_post() -> None:
    assert figure("uneven_interaction", shop([drew(10, 0, 0, days) for days in range(3, 7)])) == 0
    assert (
        figure("uneven_interaction", shop([drew(40, 0, 0), *(drew(0, 0, 0, d) for d in (6, 7, 8))])) == 0.75
    )
    assert figure("uneven_interaction", shop([drew(1, 0, 0)])) is None
