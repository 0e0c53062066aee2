"""What is written this season, by whomever, betters nothing that is scored."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import scorecard, snapshot
from scoring.social import accounts
from tests.scoring import builders
from tests.scoring.builders import Json
from tests.scoring.social.shops import figure, shop

SHIPPED = scorecard.load()
WORDS = ("很好吃", "太难吃了", "周三去的", "环境好服务好技术好，五星好评，强烈推荐")
OLD: Json = {"screen_name": "早起的土豆", "friends_count": 250, "statuses_count": 900}
BOUGHT: Json = {
    "screen_name": "用户6182930475",
    "followers_count": 2,
    "friends_count": 1500,
    "statuses_count": 1,
}

authors = st.tuples(st.integers(1, 12), st.booleans())
remarks = st.tuples(authors, st.sampled_from(WORDS))
before = st.lists(st.tuples(remarks, st.integers(0, 360)), max_size=40)
since = st.lists(st.tuples(remarks, st.integers(0, 89)), max_size=40)


def _said(remark: tuple[tuple[int, bool], str], days: int) -> Json:
    """By one of a dozen people, or one of a dozen bought accounts opened a hundred days ago."""
    (number, bought), words = remark
    who = {**BOUGHT, "created_at": builders.at(100)} if bought else {**OLD, "created_at": builders.at(2000)}
    return builders.said(words, days, 100 + number + 50 * bought, **who)


def _shop(*remarks: Json, posts: list[Json], mentions: list[Json]) -> Json:
    first = builders.status(364, list(remarks))
    return shop([*posts, builders.status(200), builders.status(150), first], mentions)


def _points(raw: Json) -> dict[str, float]:
    account = snapshot.read(raw)
    measured = accounts.measure(account, None, builders.DAY, builders.lender().reader)
    rows = {name: row for name, row in SHIPPED.by_name.items() if name.startswith("brand_")}
    return {name: _of(row, measured[name]) for name, row in rows.items()}


def _of(row: Any, value: float | None) -> float:
    place = row.place_of(value)
    return float(row.bins[place].points if place < len(row.bins) else row.missing)


@settings(deadline=None, max_examples=150)
@given(before, since, since, st.integers(0, 30))
def test_nothing_said_or_posted_this_season_earns_a_point(
    earlier: list[Any], comments: list[Any], mentions: list[Any], posts: int
) -> None:
    """Neither new people nor known ones, neither new words nor those said before."""
    known = [_said(*each) for each in earlier]
    own = [
        builders.status(place * 3 % 89, pic_urls=[{"thumbnail_pic": "http://…"}]) for place in range(posts)
    ]
    now = _points(_shop(*known, posts=[], mentions=[]))
    then = _points(
        _shop(
            *(_said(*each) for each in comments),
            *known,
            posts=own,
            mentions=[_said(*each) for each in mentions],
        )
    )

    assert {name for name, points in then.items() if points > now[name]} == set()


def test_who_was_new_when_first_heard_stays_new_however_often_the_words_are_said_again() -> None:
    young = [builders.said("好吃", 80, 100 + n, created_at=builders.at(100)) for n in range(30)]
    again = [builders.said("好吃", 2, 100 + n, created_at=builders.at(100)) for n in range(30)]

    alone = figure("new_reviewers", shop([builders.status(179, young)]))

    assert alone is not None
    assert alone > 3
    assert figure("new_reviewers", shop([builders.status(179, [*again, *young])])) == alone


def test_reviewers_of_an_old_shop_make_up_for_a_few_new_ones() -> None:
    young = [builders.said("好吃", 5, 100 + n, created_at=builders.at(9)) for n in range(8)]
    grown = [builders.said("好吃", 100, 500 + n, created_at=builders.at(900)) for n in range(80)]

    assert (figure("new_reviewers", shop([builders.status(179, young)])) or 0) > 1
    assert figure("new_reviewers", shop([builders.status(179, [*young, *grown])])) == 0


@pytest.mark.parametrize(("days", "counted"), [(90, False), (91, True), (180, True), (181, False)])
def test_settled_are_comments_of_the_ninety_first_to_the_hundred_and_eightieth_day(
    days: int, counted: bool
) -> None:
    comment = builders.said("很好吃", days, 100)

    raw = shop([builders.status(200, [comment])])

    assert (figure("settled_praise", raw) is not None) is counted
    assert (figure("settled_returning", raw) is not None) is counted
    assert (figure("settled_answered", raw) is not None) is counted


@pytest.mark.parametrize(("days", "counted"), [(90, False), (91, True), (365, True), (366, False)])
def test_settled_are_posts_of_the_ninety_first_to_the_last_day_of_the_year(days: int, counted: bool) -> None:
    assert (figure("settled_pace", shop([builders.status(days)])) is not None) is counted
    assert (figure("originals", shop([builders.status(days)])) is not None) is counted


def test_mentions_that_not_everybody_may_read_count_in_no_settled_figure() -> None:
    mentions = [builders.said("很好吃", 100 + n, 100 + n) for n in range(30)]
    comments = [builders.said("很好吃", 100, 200), builders.said("还行", 101, 200)]

    with_them = shop([builders.status(120, comments)], mentions)
    without = shop([builders.status(120, comments)], mentions_read=False)

    for name in ("settled_feedbacks", "settled_praise", "settled_returning", "settled_answered"):
        assert figure(name, with_them) == figure(name, without) is not None


def test_authors_of_more_than_a_year_ago_are_no_evidence() -> None:
    said = builders.said("好吃", 366, 100, **OLD)

    assert figure("doubtful_authors", shop([builders.status(367, [said])])) is None
