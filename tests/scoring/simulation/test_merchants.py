"""The same seed is the same merchants; whatever the seed, their answers and accounts can be read."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import application, lines, policy, scorecard, snapshot
from scoring.simulation import fraud, people
from scoring.simulation.merchants import BLOCK, Merchant, Simulation, snapshot_of
from scoring.snapshot import Account


@pytest.fixture(scope="module")
def town() -> list[Merchant]:
    return list(Simulation(seed=3).merchants(120))


def test_the_same_number_is_the_same_merchant_wherever_one_begins() -> None:
    simulation, last = Simulation(seed=7), BLOCK + 2

    through = [one.line() for one in simulation.merchants(4, first=BLOCK - 2)]
    apart = [next(simulation.merchants(1, first=number)).line() for number in range(BLOCK - 2, last)]

    assert through == apart


def test_another_seed_gives_other_merchants() -> None:
    one, other = (next(Simulation(seed=seed).merchants(1)).line() for seed in (1, 2))

    assert one != other


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**63), number=st.integers(0, 10**7))
def test_any_seed_gives_answers_and_accounts_that_can_be_read(seed: int, number: int) -> None:
    merchant = next(Simulation(seed).merchants(1, first=number))

    application.read(merchant.application)

    for name in ("brand", "personal"):
        account = snapshot.read(snapshot_of(merchant, name))
        assert account is None or isinstance(account, Account)


def test_a_line_is_what_a_decision_is_asked_with(town: list[Merchant]) -> None:
    """Amounts are whole fen, and nothing of the outcome is in it."""
    inputs = lines.read_inputs(town[0].line())

    assert inputs.as_of == date(2026, 9, 30)
    assert all(isinstance(inputs.application[name], int) for name in ("rent", "amount", "debt_balance"))
    assert "outcome" not in town[0].line()


def test_every_line_is_decided(town: list[Merchant]) -> None:
    rules, model = policy.load(), scorecard.load()

    decided = list(lines.score_lines((one.line() for one in town[:30]), model=model, policy=rules))

    assert [line for line in decided if "error" in line] == []


def test_an_outcome_tells_when_a_default_came(town: list[Merchant]) -> None:
    for merchant in town:
        told = json.loads(merchant.outcome_line())["outcome"]
        assert told["defaulted"] == (told["days_past_due"] >= 30) == (told["month"] is not None)


def test_nothing_is_dated_after_the_snapshot_was_taken(town: list[Merchant]) -> None:
    for merchant in town[:40]:
        for raw in filter(None, (merchant.brand, merchant.personal)):
            taken = fraud.fetched(raw)
            written = [*raw["statuses"], *raw["mentions"]]
            written += [said for post in raw["statuses"] for said in post["comments"]]
            assert all(people.stamped(each["created_at"]) <= taken for each in written)


def test_every_kind_of_file_occurs(town: list[Merchant]) -> None:
    kinds = {(one.brand is None, one.personal is None, "purchases" in one.application) for one in town}

    assert len(kinds) >= 6


def test_ids_are_not_used_twice(town: list[Merchant]) -> None:
    for merchant in filter(lambda one: one.brand, town[:40]):
        posts = merchant.brand["statuses"] if merchant.brand else []
        ids = [said["id"] for post in posts for said in post["comments"]] + [post["id"] for post in posts]
        assert len(ids) == len(set(ids))
