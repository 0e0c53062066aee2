"""Percentiles among shops of the same trade and size, and the sub-scores made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.declared import FORBIDDEN
from scoring.features import Measured
from scoring.social.standing import (
    LEAST,
    SUBSCORES,
    Merchant,
    Norms,
    bucket,
    bundled,
    fit,
    percentile,
    subscores,
)
from scoring.social.table import TABLE

SMALL, LARGE = 2.5, 4.5  #: log10 of followers


def shops(n: int, trade: str, followers: float, step: float = 1.0) -> list[Merchant]:
    """Shops with 0, 1, 2 ... feedbacks of a kind, all the worse for days since their last post."""
    return [
        Merchant(
            trade,
            {
                "brand_followers": followers,
                "brand_feedbacks": place * step,
                "brand_days_since_post": place * step,
            },
        )
        for place in range(n)
    ]


def normed(*merchants: list[Merchant]) -> Norms:
    return fit([one for some in merchants for one in some], fitted_on="a test")


def scored(measured: Measured, norms: Norms, trade: str | None = "cafe") -> dict[str, int | None]:
    return subscores(measured, "brand", trade, norms)


def test_every_group_but_identity_is_part_of_one_subscore() -> None:
    shown = [group for groups in SUBSCORES.values() for group in groups]

    assert len(shown) == len(set(shown))
    assert {line.feature.group for line in TABLE} - set(shown) == {"identity"}


@pytest.mark.parametrize(
    ("followers", "name"),
    [(0, "under_1k"), (999, "under_1k"), (1000, "1k_10k"), (99_999, "10k_100k"), (100_000, "over_100k")],
)
def test_accounts_are_compared_with_those_of_their_size(followers: int, name: str) -> None:
    from math import log10

    assert bucket({"brand_followers": round(log10(1 + followers), 9)}, "brand") == name


def test_a_small_shop_is_not_beaten_by_large_ones() -> None:
    norms = normed(shops(101, "cafe", SMALL), shops(101, "cafe", LARGE, step=100))

    assert scored({"brand_followers": SMALL, "brand_feedbacks": 90.0}, norms)["feedback"] == 90
    assert scored({"brand_followers": LARGE, "brand_feedbacks": 90.0}, norms)["feedback"] == 1


def test_a_trade_with_too_few_shops_is_compared_with_all_of_its_size() -> None:
    norms = normed(shops(101, "cafe", SMALL), shops(LEAST - 1, "gym", SMALL))
    shop = {"brand_followers": SMALL, "brand_feedbacks": 50.0}

    assert "gym/under_1k" not in norms.groups
    assert scored(shop, norms, "gym") == scored(shop, norms, None)
    assert scored(shop, norms, "gym") != scored(shop, norms, "cafe")


def test_a_size_with_too_few_shops_is_compared_with_all() -> None:
    norms = normed(shops(101, "cafe", SMALL))

    assert scored({"brand_followers": LARGE, "brand_feedbacks": 25.0}, norms)["feedback"] == 25


def test_what_is_better_when_less_counts_the_other_way() -> None:
    norms = normed(shops(101, "cafe", SMALL))

    assert scored({"brand_followers": SMALL, "brand_days_since_post": 10.0}, norms)["content"] == 90


def test_of_what_nothing_is_known_there_is_no_subscore() -> None:
    assert scored({}, normed(shops(101, "cafe", SMALL))) == dict.fromkeys(SUBSCORES)
    assert scored({"brand_feedbacks": 3.0}, fit([], fitted_on="nobody")) == dict.fromkeys(SUBSCORES)


spreads = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=21).map(sorted)


@given(spreads, st.floats(-1e7, 1e7), st.floats(-1e7, 1e7))
def test_more_is_never_a_lower_percentile(spread: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert 0 <= percentile(low, spread) <= percentile(high, spread) <= 100


def test_the_many_that_have_nothing_share_the_middle_of_their_places() -> None:
    assert percentile(0.0, [0.0] * 21) == 50
    assert percentile(0.0, [0.0] * 17 + [0.25, 0.5, 0.75, 1.0]) == 40


def test_the_norms_that_ship_know_every_figure_that_any_merchant_showed() -> None:
    norms, fingerprint = bundled()
    names = {f"{side}_{line.feature.name}" for line in TABLE for side in line.accounts}

    assert len(fingerprint) == 12
    assert norms.fitted_on
    for group in norms.groups.values():
        assert set(group.quantiles) <= names
        assert all(list(spread) == sorted(spread) for spread in group.quantiles.values())
    assert not [name for name in names if FORBIDDEN & set(name.split("_"))]
