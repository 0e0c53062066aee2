"""Invented merchants by number: the same number of the same seed is the same merchant.

Drawn in blocks of fixed size, so that neither the count, nor where one begins, nor how many processes share
the work can change a merchant.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from scoring.simulation import accounts, answers, latent, outcomes, presence, shops
from scoring.simulation.assumptions import Assumptions, declared
from scoring.simulation.columns import Columns, Row, rounded, rows, share
from scoring.simulation.outcomes import Outcome

BLOCK = 256
_FACTS, _ACCOUNTS = 0, 1  #: streams of chance of one seed

Json = dict[str, Any]


@dataclass(frozen=True)
class Merchant:
    """One invented merchant with the truth about it; `true_pd` is known to nobody but the simulation."""

    number: int
    application: Json
    brand: Json | None
    personal: Json | None
    as_of: date
    city_tier: int
    outcome: Outcome
    true_pd: float

    def line(self) -> str:
        """What a score is asked with, as one line of JSON."""
        asked = {
            "application": self.application,
            "brand": self.brand,
            "personal": self.personal,
            "as_of": self.as_of.isoformat(),
        }
        return json.dumps(asked, ensure_ascii=False, separators=(",", ":"))

    def outcome_line(self) -> str:
        """What became of the loan, as one line of JSON."""
        told = {"merchant": self.number, "outcome": self.outcome.to_json()}
        return json.dumps(told, separators=(",", ":"))


@dataclass(frozen=True)
class Simulation:
    """All merchants of one seed."""

    seed: int = 0
    as_of: date | None = None
    assumptions: Assumptions | None = None

    @property
    def assumed(self) -> Assumptions:
        return self.assumptions or declared()

    @property
    def day(self) -> date:
        return self.as_of or self.assumed.as_of

    def merchants(self, count: int, first: int = 0) -> Iterator[Merchant]:
        """Merchants `first` to `first + count - 1`, one after another."""
        for block in range(first // BLOCK, -(-(first + count) // BLOCK)):
            for place, row in enumerate(rows(self.facts(block))):
                number = block * BLOCK + place
                if first <= number < first + count:
                    yield self._merchant(number, row)

    def facts(self, block: int) -> Columns:
        """Everything about a block of merchants but their accounts' contents: truth, answers, outcome."""
        dice = np.random.default_rng([self.seed, _FACTS, block])
        traits = latent.draw(dice, BLOCK, self.assumed.values("correlations"))
        known = traits | shops.draw(dice, traits, self.assumed)
        known |= presence.accounts(dice, traits, self.assumed)
        known |= presence.frauds(dice, traits, known["brand"], self.assumed)
        answered = answers.draw(dice, known, self.assumed)
        ended = outcomes.draw(dice, known, self.assumed)
        return known | answered | ended | _chances(dice, known, self.assumed)

    def _merchant(self, number: int, row: Row) -> Merchant:
        named = accounts.names(number, row)
        around = accounts.Around(number, row, self.day, self.assumed, named)
        dice = np.random.default_rng([self.seed, _ACCOUNTS, number])
        brand = accounts.brand(dice, around) if row["brand"] else None
        personal = accounts.personal(dice, around) if row["personal"] else None
        called = (named.brand if brand else None, named.personal if personal else None)
        return Merchant(
            number=number,
            application=answers.application(row, self.day, *called),
            brand=brand,
            personal=personal,
            as_of=self.day,
            city_tier=int(row["tier"]),
            outcome=outcomes.of(row),
            true_pd=row["pd"],
        )


def snapshot_of(merchant: Merchant, account: str = "brand") -> Json | None:
    """The raw snapshot of a merchant's account, "brand" or "personal"; None where it has none."""
    return {"brand": merchant.brand, "personal": merchant.personal}[account]


def _chances(dice: np.random.Generator, known: Columns, assumed: Assumptions) -> Columns:
    """What is left to chance about the accounts themselves."""
    posting, given, many = assumed.values("posts"), assumed.values("accounts"), len(known["brand"])
    silent = posting["dormant"] + posting["dormant_by_activity"] * known["activity"]
    dormant = dice.random(many) < share(silent)
    together = given["together"] + given["together_by_activity"] * known["activity"]
    found = {
        "silent_days": np.where(dormant, np.floor(dice.uniform(31, 220, many)), 0.0),
        "together": (dice.random(many) < share(together)) * known["brand"],
        "mutual_chance": dice.standard_normal(many),
        "account_share": dice.uniform(0.5, 1.05, many),
        "own_account_months": np.floor(12 + 110 * dice.beta(2, 2, many)),
    }
    return rounded(found)
