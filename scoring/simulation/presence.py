"""Which accounts a merchant has, how they behave in the large, and which frauds it commits."""

from collections.abc import Mapping

import numpy as np

from scoring.simulation.assumptions import Assumptions
from scoring.simulation.columns import Columns, Vector, logit_of, rounded, share

FRAUDS = ("bought_fans", "fake_reviews", "inflated_sales", "hidden_debt")


def accounts(dice: np.random.Generator, traits: Columns, assumed: Assumptions) -> Columns:
    """The accounts there are, as 0 and 1, and what the reviews are up to."""
    given, said, many = assumed.values("accounts"), assumed.values("feedback"), len(traits["quality"])
    brand = dice.random(many) < given["brand"]
    personal = dice.random(many) < np.where(brand, given["personal"], given["personal_only"])
    verified = dice.random(many) < share(given["verified"] + given["verified_by_quality"] * traits["quality"])
    falling = logit_of(said["declining"]) + said["declining_by_quality"] * traits["quality"]
    praised = said["endorsed"] + said["endorsed_by_product"] * traits["product"]
    found = {
        "brand": brand,
        "personal": personal,
        "verified": brand & verified,
        "declining": brand & (dice.random(many) < share(falling)),
        "endorsed": brand & (dice.random(many) < share(praised)),
    }
    followers = given["followers_by_popularity"] * traits["popularity"]
    own = 0.9 * dice.standard_normal(many) + 0.4 * traits["popularity"]
    counts = {
        "followers": np.floor(given["followers"] * np.exp(followers)) + 20,
        "own_followers": np.floor(given["personal_followers"] * np.exp(own)) + 3,
    }
    return rounded({name: flag.astype(float) for name, flag in found.items()} | counts)


def frauds(dice: np.random.Generator, traits: Columns, brand: Vector, assumed: Assumptions) -> Columns:
    """Who cheats, and by how much; the social frauds need an account of the shop."""
    given, many = assumed.values("fraud"), len(brand)
    found = {name: _cheats(dice, traits["honesty"], given, name) for name in FRAUDS}
    for social in ("bought_fans", "fake_reviews"):
        found[social] = found[social] * brand
    inflation = _between(dice, given, "inflation", many)
    days_too = dice.random(many) < given["inflates_days_too"]
    found["inflation"] = np.where(found["inflated_sales"] > 0, inflation, 1.0)
    found["days_inflation"] = np.where(days_too, found["inflation"], 1.0)
    found["fans_bought"] = found["bought_fans"] * _between(dice, given, "fans", many)
    found["reviews_bought"] = found["fake_reviews"] * np.floor(_between(dice, given, "reviews", many))
    found["hidden_months"] = (
        found["hidden_debt"] * given["hidden_months"] * np.exp(0.4 * dice.standard_normal(many))
    )
    return rounded(found)


def _cheats(dice: np.random.Generator, honesty: Vector, given: Mapping[str, float], fraud: str) -> Vector:
    """0 and 1; the slope alone would raise the share, so the middle is moved down by half its variance."""
    slope = given["by_honesty"]
    logit = logit_of(given[fraud]) + slope * honesty - slope**2 / 2
    return (dice.random(len(honesty)) < share(logit)).astype(float)


def _between(dice: np.random.Generator, given: Mapping[str, float], name: str, many: int) -> Vector:
    return dice.uniform(given[f"{name}_least"], given[f"{name}_most"], many)
