"""Figures of social accounts: windows, evidence that is missing, and what may never be one."""

from dataclasses import fields
from typing import Any

import pytest

from scoring import snapshot
from scoring.application import Application
from scoring.declared import FORBIDDEN
from scoring.features import Measured
from scoring.social import accounts, interaction
from scoring.social.table import TABLE
from tests.scoring import builders


def measured(raw: dict[str, Any] | None, **personal: Any) -> Measured:
    return accounts.measure(
        snapshot.read(raw), snapshot.read(personal or None), builders.DAY, builders.lender().reader
    )


def quiet(*posts: dict[str, Any], **user: Any) -> dict[str, Any]:
    return {
        "user": {"id": builders.OWNER, "followers_count": 1000, "created_at": builders.at(400), **user},
        "statuses": list(posts),
    }


def test_no_attribute_of_a_person_is_a_feature_or_an_answer() -> None:
    names = [line.feature.name for line in TABLE] + [field.name for field in fields(Application)]
    names += [row.name for row in builders.model().table.features]

    assert not [name for name in names if FORBIDDEN & set(name.split("_"))]


def test_every_scored_feature_is_declared_and_points_the_declared_way() -> None:
    directions = {f"brand_{line.feature.name}": line.feature.direction for line in TABLE}

    for row in builders.model().table.features:
        if row.name.startswith("brand_"):
            assert directions[row.name] == row.direction


def test_without_an_account_every_feature_is_missing() -> None:
    assert set(measured(None).values()) == {None}
    assert set(measured({"unavailable": "timeout", "at": ""}).values()) == {None}


def test_feedback_older_than_180_days_or_yet_to_come_is_not_counted() -> None:
    remarks = [builders.said("好吃", days, 100 + n) for n, days in enumerate((-1, 0, 180, 181))]

    assert round(measured(quiet(builders.status(3, remarks)))["brand_feedbacks"] or 0, 4) == 1.0986


def test_a_neutral_remark_counts_as_not_positive() -> None:
    remarks = [builders.said("好吃", 5, 100), builders.said("周三去的", 5, 101)]

    assert measured(quiet(builders.status(3, remarks)))["brand_positive_share"] == pytest.approx(17 / 22)


def test_silence_is_no_fall_in_praise_and_a_wave_of_complaints_is() -> None:
    old = [builders.said("好吃", 60, 100 + n) for n in range(80)]
    wave = [builders.said("太难吃了", 5, 300 + n) for n in range(30)]

    assert measured(quiet(builders.status(3, old)))["brand_praise_drop"] == pytest.approx(0)
    assert (measured(quiet(builders.status(3, old + wave)))["brand_praise_drop"] or 0) > 0.15


@pytest.mark.parametrize(
    ("changes", "fresh"),
    [
        ({}, 1 - 120 / 365),
        ({"followers_count": 999_999}, 0),
        ({"verified": False, "verified_type": -1}, 0),
        ({"verified": False, "verified_type": 3}, 1 - 120 / 365),
        ({"id": builders.OWNER}, 0),
    ],
)
def test_only_a_large_verified_stranger_recommends(changes: dict[str, Any], fresh: float) -> None:
    raw = builders.account()
    raw["mentions"][0]["user"].update(changes)

    assert measured(raw)["brand_endorsement"] == pytest.approx(fresh)


def test_a_large_accounts_complaint_is_no_recommendation() -> None:
    raw = builders.account()
    raw["mentions"][0]["text"] = "太难吃了，避雷"

    assert measured(raw)["brand_endorsement"] == 0


def test_an_account_that_posted_nothing_has_no_last_post_and_draws_nothing() -> None:
    found = measured(quiet())

    assert found["brand_days_since_post"] is None
    assert found["brand_interaction_for_size"] is None
    assert found["brand_talk_share"] is None
    assert found["brand_posts_per_week"] == 0


def test_a_large_account_with_three_likes_a_post_draws_far_less_than_usual() -> None:
    posts = [builders.status(days, attitudes_count=3, reposts_count=0) for days in range(1, 60, 5)]

    assert (measured(quiet(*posts, followers_count=120_000))["brand_interaction_for_size"] or 1) < 0.02
    assert interaction.usual_interaction(450_000) == pytest.approx(0.002, rel=0.02)


def test_an_account_opened_after_the_day_has_no_history() -> None:
    assert measured(quiet(created_at=builders.at(-5)))["brand_account_months"] is None
