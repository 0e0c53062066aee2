"""Whom the account is tied to, and what Weibo says it is."""

import math
from typing import Any

import pytest

from tests.scoring import builders
from tests.scoring.builders import Json
from tests.scoring.social.shops import figure, shop

OWNER: Json = {"id": 8, "screen_name": "小夏Xia", "followers_count": 300}


def home(*posts: Json, **user: Any) -> Json:
    return shop(list(posts), user={"screen_name": "小夏雲味小館", "location": "北京 朝阳区", **user})


@pytest.mark.parametrize(
    ("counts", "share"),
    [
        ({"bi_followers_count": 50, "friends_count": 200}, 0.25),
        ({"bi_followers_count": 300, "friends_count": 200}, 1),
        ({"bi_followers_count": 0, "friends_count": 0}, None),
        ({"bi_followers_count": None, "friends_count": 200}, None),
        ({"friends_count": 200}, None),
    ],
)
def test_who_follows_back_makes_the_share(counts: Json, share: float | None) -> None:
    assert figure("reciprocity", shop(user=counts)) == share


def test_only_organisations_of_the_same_city_are_local_ties() -> None:
    def spoke(author: int, kind: int, location: str) -> Json:
        return builders.said("合作愉快", 5, author, verified_type=kind, location=location)

    said = [
        spoke(100, 2, "北京 朝阳区"),
        spoke(101, 3, "北京 朝阳区"),
        spoke(102, 2, "上海"),
        spoke(103, 0, "北京 朝阳区"),
        spoke(104, -1, "北京 朝阳区"),
    ]

    assert figure("local_ties", home(builders.status(6, said))) == pytest.approx(math.log(3))
    assert figure("local_ties", shop()) is None


@pytest.mark.parametrize(
    ("brand", "personal", "tied"),
    [
        (home(builders.status(6, [builders.said("加油", 5, 8)])), {"user": OWNER}, 1),
        (home(builders.status(6, text="老板@小夏Xia 说的")), {"user": OWNER}, 1),
        (home(), {"user": OWNER, "statuses": [builders.status(6, text="去@小夏雲味小館 帮忙")]}, 1),
        (
            home(),
            {"user": OWNER, "statuses": [builders.status(6, [builders.said("好", 5, builders.OWNER)])]},
            1,
        ),
        (home(), {"user": OWNER, "statuses": [builders.status(95, text="去@小夏雲味小館 帮忙")]}, 0),
        (home(), {"user": OWNER}, 0),
        (home(), None, None),
        (home(), {"unavailable": "timeout"}, None),
    ],
)
def test_the_shop_and_its_owner_are_tied_where_one_speaks_to_the_other(
    brand: Json, personal: Json | None, tied: float | None
) -> None:
    assert figure("owner_ties", brand, personal) == tied


@pytest.mark.parametrize(("days", "fresh"), [(0, 1), (73, 0.8), (365, 0), (366, 0)])
def test_a_recommendation_fades_within_a_year(days: int, fresh: float) -> None:
    praise = builders.said("推荐", days, 1, verified=True, followers_count="150万")

    assert figure("endorsement", shop(mentions=[praise])) == pytest.approx(fresh)


def test_a_large_account_that_only_comments_recommends_nothing() -> None:
    praise = builders.said("推荐", 5, 1, verified=True, followers_count="150万")

    assert figure("endorsement", shop([builders.status(6, [praise])])) == 0


@pytest.mark.parametrize(("kind", "verified"), [(2, 1), ("2", 1), (3, 0), (-1, 0), (None, 0), ("two", 0)])
def test_a_verified_business_is_one_of_type_two(kind: object, verified: float) -> None:
    assert figure("enterprise", shop(user={"verified_type": kind})) == verified
