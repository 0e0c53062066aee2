"""What a changed fact did: the limit from and to, and the one thing that moved it."""

from dataclasses import replace
from typing import Any

import pytest

from scoring.decision import Decision, Outcome
from scoring.difference import Difference, explain
from tests.scoring import builders
from tests.scoring.builders import answers, core_answers, decided

GOLDEN = decided()


def between(before: Decision, **changes: Any) -> Difference:
    return explain(before, decided(answers(**changes)), changes)


@pytest.mark.parametrize(
    ("changes", "cause", "figures"),
    [
        ({"rent": 1_900_000}, "afford", {"was_fen": 1_870_000, "is_fen": 1_470_000}),
        ({"debt_balance": 5_000_000, "debt_payment": 300_000}, "payments", {}),
        ({"capacity": 4}, "rule", {}),
        ({"purpose": ["stock"]}, "rule", {}),
        (
            {"opened": "2019-07", "invested": None, "pre_shock_sales": 40_000_000},
            "grade",
            {"was": "B", "is": "C"},
        ),
        ({"amount": 3_000_000}, "asked", {}),
        ({"city": "大理"}, None, {}),
    ],
)
def test_a_lower_limit_is_laid_to_what_binds_now(
    changes: dict[str, Any], cause: str | None, figures: dict[str, Any]
) -> None:
    found = between(GOLDEN, **changes)

    assert (found.cause, dict(found.figures)) == (cause, figures)
    assert found.changed == tuple(changes)
    assert found.limit[0] == GOLDEN.limit


def test_a_higher_limit_is_laid_to_what_bound_before() -> None:
    dear = decided(answers(rent=1_900_000))
    found = explain(dear, GOLDEN, ["rent"])

    assert (found.cause, found.binding) == ("afford", ("afford", "grade"))
    assert found.limit == (dear.limit, 10_000_000)
    assert not found.same


def test_accounts_and_details_are_named_by_their_caps() -> None:
    without = decided(brand=builders.example()["brand"], accounts=False)

    assert explain(without, GOLDEN, ["personal_account"]).cause == "brand_only"
    assert explain(GOLDEN, without, ["personal_account"]).cause == "brand_only"
    rich = {"sales_last_month": 40_000_000, "orders_per_day": 110, "payroll": 5_500_000, "rent": 3_500_000}
    core = decided(core_answers(**rich, staff_count=11))
    more = replace(core, limit=core.limit + 1_000_000, binding="asked")
    assert explain(core, more, ["purchases"]).cause == "core_only"


def test_sales_are_named_where_they_bound_the_limit() -> None:
    before = replace(GOLDEN, limit=5_000_000, binding="turnover", facts={"sales": 5_000_000})

    found = explain(before, GOLDEN, [])
    assert (found.cause, dict(found.figures)) == ("turnover", {"was_fen": 5_000_000, "is_fen": 13_000_000})
    assert explain(replace(before, facts=GOLDEN.facts), GOLDEN, []).cause is None


def test_a_decision_without_its_figures_names_the_cap_alone() -> None:
    bare = replace(GOLDEN, facts={}, limit=4_000_000, binding="afford")

    assert explain(bare, GOLDEN, []).cause == "afford"
    assert explain(replace(bare, binding="grade"), GOLDEN, []).cause is None


def test_the_same_again_is_the_same() -> None:
    found = explain(GOLDEN, GOLDEN, [])

    assert found.same
    assert (found.cause, found.outcome) == (None, (Outcome.APPROVED, Outcome.APPROVED))
