"""What the table that ships with the package may score by, and what money cannot move in it."""

import pytest

from scoring import scorecard
from scoring.evaluation import bought, gaming
from scoring.scorecard import Bin, Binned
from scoring.training import bundled
from tests.scoring import builders

SHIPPED = scorecard.load()
CHEAP = (
    "feedbacks",
    "positive_at_least",
    "mixed_opinions",
    "feedback_burst",
    "praise_drop",
    "talk_share",
    "praising_mentions",
)


@pytest.mark.parametrize("name", CHEAP)
def test_what_a_few_bought_reviews_better_is_not_scored(name: str) -> None:
    assert f"brand_{name}" not in SHIPPED.by_name


@pytest.mark.parametrize("name", sorted(bundled.AGAINST_ONLY))
def test_what_can_be_bettered_for_little_counts_against_a_shop_and_never_for_one(name: str) -> None:
    row = SHIPPED.by_name.get(name)

    assert row is None or max(part.points for part in row.bins) == 0


def test_points_above_the_neutral_ones_are_taken_away_and_no_others() -> None:
    bins = (Bin(below=0.4, points=-2.0), Bin(below=0.6, points=0.0), Bin(points=3.0))
    praise = Binned(
        name="brand_positive_share",
        about="…",
        direction=1,
        bins=bins,
        missing=0,
        lowers="R14",
        raises="P03",
    )
    other = praise.model_copy(update={"name": "brand_answered"})
    table = SHIPPED.table.model_copy(update={"features": (praise, other)})

    capped, kept = bundled.against_only(table).features

    assert [part.points for part in capped.bins] == [-2.0, 0.0, 0.0]
    assert kept == other


@pytest.mark.parametrize("good", sorted(bought.market().goods))
def test_a_hundred_yuan_of_anything_never_raise_the_limit_of_the_golden_case(good: str) -> None:
    """Her score moves by a bin or two, but for posts of her own that fill the eight weeks she was closed."""
    before = builders.decided(table=SHIPPED)
    spent = gaming.applied(builders.inputs(), {good: gaming.PARTS}, gaming.BUDGETS[0])
    after = builders.decided(brand=spent.brand, personal=spent.personal, table=SHIPPED)

    assert before.pd is not None
    assert after.pd is not None
    assert SHIPPED.points(after.pd) - SHIPPED.points(before.pd) < 5 or good == "own_posts"
    assert after.limit <= before.limit  # comments of accounts opened for it lower it
