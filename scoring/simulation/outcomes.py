"""What becomes of the loan: whether it falls 30 or more days behind within 12 months, and when."""

from dataclasses import dataclass

import numpy as np

from scoring.simulation.assumptions import Assumptions
from scoring.simulation.columns import Columns, Row, Vector, rounded, share
from scoring.simulation.latent import QUALITIES
from scoring.simulation.presence import FRAUDS

HORIZON = 12  #: months
BEHIND = 30  #: days past due that count as a default
_FLAGS = ("declining", "endorsed", *FRAUDS)


@dataclass(frozen=True)
class Outcome:
    """The truth about one loan; no part of it may be a feature."""

    defaulted: bool
    days_past_due: int  #: the most within twelve months
    month: int | None  #: in which it defaulted, 1 to 12
    frauds: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "defaulted": self.defaulted,
            "days_past_due": self.days_past_due,
            "month": self.month,
            "frauds": list(self.frauds),
        }


def probability(known: Columns, assumed: Assumptions) -> Vector:
    """The true probability of default of merchants whose qualities, month, accounts and frauds are known."""
    weight = assumed.values("default")
    sales = known["sales"]
    hidden = known["hidden_months"] * known["sales_before"] / 26
    service = (known["debt_payment"] + hidden) / sales
    logit = (
        weight["intercept"]
        + weight["months_open"] * np.log(known["months_open"] / 30)
        + weight["cushion"] * np.clip(known["disposable"] / sales, -0.4, 0.3)
        + weight["debt_service"] * np.clip(service, 0, 0.4)
        + weight["sales_lost"] * np.clip(1 - known["kept"], 0, 0.8)
        + weight["no_licence"] * (known["licence"] == 0)
        + weight["undisclosed"] * (known["brand"] + known["personal"] == 0)
    )
    for name in (*QUALITIES, *_FLAGS):
        logit = logit + weight.get(name, 0.0) * known[name]
    return np.asarray(np.round(share(logit), 9))


def draw(dice: np.random.Generator, known: Columns, assumed: Assumptions) -> Columns:
    """The outcomes, one a merchant, with the true probability beside them."""
    pd = probability(known, assumed)
    many = len(pd)
    bad = dice.random(many) < pd
    late = np.floor(dice.gamma(2.0, 25.0, many))
    slip = np.where(dice.random(many) < 0.12 + pd, np.floor(dice.uniform(1, BEHIND, many)), 0.0)
    month = 1 + np.floor(HORIZON * np.sqrt(dice.random(many)))
    return rounded(
        {
            "pd": pd,
            "defaulted": bad.astype(float),
            "days_past_due": np.where(bad, BEHIND + late, slip),
            "default_month": np.where(bad, month, 0.0),
        }
    )


def of(row: Row) -> Outcome:
    """One merchant's outcome from its row."""
    return Outcome(
        defaulted=row["defaulted"] > 0,
        days_past_due=int(row["days_past_due"]),
        month=int(row["default_month"]) or None,
        frauds=tuple(name for name in FRAUDS if row[name] > 0),
    )
