"""What consumers say of the shop: how much, how well, and how far the figures can be pushed."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.features import Measured
from scoring.social.feedback import Praise, recent_drop, shrunk_share, wilson_lower_bound
from tests.scoring import builders
from tests.scoring.builders import Json
from tests.scoring.social.shops import figure, shop

GOOD, BAD, FLAT = "很好吃", "太难吃了", "周三去的"


def heard(*said: Json) -> Json:
    return shop([builders.status(3, list(said))])


def voices(text: str, n: int, days: float = 40, first: int = 100) -> list[Json]:
    return [builders.said(text, days, first + each) for each in range(n)]


@pytest.mark.parametrize(
    ("positive", "feedbacks", "lower", "shrunk"),
    [(3, 3, 0.438, 0.826), (45, 50, 0.786, 0.871), (381, 410, 0.900, 0.923), (900, 1000, 0.880, 0.898)],
)
def test_positive_shares_are_read_with_the_caution_their_number_asks_for(
    positive: int, feedbacks: int, lower: float, shrunk: float
) -> None:
    assert round(wilson_lower_bound(positive, feedbacks), 3) == lower
    assert round(shrunk_share(positive, feedbacks), 3) == shrunk


def test_without_feedback_the_share_is_the_usual_one_and_its_lower_bound_nothing() -> None:
    assert figure("positive_share", shop()) == 0.8
    assert figure("positive_at_least", shop()) == 0
    assert figure("feedbacks", shop()) == 0


def test_comments_and_mentions_are_feedback_and_the_same_words_by_one_person_count_once() -> None:
    raw = shop([builders.status(3, voices(GOOD, 3) + voices(GOOD, 3))], voices(GOOD, 2, first=200))

    assert figure("feedbacks", raw) == pytest.approx(math.log(6))


def test_another_remark_by_the_same_person_counts() -> None:
    assert figure("feedbacks", heard(*voices(GOOD, 1), *voices(BAD, 1))) == pytest.approx(math.log(3))


def test_authors_that_are_not_shown_are_not_taken_for_one() -> None:
    unnamed = [{**each, "user": {}} for each in voices(GOOD, 4)]

    assert figure("feedbacks", heard(*unnamed)) == pytest.approx(math.log(5))


def test_opinions_differ_most_where_half_are_pleased_and_half_are_not() -> None:
    assert figure("mixed_opinions", heard(*voices(GOOD, 5), *voices(BAD, 5, first=200))) == 1
    assert figure("mixed_opinions", heard(*voices(GOOD, 5), *voices(FLAT, 5, first=200))) == 0.25
    assert figure("mixed_opinions", heard(*voices(GOOD, 5))) == 0
    assert figure("mixed_opinions", heard(*voices(GOOD, 1))) is None


def test_praise_of_the_last_season_changes_nothing_in_what_is_settled() -> None:
    old = [*voices(GOOD, 30, 100), *voices(BAD, 10, 100, first=500)]
    raw = shop([builders.status(101, old), builders.status(60, voices(GOOD, 300, first=1000))])

    assert figure("settled_praise", raw) == pytest.approx((30 + 16) / (40 + 20))
    assert figure("settled_feedbacks", raw) == pytest.approx(math.log(41))
    assert figure("settled_praise", heard(*voices(GOOD, 3))) is None
    assert figure("settled_feedbacks", heard(*voices(GOOD, 3))) is None


counts = st.integers(0, 2000)


@given(counts, counts)
def test_one_more_pleased_guest_never_lowers_a_share(positive: int, other: int) -> None:
    n = positive + other
    assert shrunk_share(positive + 1, n + 1) >= shrunk_share(positive, n)
    assert wilson_lower_bound(positive + 1, n + 1) >= wilson_lower_bound(positive, n)
    assert 0 <= wilson_lower_bound(positive, n) <= (positive / n if n else 0) + 1e-12


@given(counts, counts, counts, counts)
def test_only_a_worse_month_is_a_drop(positive: int, other: int, recent: int, complaints: int) -> None:
    whole = Praise(positive + recent, positive + other + recent + complaints)
    month = Praise(recent, recent + complaints)
    worse = (
        recent * whole.feedbacks
        < shrunk_share(whole.positive, whole.feedbacks) * whole.feedbacks * month.feedbacks
    )

    assert (recent_drop(whole, month) > 1e-12) <= worse


def measured(pleased: int, displeased: int, extra: list[Json]) -> Measured:
    said = voices(GOOD, pleased) + voices(BAD, displeased, first=5000) + extra
    return {name: figure(name, heard(*said)) for name in ("feedbacks", "positive_share", "positive_at_least")}


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 20))
def test_distinct_praise_lowers_nothing_and_one_persons_copies_do_less(
    pleased: int, displeased: int, more: int
) -> None:
    before = measured(pleased, displeased, [])
    distinct = measured(pleased, displeased, voices(GOOD, more, first=9000))
    copies = measured(pleased, displeased, [builders.said(GOOD, 40, 9000)] * more)

    for name, value in before.items():
        assert (value or 0) <= (copies[name] or 0) <= (distinct[name] or 0)
