"""Files of applications: a decision or a named error for every line, and the rest goes on."""

import json
from typing import Any

import pytest

from scoring.lines import score_lines
from tests.scoring import builders


def scored(*lines: str, **more: Any) -> list[dict[str, Any]]:
    return list(score_lines(lines, model=builders.model(), policy=builders.lender(), **more))


def line(**changes: Any) -> str:
    plain = {"application": builders.answers(), "brand": None, "personal": None, "as_of": "2020-04-15"}
    return json.dumps({**plain, **changes})


def test_the_example_file_is_decided_as_in_the_chat() -> None:
    (decision,) = scored(builders.EXAMPLE.read_text("utf-8"))

    assert decision["outcome"] == "approved"
    assert decision["limit"] == 10_000_000
    assert decision["inputs_sha256"] == builders.decided().inputs_sha256
    assert json.loads(json.dumps(decision)) == decision


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{", "line: should hold one JSON object"),
        ("[]", "line: should hold a JSON object"),
        ("nonsense", "line:"),
        ('{"application": NaN}', "NaN"),
        ('{"application": {"rent": Infinity}}', "Infinity"),
        ('{"application": {}, "application": {}}', "twice"),
        ("[" * 100_000, "nested less deeply"),
        ('{"application": ' + "9" * 10_000 + "}", "line:"),
        (line(as_of=None), "as_of"),
        (line(as_of="yesterday"), "as_of"),
        (line(as_of="9999-12-31"), "as_of: should lie between"),
        (line(application=[]), "application: should hold a JSON object"),
        (line(brand="x"), "brand: should hold a JSON object"),
        (line(colour="red"), "'colour': should not be there"),
        (line(application={"rent": 1e400}), "Infinity"),
        ('{"application": {"rent": 1e400}, "as_of": "2020-04-15"}', "rent: should hold"),
        (line(application={"rent": True}), "rent: should hold"),
        (line(application={"shoe": 1}), "'shoe': should hold nothing"),
    ],
)
def test_a_bad_line_is_named_in_its_place_and_the_rest_goes_on(bad: str, says: str) -> None:
    first, error, last = scored(line(), bad, line())

    assert error["line"] == 2
    assert says in error["error"]
    assert first == last
    assert first["outcome"]


def test_blank_lines_are_skipped_and_still_counted() -> None:
    assert [found.get("line") for found in scored("", "  \n", "x", "\n")] == [3]


def test_an_overlong_line_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.lines.LONGEST", 10)

    assert "at most 10" in scored(line())[0]["error"]


def test_the_caller_decides_how_a_decision_is_shown() -> None:
    (plain,) = scored(line())
    (short,) = scored(line(), shown=lambda decision: {"outcome": decision.outcome.value})

    assert short == {"outcome": plain["outcome"]}


def test_text_that_is_no_unicode_is_hashed_all_the_same() -> None:
    (decision,) = scored(line(application={**builders.answers(), "city": "\ud800"}))

    assert len(decision["inputs_sha256"]) == 64


def test_hostile_accounts_are_decided_or_referred() -> None:
    followers = {
        "user": {"id": 1, "followers_count": 1, "created_at": []},
        "statuses": {"a": 1},
        "mentions": "x",
    }
    (decision,) = scored(line(brand=followers, personal={"user": 5}))

    assert decision["outcome"] == "referred"
