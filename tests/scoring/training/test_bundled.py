"""What the table that ships with the package may score by, and what money cannot move in it."""

from functools import cache
from pathlib import Path

import pytest

from scoring import scorecard
from scoring.decide import Inputs, decide
from scoring.evaluation import bought, gaming
from scoring.scorecard import Bin, Binned
from scoring.simulation.merchants import Merchant, Simulation
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
BUDGET = gaming.BUDGETS[-1]


@pytest.mark.parametrize("name", CHEAP)
def test_what_a_few_bought_reviews_better_is_not_scored(name: str) -> None:
    assert f"brand_{name}" not in SHIPPED.by_name


@cache
def attacked() -> tuple[Inputs, ...]:
    """The golden case and invented merchants with an account, among them some of every kind of fraud."""
    with_account = (one for one in Simulation(5).merchants(160) if one.brand)
    kinds: dict[tuple[str, ...], Merchant] = {}
    for one in with_account:
        kinds.setdefault(one.outcome.frauds, one)
    assert {fraud for frauds in kinds for fraud in frauds} >= {"bought_fans", "fake_reviews"}
    found = (Inputs(one.application, one.brand, one.personal, one.as_of) for one in kinds.values())
    return builders.inputs(), *found


@pytest.mark.parametrize("good", sorted(bought.market().goods))
def test_nothing_that_money_buys_today_raises_the_points_of_any_figure(good: str) -> None:
    for inputs in attacked():
        before = _points(inputs)
        after = _points(gaming.applied(inputs, {good: gaming.PARTS}, BUDGET))

        assert {name for name, points in after.items() if points > before[name]} == set()


def _points(inputs: Inputs) -> dict[str, float]:
    found = decide(inputs, model=SHIPPED, policy=builders.lender()).facts["contributions"]
    return {name: points for name, points in found.items() if name.startswith(("brand_", "personal_"))}


def test_a_hundred_yuan_of_anything_never_raise_the_limit_of_the_golden_case() -> None:
    before = builders.decided(table=SHIPPED)

    for good in bought.market().goods:
        spent = gaming.applied(builders.inputs(), {good: gaming.PARTS}, gaming.BUDGETS[0])
        assert (
            builders.decided(brand=spent.brand, personal=spent.personal, table=SHIPPED).limit <= before.limit
        )


@pytest.mark.parametrize("name", sorted(bundled.AGAINST_ONLY))
def test_what_can_be_bettered_for_little_counts_against_a_shop_and_never_for_one(name: str) -> None:
    row = SHIPPED.by_name.get(name)

    assert row is None or max(part.points for part in row.bins) == 0


def test_points_above_the_neutral_ones_are_taken_away_and_no_others() -> None:
    bins = (Bin(below=0.4, points=-2.0), Bin(below=0.6, points=0.0), Bin(points=3.0))
    praise = Binned(
        name="brand_settled_praise",
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


def test_the_model_card_is_of_the_table_that_ships() -> None:
    card = Path(__file__).parents[3] / "docs" / "model-card.md"

    assert f"`{SHIPPED.name}`" in card.read_text("utf-8")
