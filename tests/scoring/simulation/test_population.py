"""The invented population is the one declared: sales, defaults, noise, frauds."""

import numpy as np
import pytest

from scoring.simulation import assumptions, latent
from scoring.simulation.columns import Columns
from scoring.simulation.merchants import Simulation
from scoring.simulation.presence import FRAUDS

BLOCKS = 40


@pytest.fixture(scope="module")
def town() -> Columns:
    """Ten thousand merchants without their accounts' contents."""
    blocks = [Simulation(seed=11).facts(block) for block in range(BLOCKS)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def test_six_to_eight_of_a_hundred_default(town: Columns) -> None:
    assert 0.06 <= town["pd"].mean() <= 0.08


def test_sales_before_a_shock_are_lognormal_around_seventy_thousand(town: Columns) -> None:
    log = np.log(town["sales_before"])

    assert abs(np.exp(np.median(log)) / 70_000 - 1) < 0.05
    assert abs(log.std() - 0.7) < 0.03


def test_the_qualities_are_correlated_as_declared(town: Columns) -> None:
    declared = latent.correlation(assumptions.declared().values("correlations"))
    found = np.corrcoef([town[name] for name in latent.QUALITIES])

    assert np.abs(found - declared).max() < 0.04


def test_honest_answers_err_as_declared(town: Columns) -> None:
    honest = (town["inflated_sales"] == 0) & (np.abs(town["honesty"]) < 0.2)
    error = np.log(town["sales_last_month"] / town["sales"])[honest]

    assert abs(error.mean()) < 0.02
    assert 0.11 < error.std() < 0.14


def test_frauds_are_as_frequent_as_declared_and_those_who_commit_them_default_more(town: Columns) -> None:
    declared = assumptions.declared().values("fraud")
    for name in FRAUDS:
        cheats = town[name] > 0
        assert abs(cheats.mean() / declared[name] - 1) < 0.3
        assert town["pd"][cheats].mean() > 1.3 * town["pd"][~cheats].mean()


def test_debts_that_are_hidden_leave_more_in_the_shop_than_its_history_explains(town: Columns) -> None:
    """What check X6 looks for."""
    there = ("cash", "stock_value", "receivables", "fit_out_value")
    owned = sum(town[name] for name in there) - town["debt_balance"] - town["prepaid_balance"]
    hides = (town["hidden_debt"] > 0) & (town["details"] > 0)

    assert np.median(owned[hides] / town["sales_before"][hides]) > 1 + np.median(owned / town["sales_before"])


def test_an_assumption_can_be_changed_for_one_simulation() -> None:
    calm = assumptions.declared().with_values("default", intercept=-9.0)

    assert Simulation(seed=11, assumptions=calm).facts(0)["defaulted"].mean() < 0.01


def test_every_assumption_has_a_unit_and_a_source() -> None:
    entries = [one for section in assumptions.declared().declared.values() for one in section.values()]

    assert [one for one in entries if not one.unit or not one.source] == []
