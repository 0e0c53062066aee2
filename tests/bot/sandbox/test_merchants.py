"""What the invented accounts show: exact counts, the same on every run."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from typing import Any

import pytest

from bot.sandbox import feedback, merchants, posts
from bot.sandbox.accounts import Account, accounts, read
from scoring.sources.weibo_api import read_time

APRIL = datetime(2020, 4, 20, 3, 7, 9, tzinfo=UTC)
MIDNIGHT_IN_CHINA = datetime(2026, 2, 28, 16, 0, 30, tzinfo=UTC)
ANSWERING = [account for account in accounts().values() if account.fault is None]
TRADES = ("restaurant", "cafe", "gym", "beauty", "retail", "homestay", "travel")


def age(item: dict[str, Any], at: datetime) -> timedelta:
    written = read_time(item["created_at"])
    assert written is not None
    return at - written


def labels(account: Account, at: datetime) -> Counter[str]:
    said = feedback.comments(account, posts.timeline(account, at), at)
    return Counter(comment.label for comment in said if at - comment.at <= timedelta(days=180))


def test_xiaoxia_has_410_pieces_of_feedback_381_of_them_good() -> None:
    account = accounts()["xiaoxia"]
    counts, praised = labels(account, APRIL), len(feedback.mentions(account, APRIL))

    assert counts["positive"] + praised == 381
    assert counts["positive"] + praised + counts["neutral"] + counts["negative"] == 410


def test_xiaoxia_has_46000_followers_a_blue_v_and_an_account_as_old_as_the_shop() -> None:
    user = merchants.snapshot("xiaoxia", APRIL)["user"]

    assert (user["followers_count"], user["verified_type"], user["verified"]) == (46_000, 2, True)
    assert 37 <= age(user, APRIL).days / 30.44 <= 38


def test_xiaoxia_was_recommended_once_by_a_large_verified_account_120_days_ago() -> None:
    mentions = merchants.snapshot("xiaoxia", APRIL)["mentions"]
    large = [post for post in mentions if post["user"]["followers_count"] >= 1_000_000]

    assert [(age(post, APRIL), post["user"]["verified"]) for post in large] == [(timedelta(days=120), True)]
    assert large[0]["user"]["followers_count"] == 1_500_000
    assert "陳曉卿" not in json.dumps(mentions, ensure_ascii=False)


def test_xiaoxia_posts_in_spells_and_longest_not_in_the_weeks_of_the_shock() -> None:
    days = sorted(age(post, APRIL).days for post in merchants.snapshot("xiaoxia", APRIL)["statuses"])

    assert days[0] <= 7
    gaps = sorted(later - earlier for earlier, later in pairwise(days))
    assert gaps[-4] <= 7 < gaps[-3]
    assert gaps[-1] > 50


@pytest.mark.parametrize("account", ANSWERING, ids=lambda account: account.key)
@pytest.mark.parametrize("at", [APRIL, MIDNIGHT_IN_CHINA])
def test_every_account_shows_the_declared_counts(account: Account, at: datetime) -> None:
    counts = labels(account, at)
    declared = {
        "positive": account.positive - account.mentions,
        "neutral": account.neutral,
        "negative": account.negative,
        "not_feedback": account.not_feedback,
    }

    assert {label: counts[label] for label in declared} == declared
    assert len(feedback.mentions(account, at)) == account.mentions
    assert len(posts.timeline(account, at)) == account.posts


@pytest.mark.parametrize("account", ANSWERING, ids=lambda account: account.key)
@pytest.mark.parametrize("at", [APRIL, MIDNIGHT_IN_CHINA])
def test_nothing_was_written_tomorrow_or_before_its_author_came(account: Account, at: datetime) -> None:
    shown = merchants.published(account, at)

    for item in chain(shown.statuses, shown.mentions, *shown.comments.values()):
        assert age(item, at) >= timedelta(0)
        assert age(item, at) < age(item["user"], at)


@pytest.mark.parametrize("account", ANSWERING, ids=lambda account: account.key)
def test_an_account_is_read_within_a_hundred_calls(account: Account) -> None:
    shown = merchants.published(account, APRIL)

    assert 4 + len(shown.comments) <= 100
    assert all(len(said) <= 200 for said in shown.comments.values())
    assert all(
        status["comments_count"] == len(shown.comments.get(status["id"], ())) for status in shown.statuses
    )


@pytest.mark.parametrize("account", ANSWERING, ids=lambda account: account.key)
def test_the_same_day_gives_the_same_account(account: Account) -> None:
    once, again = (json.dumps(merchants.snapshot(account.key, APRIL)) for _ in range(2))

    assert once == again


def test_another_day_moves_the_dates_and_nothing_else() -> None:
    first, second = (
        merchants.snapshot("xiaoxia", at)["statuses"] for at in (APRIL, APRIL + timedelta(days=1))
    )

    assert [post["text"] for post in first] == [post["text"] for post in second]
    assert [post["id"] for post in first] == [post["id"] for post in second]
    assert first[0]["created_at"] != second[0]["created_at"]


def test_ids_are_unique_and_newer_posts_have_higher_ones() -> None:
    shown = [merchants.published(account, APRIL) for account in ANSWERING]
    ids = [item["id"] for one in shown for item in chain(one.statuses, one.mentions, *one.comments.values())]

    assert len(ids) == len(set(ids))
    assert all(
        [status["id"] for status in one.statuses] == sorted((s["id"] for s in one.statuses), reverse=True)
        for one in shown
    )


def test_bad_reviews_of_the_hotpot_all_came_in_the_last_two_weeks() -> None:
    account = accounts()["honghuo"]
    said = feedback.comments(account, posts.timeline(account, APRIL), APRIL)

    assert all(APRIL - comment.at <= timedelta(days=14) for comment in said if comment.label == "negative")


def test_praise_of_the_skin_care_shop_is_copied_and_its_authors_are_new() -> None:
    account = accounts()["meiyan"]
    praise = [
        c for c in feedback.comments(account, posts.timeline(account, APRIL), APRIL) if c.label == "positive"
    ]

    assert len({comment.text for comment in praise}) < 0.35 * len(praise)
    assert sum(comment.at - comment.author.opened < timedelta(days=30) for comment in praise) > 0.7 * len(
        praise
    )


def test_bought_followers_do_not_like_anything() -> None:
    shown = merchants.snapshot("dakou", APRIL)
    likes = [post["attitudes_count"] for post in shown["statuses"]]

    assert shown["user"]["followers_count"] == 120_000
    assert 2 <= sum(likes) / len(likes) <= 4


def test_the_sleeping_noodle_shop_last_posted_200_days_ago() -> None:
    assert (
        199 <= min(age(post, APRIL).days for post in merchants.snapshot("laojie", APRIL)["statuses"]) <= 206
    )


def test_an_account_that_never_answers_has_no_snapshot() -> None:
    with pytest.raises(ValueError, match="never answers"):
        merchants.snapshot("simi", APRIL)


def test_every_trade_has_words_and_no_text_means_two_things() -> None:
    pools = read("comments.toml")
    meanings: dict[str, set[str]] = {}
    for label in ("positive", "neutral", "negative", "not_feedback"):
        for pool in ("common", *TRADES):
            for text in pools[pool].get(label, ()):
                meanings.setdefault(text, set()).add(label)

    assert all(len(found) == 1 for found in meanings.values())
    assert all(len(pools["common"]["positive"]) + len(pools[trade]["positive"]) >= 25 for trade in TRADES)


def test_no_text_names_the_director_of_the_seed_story() -> None:
    everything = json.dumps(
        [read(name) for name in ("merchants.toml", "comments.toml", "posts.toml")], ensure_ascii=False
    )

    assert "陈晓卿" not in everything
    assert "陳曉卿" not in everything
