"""The points table that ships with the package: fitted on invented merchants, as the model card says.

Scored of a social account is what is settled, habits and remarks that are older than a season, since nothing
can be dated back, and what is dear, as an account of many years. Signs of bought reviews and followers count
at once, by their number and not by a share that others dilute. What can be bettered this week (how many
follow, how much is posted, how much feedback there is) is measured and shown, but not scored. Habits that a
patient merchant could still buy count against a shop that lacks them and never for one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from scoring import business
from scoring.declared import Feature
from scoring.portfolio import score_many
from scoring.scorecard import Binned, Scorecard, ScorecardFile
from scoring.social import standing
from scoring.social.standing import Merchant, Norms
from scoring.social.table import TABLE
from scoring.training import fitting
from scoring.training.columns import Array
from scoring.training.exporting import PLACES

TARGET = "outcome_defaulted"
TELLING = 1.0  #: points that a figure must at least move somewhere to keep its place in the table
Reasons = tuple[str, str]  #: the codes of points below and above the neutral ones

BUSINESS: Mapping[str, Reasons] = {
    "months_open": ("R04", "P06"),
    "cushion": ("R01", "P01"),
    "spread": ("R02", "P02"),
    "headline": ("R02", "P02"),
    "margin_gap": ("R31", "P02"),
    "equity": ("R31", "P02"),
    "unexplained_fit_out": ("R31", "P02"),
    "debt_service": ("R03", "P07"),
    "debt_share": ("R03", "P07"),
    "sales_kept": ("R15", "P08"),
    "qualification": ("R12", "P09"),
    "lease_left": ("R10", "P10"),
    "rent_share": ("R23", "P11"),
    "payroll_share": ("R23", "P11"),
    "asked_multiple": ("R24", "P12"),
    "cash_months": ("R25", "P13"),
}
BRAND: Mapping[str, Reasons] = {
    "doubtful_authors": ("R09", "P14"),
    "originals": ("R26", "P16"),
    "pictured": ("R26", "P16"),
    "linked_posts": ("R26", "P16"),
    "settled_pace": ("R30", "P04"),
    "settled_feedbacks": ("R06", "P17"),
    "regularity": ("R30", "P04"),
    "night_posts": ("R30", "P04"),
    "account_months": ("R30", "P04"),
    "settled_returning": ("R08", "P17"),
    "settled_answered": ("R08", "P17"),
    "settled_praise": ("R14", "P03"),
    "new_reviewers": ("R09", "P14"),
    "endorsement": ("R28", "P05"),
}
#: What patience and a little money can better, or is no merit: more than the neutral value earns nothing.
AGAINST_ONLY = frozenset(
    {
        "brand_originals",
        "brand_pictured",
        "brand_linked_posts",
        "brand_settled_pace",
        "brand_regularity",
        "brand_night_posts",
        "brand_settled_feedbacks",
        "brand_settled_praise",
        "personal_settled_pace",
        "personal_night_posts",
    }
)
PERSONAL: Mapping[str, Reasons] = {
    "settled_pace": ("R29", "P19"),
    "night_posts": ("R29", "P19"),
    "account_months": ("R29", "P19"),
}


def features() -> Iterator[tuple[Feature, Reasons]]:
    """What the table is fitted on, in its order, with the reason codes of each."""
    shop = {row.feature.name: row.feature for row in business.TABLE}
    yield from ((shop[name], codes) for name, codes in BUSINESS.items())
    social = {line.feature.name: line.feature for line in TABLE}
    for side, chosen in (("brand", BRAND), ("personal", PERSONAL)):
        yield from ((replace(social[name], name=f"{side}_{name}"), codes) for name, codes in chosen.items())


def fit(table: Path, *, seed: int, pairs: int = 0) -> ScorecardFile:
    """Fit on a table of `bangbang simulate`.

    Raises:
        OSError, ValueError: it cannot be read, or is no such table.
    """
    everything = list(features())
    found = pq.read_table(table, columns=[TARGET, *(feature.name for feature, _ in everything)])
    columns = {name: found.column(name).to_numpy(zero_copy_only=False) for name in found.column_names}
    outcome = columns.pop(TARGET).astype(np.int64)
    varying = [each for each in everything if _varies(columns[each[0].name])]
    first = _fitted(varying, columns, outcome, seed, pairs)
    telling = {row.name for row in first.features if _reach(row) >= TELLING}
    kept = [each for each in varying if each[0].name in telling]
    return silent(_fitted(kept, columns, outcome, seed, pairs), columns, outcome)


def _reach(row: Binned) -> float:
    return max(abs(part.points) for part in row.bins)


def _fitted(
    chosen: Sequence[tuple[Feature, Reasons]],
    columns: Mapping[str, Array],
    outcome: Array,
    seed: int,
    pairs: int,
) -> ScorecardFile:
    fitted = fitting.fit_table(
        {feature.name: columns[feature.name] for feature, _ in chosen},
        outcome,
        [feature for feature, _ in chosen],
        {feature.name: codes for feature, codes in chosen},
        seed=seed,
        pairs=pairs,
        data=f"{len(outcome):,} invented merchants",
        name="simulated",
    )
    return against_only(fitted)


def against_only(fitted: ScorecardFile) -> ScorecardFile:
    """The table in which what can be bought for little may lower a score and never raise it."""
    rows = tuple(_capped(row) if row.name in AGAINST_ONLY else row for row in fitted.features)
    return fitted.model_copy(update={"features": rows})


def _capped(row: Binned) -> Binned:
    bins = tuple(part.model_copy(update={"points": min(0.0, part.points)}) for part in row.bins)
    return row.model_copy(update={"bins": bins})


def silent(fitted: ScorecardFile, columns: Mapping[str, Array], outcome: Array) -> ScorecardFile:
    """The table in which what is not known neither helps nor hurts, with its base set anew.

    No account shown is no fault: caps, and a person, take care of thin files. The base is the one at which
    as many defaults are foretold as there were.
    """
    rows = tuple(row.model_copy(update={"missing": 0.0}) for row in fitted.features)
    table = fitted.model_copy(update={"features": rows})
    card = Scorecard(table, table.name)
    points = np.asarray(score_many(card, columns, len(outcome)).points)
    low, high = -300.0, 300.0
    while high - low > 10**-PLACES / 2:
        middle = (low + high) / 2
        foretold = np.mean(1 / (1 + np.exp((points + middle - card.offset) / card.factor)))
        low, high = (middle, high) if foretold > outcome.mean() else (low, middle)
    return table.model_copy(update={"base": round(table.base + low, PLACES)})


def norms(table: Path) -> Norms:
    """Where merchants stand among others of their trade and size, from the same table."""
    found = pq.read_table(table)
    names = [name for name in found.column_names if name.startswith(("brand_", "personal_"))]
    merchants = (
        Merchant(row["trade"], {name: row[name] for name in names})
        for row in found.to_pylist()
        if row["has_brand"]
    )
    return standing.fit(merchants, fitted_on=f"{found.num_rows:,} invented merchants")


def _varies(column: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
    """A figure that is the same for everybody says nothing."""
    known = column[~np.isnan(column)]
    return len(known) > 0 and bool((known != known[0]).any())
