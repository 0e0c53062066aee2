"""Told apart as well as a believable population can be, and no better."""

import pytest

from scoring import policy
from scoring.evaluation import bands
from scoring.simulation import measuring
from scoring.simulation.merchants import Simulation

MERCHANTS = 500
Figures = dict[tuple[str, str], float]  #: AUC by kind of file and block


@pytest.fixture(scope="module")
def found() -> Figures:
    rules = policy.load()
    town = [measuring.measure(one, rules) for one in Simulation(8).merchants(MERCHANTS)]
    return {
        (one.data.split(", ")[1], one.model.split(", ")[1]): one.figures["auc"] for one in bands.measure(town)
    }


@pytest.mark.parametrize("block", bands.BANDS)
def test_a_block_tells_defaults_apart_within_its_band(found: Figures, block: str) -> None:
    """Roughly: five hundred merchants leave a model little to learn from."""
    low, high = bands.BANDS[block]

    assert low - 0.06 <= found["all", block] <= high + 0.02


def test_accounts_add_a_few_points_to_the_answers_and_not_ten(found: Figures) -> None:
    """Some sixty figures cost a model of five hundred merchants about the two points they are worth."""
    assert -0.02 < found["all", "joint"] - found["all", "operating"] < 0.06
