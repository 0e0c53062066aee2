"""What a decision tells of the accounts."""

import json

from scoring import snapshot
from scoring.social import accounts
from scoring.social.standing import SUBSCORES
from scoring.social.summary import summary
from tests.scoring import builders
from tests.scoring.builders import Json


def told(brand: Json | None, personal: Json | None = None) -> Json:
    seen = accounts.see(snapshot.read(brand), snapshot.read(personal), builders.DAY, builders.lender().reader)
    return summary(seen, "restaurant")


def test_the_golden_shop_is_scored_on_all_six() -> None:
    found = told(builders.example()["brand"], builders.example()["personal"])

    assert list(found["brand"]["scores"]) == list(SUBSCORES)
    assert all(0 <= score <= 100 for score in found["brand"]["scores"].values())
    assert found["brand"]["effective_followers"] == {"followers": 46_000, "counted": 46_000, "because": []}
    assert found["personal"]["scores"]["feedback"] is None
    assert json.loads(json.dumps(found)) == found


def test_an_account_that_is_missing_or_failed_is_not_scored() -> None:
    assert set(told(None, {"unavailable": "timeout"})) == {"norms"}


def test_of_a_part_of_an_account_only_what_is_known_is_scored() -> None:
    part = told({**builders.account(), "partial": True})["brand"]

    assert part["effective_followers"] is None
    assert part["scores"]["feedback"] is None
    assert part["scores"]["scale"] is not None


def test_it_stands_among_the_facts_of_a_decision() -> None:
    facts = builders.decided().facts["social"]

    assert facts["brand"]["scores"]["feedback"] is not None
    assert set(facts) == {"norms", "brand", "personal"}
