"""The lender's files: the packaged ones load, a wrong figure is named."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scoring import policy
from scoring.forms import packaged
from scoring.policy import PolicyError
from tests.scoring import builders

RULES = builders.lender().rules


def changed(tmp_path: Path, name: str, change: Any) -> Path:
    content = json.loads(packaged(name))
    change(content)
    path = tmp_path / name
    path.write_text(json.dumps(content))
    return path


def test_the_packaged_files_hold_the_published_product() -> None:
    six = builders.lender().products[0]

    assert (six.code, six.cap, six.term, six.interest_free, six.fee) == ("BBD6", 20_000_000, 6, 6, 0)
    assert set(builders.lender().trades) == {
        "restaurant",
        "cafe",
        "gym",
        "beauty",
        "retail",
        "homestay",
        "travel",
    }


def test_the_version_changes_with_any_figure_and_not_with_the_layout(tmp_path: Path) -> None:
    known = builders.lender().version
    same = changed(tmp_path, "policy.json", lambda content: None)
    assert policy.load(policy=same).version == known

    dearer = changed(tmp_path, "policy.json", lambda content: content["grades"][0].update(rate=0.11))
    assert policy.load(policy=dearer).version != known


@pytest.mark.parametrize(
    ("pd", "grade"),
    [
        (0.0, "A+"),
        (0.015, "A+"),
        (0.0151, "A"),
        (0.05, "B"),
        (0.08, "C"),
        (0.12, "D"),
        (0.121, "E"),
        (1.0, "E"),
    ],
)
def test_the_grade_comes_from_the_probability(pd: float, grade: str) -> None:
    assert RULES.grade(pd).grade == grade


def test_a_failed_check_lowers_the_grade_and_the_last_stays_the_last() -> None:
    assert RULES.grade(0.04, 1).grade == "C"
    assert RULES.grade(0.9, 1).grade == "E"


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2020, 4, 1), "0.0385"),
        (date(2021, 5, 31), "0.0385"),
        (date(2021, 6, 1), None),
        (date(2026, 1, 1), "0.03"),
    ],
)
def test_the_prime_rate_is_known_for_dates_in_its_table_only(day: date, rate: str | None) -> None:
    assert RULES.prime_rate(day) == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    ("name", "says", "change"),
    [
        ("products.json", r"products\.0\.cap", lambda c: c["products"][0].update(cap="much")),
        ("products.json", r"products\.0\.fee", lambda c: c["products"][0].update(fee=100)),
        ("products.json", r"products\.1\.term: Field required", lambda c: c["products"][1].pop("term")),
        ("products.json", "interest_free should fit", lambda c: c["products"][0].update(interest_free=3)),
        ("products.json", "interest_free should fit", lambda c: c["products"][1].update(interest_free=12)),
        ("products.json", "floor should not", lambda c: c["products"][0].update(floor=300000)),
        ("products.json", "colour", lambda c: c["products"][0].update(colour="red")),
        ("policy.json", r"grades\.2\.rate", lambda c: c["grades"][2].update(rate=-1)),
        ("policy.json", "pd_max should rise", lambda c: c["grades"][0].update(pd_max=0.9)),
        ("policy.json", "lender_type", lambda c: c.update(lender_type="pawnshop")),
        ("policy.json", "rate_regime", lambda c: c["lender_types"]["bank"].update(rate_regime="none")),
        ("policy.json", r"rate_caps\.lpr_x4", lambda c: c["rate_caps"]["lpr_x4"].update(cap=0.2)),
        ("policy.json", r"lpr_1y\.0\.from", lambda c: c["lpr_1y"][0].update({"from": "April"})),
        ("policy.json", "each purpose once", lambda c: c["purposes"]["white"].append("stock")),
        ("policy.json", "each purpose once", lambda c: c["purposes"]["white"].append("yacht")),
        ("policy.json", "turnover_multiple: should hold cafe", lambda c: c["turnover_multiple"].pop("cafe")),
        ("policy.json", "grade_base", lambda c: c.update(grade_base=0.001)),
        ("trades.json", "should rise", lambda c: c["trades"]["gym"]["rent"].update(soft=[0.5, 0.1])),
    ],
)
def test_a_wrong_figure_stops_the_load_and_is_named(
    tmp_path: Path, name: str, says: str, change: Any
) -> None:
    argument = name.removesuffix(".json")

    with pytest.raises(PolicyError, match=says) as refusal:
        policy.load(**{argument: changed(tmp_path, name, change)})
    assert name in str(refusal.value)


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": NaN}', '{"a": 1, "a": 2}', "[" * 100_000])
def test_a_file_that_is_no_json_object_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "products.json"
    path.write_text(text)

    with pytest.raises(PolicyError, match=r"products\.json: "):
        policy.load(products=path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"nowhere\.json: cannot be read"):
        policy.load(policy=tmp_path / "nowhere.json")


def test_a_regime_compared_on_the_nominal_rate_is_taken_as_it_stands() -> None:
    fixed = policy.RateCap(source="A", cap=Decimal("0.2"), compare_on="nominal")

    assert fixed.nominal == Decimal("0.2")
