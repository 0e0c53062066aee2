"""The shop's own figures: each declared, measured beside its declaration, and nothing else may be scored."""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from scoring import business, registry, turnover
from scoring.application import Application, read
from scoring.business import Shop
from scoring.declared import FORBIDDEN, Feature, ForbiddenFeature
from scoring.forms import PolicyError, packaged
from tests.scoring import builders

LENDER = builders.lender()


def shop(core: bool = False, **changes: Any) -> Shop:
    answers = builders.core_answers(**changes) if core else builders.answers(**changes)
    application = read(answers)
    month = turnover.rebuild(application, LENDER.trades["restaurant"], LENDER)
    assert month is not None
    checked = {"X1": -0.024, "X1b": 0.066, "X6": -0.244}
    return Shop(application, builders.DAY, month, checked, enterprise=False)


def measured(core: bool = False, **changes: Any) -> dict[str, float | None]:
    return dict(business.measure(shop(core, **changes)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("months_open", 38),
        ("cushion", 18_700 / 130_000),
        ("spread", 0.066),
        ("headline", -0.024),
        ("debt_service", 0.0),
        ("debt_share", 0.0),
        ("sales_kept", 130 / 210),
        ("qualification", 1.0),
        ("lease_left", 9.0),  # to 2022-01, from the last instalment of 2021-04
        ("rent_share", 15 / 130),
        ("payroll_share", 29.9 / 130),
        ("asked_multiple", 100 / 130),
        ("margin_gap", 0.15 - 22_700 / 130_000),
        ("cash_months", 96_000 / 59_400),
        ("stock_days", 20_000 / 55_900 * 30),
        ("equity", -0.244),
        ("unexplained_fit_out", 0.0),
    ],
)
def test_the_golden_case_measures_as_worked_by_hand(name: str, value: float) -> None:
    assert measured()[name] == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("months_open", {"opened": None}),
        ("debt_service", {"debt_payment": None}),
        ("debt_share", {"debt_balance": None}),
        ("sales_kept", {"pre_shock_sales": None}),
        ("sales_kept", {"sales_last_month": None}),
        ("qualification", {"licence": None}),
        ("lease_left", {"lease_end": None}),
        ("rent_share", {"rent": None}),
        ("payroll_share", {"payroll": None}),
        ("asked_multiple", {"amount": None}),
        ("margin_gap", {"net_margin": None}),
        ("margin_gap", {"other_costs": None}),
        ("cash_months", {"cash": None}),
        ("stock_days", {"stock_value": None}),
        ("unexplained_fit_out", {"fit_out_value": None}),
        ("unexplained_fit_out", {"invested": None}),
        ("unexplained_fit_out", {"opened": None}),
        ("stock_days", {"best_seller_cost": 15_000, "stock_value": None}),
    ],
)
def test_what_was_not_answered_is_missing_and_never_typical(name: str, changes: dict[str, Any]) -> None:
    assert measured(**changes)[name] is None


@pytest.mark.parametrize(
    ("changes", "enterprise", "level"),
    [
        ({"licence": "none"}, True, 0.0),
        ({}, False, 1.0),
        ({}, True, 2.0),
        ({"licence_number": "91350100M000100Y43"}, False, 2.0),
    ],
)
def test_a_licence_counts_more_when_somebody_else_vouches(
    changes: dict[str, Any], enterprise: bool, level: float
) -> None:
    found = business.measure(replace(shop(**changes), enterprise=enterprise))

    assert found["qualification"] == level


def test_fit_out_worth_more_than_the_money_put_in_can_have_left_is_counted_in_months_of_sales() -> None:
    """400,000 put in 38 months ago are worth 400,000 * (1 - 0.8 * 38 / 60) = 197,333 at most."""
    shown = measured(invested=40_000_000, fit_out_value=32_733_333)["unexplained_fit_out"]

    assert shown == pytest.approx((327_333.33 - 197_333.33) / 130_000, abs=1e-6)
    assert measured(invested=40_000_000, fit_out_value=10_000_000)["unexplained_fit_out"] == 0


def test_every_figure_is_declared_once_with_all_a_reader_needs() -> None:
    declared = [row.feature for row in business.TABLE]

    assert len({feature.name for feature in declared}) == len(declared)
    assert {feature.group for feature in declared} == {"business"}
    assert all(feature.formula and feature.unit and feature.missing for feature in declared)
    assert {feature.direction for feature in declared} <= {-1, 0, 1}
    assert set(measured()) == business.NAMES


@pytest.mark.parametrize("word", sorted(FORBIDDEN))
def test_nothing_about_a_person_can_be_declared(word: str) -> None:
    with pytest.raises(ForbiddenFeature, match=word):
        Feature(
            name=f"owner_{word}",
            id="Q0",
            group="business",
            formula="",
            unit="",
            direction=0,
            missing="",
        )


def test_no_question_asks_for_what_nobody_is_scored_by() -> None:
    asked = {word for each in fields(Application) for word in each.name.split("_")}

    assert not asked & FORBIDDEN


def test_every_name_of_the_packaged_model_is_declared() -> None:
    scored = {row.name for row in registry.model().table.features}

    assert scored <= registry.names()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("owner_age", "features: owner_age: nobody is scored by age"),
        ("brand_gender", "features: brand_gender: nobody is scored by gender"),
        ("horoscope", "features: horoscope: should be a declared feature"),
    ],
)
def test_a_model_that_scores_by_anything_else_is_refused_by_name(
    tmp_path: Path, name: str, words: str
) -> None:
    table = json.loads(packaged("scorecard.json"))
    table["features"][0]["name"] = name
    file = tmp_path / "model.json"
    file.write_text(json.dumps(table))

    with pytest.raises(PolicyError, match=words) as refused:
        registry.model(file)
    assert str(file) in str(refused.value)
