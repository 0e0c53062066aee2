"""What money buys shows in a snapshot, and the snapshot it was bought for stays as it was."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.simulation import fraud
from scoring.simulation.merchants import Json, Simulation


@pytest.fixture(scope="module")
def snapshot() -> Json:
    """A shop's account with posts, comments and no fraud of its own."""
    merchants = Simulation(seed=3).merchants(60)
    return next(
        one.brand
        for one in merchants
        if one.brand
        and not one.outcome.frauds
        and sum(len(p["comments"]) for p in one.brand["statuses"]) > 100
    )


def _dice() -> np.random.Generator:
    return np.random.default_rng(1)


def _comments(snapshot: Json) -> list[Json]:
    return [said for post in snapshot["statuses"] for said in post["comments"]]


def _added(before: Json, after: Json) -> list[Json]:
    known = {said["id"] for said in _comments(before)}
    return [said for said in _comments(after) if said["id"] not in known]


@settings(max_examples=20, deadline=None)
@given(count=st.integers(0, 3000))
def test_the_snapshot_that_is_given_is_left_alone(snapshot: Json, count: int) -> None:
    before = copy.deepcopy(snapshot)

    for buy in (fraud.with_bought_fans, fraud.with_bought_likes, fraud.with_fake_reviews):
        buy(snapshot, count, _dice())

    assert snapshot == before


def test_bought_fans_are_followers_that_come_in_a_leap_and_hardly_speak(snapshot: Json) -> None:
    bought = fraud.with_bought_fans(snapshot, 5000, _dice())
    leaps = np.diff([day["followers_count"] for day in bought["history"]])

    assert bought["user"]["followers_count"] == snapshot["user"]["followers_count"] + 5000
    assert leaps.max() >= 5000 > 20 * np.median(leaps)
    assert len(_added(snapshot, bought)) == 40


def test_bought_likes_are_likes_and_nothing_else(snapshot: Json) -> None:
    bought = fraud.with_bought_likes(snapshot, 1234, _dice())
    likes = [sum(post["attitudes_count"] for post in each["statuses"]) for each in (snapshot, bought)]

    assert likes[1] - likes[0] == 1234
    assert _comments(bought) == _comments(snapshot)


def test_fake_reviews_are_alike_come_within_days_and_from_fresh_accounts(snapshot: Json) -> None:
    reviews = _added(snapshot, fraud.with_fake_reviews(snapshot, 60, _dice()))

    assert len(reviews) == 60
    assert len({said["text"][:6] for said in reviews}) <= 6
    assert len({said["user"]["id"] for said in reviews}) == 60
    assert all(said["user"]["followers_count"] < 10 for said in reviews)


def test_nothing_can_be_written_where_nothing_was_posted(snapshot: Json) -> None:
    silent = {**snapshot, "statuses": []}

    assert fraud.with_fake_reviews(silent, 9, _dice()) == silent
    assert fraud.with_bought_likes(silent, 9, _dice()) == silent
