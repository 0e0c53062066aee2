"""How steadily the account is kept."""

import math

import pytest

from tests.scoring import builders
from tests.scoring.builders import Json
from tests.scoring.social.shops import figure, shop


def posted(*days: float) -> Json:
    return shop([builders.status(each) for each in days])


def test_posts_of_ninety_days_are_counted_by_the_week() -> None:
    assert figure("posts_per_week", posted(-5, 0, 90, 91)) == pytest.approx(math.log(1 + 2 / (90 / 7)))


def test_the_pace_before_the_last_season_is_that_since_the_first_post_that_was_read() -> None:
    """Two posts in the seventy days from the hundred and sixtieth to the ninetieth, whatever came later."""
    assert figure("settled_pace", posted(*range(90), 100, 160)) == pytest.approx(math.log(1 + 2 / 10))
    assert figure("settled_pace", posted(*range(90))) is None


def test_a_post_a_little_ahead_of_the_clock_is_of_today_and_one_of_tomorrow_is_not() -> None:
    soon, later = builders.status(-0.53), builders.status(-0.6)  # the day ends half a day after noon

    assert figure("days_since_post", shop([soon])) == 0
    assert figure("days_since_post", shop([later])) is None


def test_even_gaps_are_regular_and_scattered_ones_are_not() -> None:
    """Drawn towards 0.6 by forty gaps more: (39 * 1 + 24) / 79 and (6 * 0 + 24) / 46."""
    assert figure("regularity", posted(*range(92, 366, 7))) == pytest.approx(63 / 79)
    assert figure("regularity", posted(101, 101.01, 101.02, 101.03, 101.04, 101.05, 180)) == pytest.approx(
        24 / 46
    )
    assert figure("regularity", posted(101, 105)) is None


def test_posts_of_the_last_season_change_no_habit() -> None:
    """What an agency writes this month, on an account that posted when it liked, mostly at night."""
    before = [150, 150.01, 155, 330]
    bought = [1 + place * 4.2 for place in range(20)]

    for habit in ("regularity", "night_posts"):
        assert figure(habit, posted(*bought, *before)) == figure(habit, posted(*before))
        assert figure(habit, posted(*bought)) is None


def test_a_day_counts_once_however_much_is_posted() -> None:
    assert figure("active_days", posted(1, 1.1, 1.2, 4)) == pytest.approx(2 / 90)


def test_night_is_from_midnight_to_five_in_china() -> None:
    hours = [builders.status(110 - hour / 24) for hour in (-12.01, -12, -8, -7.01, -7, 0)]  # around noon

    assert figure("night_posts", shop(hours)) == pytest.approx((3 + 0.05 * 40) / (6 + 40))


def test_the_last_post_is_dated_over_all_that_was_read() -> None:
    assert figure("days_since_post", posted(200, 300)) == 200


def test_an_account_of_a_year_is_twelve_months_old() -> None:
    year = shop(user={"created_at": builders.at(365.25)})

    assert figure("account_months", year) == pytest.approx(math.log(1 + 365 / 30.4375))
    assert figure("account_months", shop(user={"created_at": "1999-01-01"})) is None
