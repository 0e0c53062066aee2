"""How many follow, how that moved, and who of them looks like a person."""

import math

import pytest

from scoring.social import authenticity
from tests.scoring import builders
from tests.scoring.builders import Json
from tests.scoring.social.shops import figure, shop, view

BOUGHT: Json = {
    "screen_name": "用户6182930475", "followers_count": 2, "friends_count": 1500, "statuses_count": 1,
    "created_at": builders.at(20),
}  # fmt: skip
REAL: Json = {
    "screen_name": "早起的土豆", "followers_count": 300, "friends_count": 250, "statuses_count": 900,
    "created_at": builders.at(2000),
}  # fmt: skip


def commented(*authors: Json, **user: object) -> Json:
    said = [builders.said("好吃", 5, 100 + n, **author) for n, author in enumerate(authors)]
    return shop([builders.status(6, said)], user=user)


def gained(*gains: int, posts: list[Json] | None = None) -> Json:
    """An account whose followers were counted every day, the last count of today."""
    counts = [1000]
    for gain in gains:
        counts.append(counts[-1] + gain)
    history = [
        {"at": builders.at(len(gains) - n), "followers_count": count} for n, count in enumerate(counts)
    ]
    return shop(posts, history=history, user={"followers_count": counts[-1]})


def test_ten_times_the_followers_count_one_more() -> None:
    assert figure("followers", shop(user={"followers_count": 999})) == 3
    assert figure("followers", shop(user={"followers_count": "1万"})) == pytest.approx(4, abs=1e-4)
    assert figure("followers", shop(user={"followers_count": None})) is None


def test_accounts_that_nobody_uses_are_told_from_people() -> None:
    assert min(authenticity.probabilities(view(commented(*[BOUGHT] * 3)))) > 0.9
    assert max(authenticity.probabilities(view(commented(*[REAL] * 3)))) < 0.1


def test_a_verified_account_is_hardly_ever_bought() -> None:
    assert authenticity.probabilities(view(commented({**BOUGHT, "verified": True})))[0] < authenticity.SUSPECT


def test_an_author_who_shows_nothing_is_taken_for_a_person() -> None:
    unknown = {"followers_count": None}

    assert max(authenticity.probabilities(view(commented(unknown)))) < 0.1


@pytest.mark.parametrize(
    ("sign", "milder"),
    [
        ({"friends_count": 3000}, {"friends_count": 300}),
        ({"statuses_count": 1}, {"statuses_count": 10}),
        ({"statuses_count": 10}, {"statuses_count": 100}),
        ({"created_at": builders.at(10)}, {"created_at": builders.at(100)}),
        ({"created_at": builders.at(100)}, {"created_at": builders.at(400)}),
        ({"screen_name": "xk3f9q2zt8"}, {"screen_name": "coffee2012"}),
        ({"description": "", "profile_image_url": ""}, {"description": "…", "profile_image_url": "…"}),
    ],
)
def test_every_sign_raises_the_doubt(sign: Json, milder: Json) -> None:
    doubt, less = (
        authenticity.probabilities(view(commented({**REAL, **each})))[0] for each in (sign, milder)
    )

    assert doubt > less


def test_a_few_bought_commenters_do_not_condemn_all_followers() -> None:
    few, many = (figure("fake_share", commented(*[BOUGHT] * n)) or 0 for n in (1, 150))

    assert few < 0.25
    assert many > 0.85


def test_two_hundred_authors_at_most_are_looked_at_from_all_over() -> None:
    half = commented(*[BOUGHT] * 300, *[REAL] * 300)

    assert authenticity.suspects(view(half)) == (100, 200)


def test_people_who_are_made_to_write_beside_bought_accounts_hide_none_of_them() -> None:
    few, beside = (figure("doubtful_authors", commented(*[BOUGHT] * 40, *[REAL] * n)) for n in (0, 400))

    assert few == beside
    assert (few or 0) > 3
    assert figure("doubtful_authors", commented(*[REAL] * 400)) == 0
    assert figure("doubtful_authors", shop()) is None


def test_the_people_of_an_old_shop_make_up_for_a_few_strays() -> None:
    strays = [builders.said("好吃", 5, 100 + n, **BOUGHT) for n in range(8)]
    people = [builders.said("好吃", 100, 500 + n, **REAL) for n in range(80)]

    assert (figure("doubtful_authors", shop([builders.status(6, strays)])) or 0) > 1
    assert figure("doubtful_authors", shop([builders.status(101, people), builders.status(6, strays)])) == 0


def test_followers_that_look_bought_are_taken_off() -> None:
    bought = commented(*[BOUGHT] * 100, followers_count=10_000)
    fake = figure("fake_share", bought) or 0

    assert figure("authentic_followers", bought) == pytest.approx(math.log10(1 + 10_000 * (1 - fake)))
    assert figure("authentic_followers", shop()) is None


@pytest.mark.parametrize(("days", "growth"), [(90, 0.25), (80, 0.25), (100, 0.25), (60, None), (120, None)])
def test_growth_needs_a_count_of_about_ninety_days_ago(days: int, growth: float | None) -> None:
    assert figure("growth", shop(history=[{"at": builders.at(days), "followers_count": 800}])) == growth


def test_growth_is_kept_within_bounds() -> None:
    before = {"at": builders.at(90), "followers_count": 1}

    assert figure("growth", shop(history=[before])) == 2
    assert figure("growth", shop(history=[before], user={"followers_count": 0})) == -0.5
    assert figure("growth", shop(history=[{**before, "followers_count": 0}])) is None


def test_a_leap_without_a_good_post_is_sudden_growth() -> None:
    leap = [3] * 10 + [5000] + [3] * 10

    assert figure("sudden_growth", gained(*leap)) == 1
    assert figure("sudden_growth", gained(*[3] * 21)) == 0
    assert figure("sudden_growth", gained(3, 3, 5000)) is None


def test_a_leap_on_the_day_of_the_best_post_is_explained() -> None:
    posts = [builders.status(days) for days in range(1, 30)] + [builders.status(11, attitudes_count=90_000)]

    assert figure("sudden_growth", gained(*[3] * 10, 5000, *[3] * 10, posts=posts)) == 0
