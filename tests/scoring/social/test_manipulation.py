"""Signs that feedback was bought."""

import pytest

from tests.scoring import builders
from tests.scoring.builders import Json
from tests.scoring.social.shops import figure, shop

PRAISE = "环境好服务好技术好，五星好评，强烈推荐"


def heard(*said: Json) -> Json:
    return shop([builders.status(179, list(said))])


def test_feedback_at_once_is_a_burst_and_spread_out_it_is_not() -> None:
    at_once = [builders.said("好吃", 50, 100 + n) for n in range(30)]
    spread = [builders.said("好吃", 6 * n, 100 + n) for n in range(30)]

    assert figure("feedback_burst", heard(*at_once)) == 60
    assert figure("feedback_burst", heard(*spread)) == 2
    assert figure("feedback_burst", heard(*at_once[:19])) is None


def test_a_burst_lasts_three_days_and_no_longer() -> None:
    waves = [builders.said("好吃", 50 + day, 100 + 10 * day + n) for day in (0, 2, 3) for n in range(10)]

    assert figure("feedback_burst", heard(*waves)) == 40


def test_copied_praise_is_counted_whoever_signs_it() -> None:
    copies = [builders.said(PRAISE + "！" * n, 50, 100 + n) for n in range(3)]
    own = [builders.said("汽锅鸡的汤很鲜，老板人也好，下次带爸妈来", 50, 200)]

    assert figure("copied_feedback", heard(*copies, *own)) == 0.75
    assert figure("copied_feedback", heard()) is None


def test_short_praise_is_nobodys_copy() -> None:
    assert figure("copied_feedback", heard(*(builders.said("很好吃", 50, 100 + n) for n in range(9)))) == 0


def test_a_reviewer_is_young_by_the_day_of_the_first_review() -> None:
    young = builders.said("好吃", 50, 100, created_at=builders.at(79))
    again = builders.said("还是好吃", 3, 100, created_at=builders.at(79))
    grown = builders.said("好吃", 50, 101, created_at=builders.at(81))
    hidden = builders.said("好吃", 50, 102)

    assert figure("young_reviewers", heard(young, again, grown, hidden)) == 0.5
    assert figure("young_reviewers", heard(hidden)) is None


def test_old_accounts_that_are_made_to_praise_hide_no_new_ones() -> None:
    new = [builders.said("好吃", 50, 100 + n, created_at=builders.at(60)) for n in range(30)]
    old = [builders.said("好吃", 40, 500 + n, created_at=builders.at(900)) for n in range(300)]

    assert figure("new_reviewers", heard(*new)) == figure("new_reviewers", heard(*new, *old))
    assert (figure("new_reviewers", heard(*new)) or 0) > 3
    assert figure("new_reviewers", heard(*old)) == 0


@pytest.mark.parametrize("name", ["feedback_burst", "copied_feedback", "young_reviewers", "new_reviewers"])
def test_what_was_said_before_the_window_is_no_sign(name: str) -> None:
    old = [builders.said(PRAISE, 181, 100 + n, created_at=builders.at(190)) for n in range(30)]

    assert figure(name, heard(*old)) is None
