"""`bangbang score`: applications in, decisions out, from a file or from standard input."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from tests.commands import objects

EXAMPLE = Path(__file__).parents[2] / "scoring" / "examples" / "xiaoxia.json"

Score = Callable[..., Result]


@pytest.fixture
def score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Score:
    """The command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, given=None: CliRunner().invoke(cli.app, ["score", *arguments], input=given)


def decided(result: Result) -> dict[str, Any]:
    [decision] = objects(result.stdout)
    assert result.exit_code == 0
    return decision


def test_the_packaged_example_gives_the_golden_offers(score: Score) -> None:
    decision = decided(score(str(EXAMPLE)))

    assert (decision["outcome"], decision["grade"], decision["limit"]) == ("approved", "B", 10_000_000)
    assert {offer["product"]: offer["principal"] for offer in decision["offers"]} == {
        "BBD12": 10_000_000,
        "BBD6": 5_600_000,
    }


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input_is_read_like_a_file(score: Score, arguments: tuple[str, ...]) -> None:
    read = EXAMPLE.read_text("utf-8")

    assert decided(score(*arguments, given=read)) == decided(score(str(EXAMPLE)))


def test_reasons_are_told_in_the_language_asked_for(score: Score) -> None:
    told = {
        language: decided(score(str(EXAMPLE), "--lang", language))["reasons"]
        for language in ("zh-Hans", "zh-Hant", "en")
    }

    assert len({reasons[0]["text"] for reasons in told.values()}) == 3
    assert told["en"][0]["text"].isascii()


@pytest.mark.parametrize(
    "line", ["{nonsense", "[]", '{"application": 1}', '{"\\ud800": 1}', "\udcff", "[" * 100_000]
)
def test_a_line_that_cannot_be_read_is_named_and_the_rest_goes_on(
    score: Score, line: str, tmp_path: Path
) -> None:
    good = EXAMPLE.read_text("utf-8").strip()
    (tmp_path / "some.jsonl").write_bytes(f"{good}\n\n{line}\n{good}".encode("utf-8", "surrogateescape"))

    result = score("some.jsonl")

    first, wrong, last = objects(result.stdout)
    assert result.exit_code == 0
    assert first["limit"] == last["limit"] == 10_000_000
    assert set(wrong) == {"error", "line"}
    assert wrong["line"] == 3


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_every_answer_that_is_missing_is_named_in_words(score: Score, language: str) -> None:
    decision = decided(score("--lang", language, given='{"application": {}, "as_of": "2020-04-15"}'))

    missing = [reason for reason in decision["reasons"] if "missing" in reason["values"]]
    assert decision["outcome"] == "referred"
    assert {"consent", "trade", "debt_balance"} <= {reason["values"]["missing"] for reason in missing}
    assert all(reason["text"] for reason in missing)


@pytest.mark.parametrize("file", ["missing.json", "."])
def test_a_file_that_cannot_be_read_is_one_line(score: Score, file: str) -> None:
    result = score(file)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"bangbang: {file}: ")
    assert result.stderr.count("\n") == 1


def test_a_policy_that_cannot_be_used_is_named(
    score: Score, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policy.json").write_text(json.dumps({"version": "x"}))
    monkeypatch.setenv("BANGBANG_POLICY_FILE", "policy.json")

    result = score(str(EXAMPLE))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("bangbang: policy.json: ")


def test_a_product_file_of_one_s_own_is_used(
    score: Score, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged = json.loads((EXAMPLE.parents[1] / "data" / "products.json").read_text("utf-8"))
    packaged["products"] = [product for product in packaged["products"] if product["code"] == "BBD6"]
    (tmp_path / "products.json").write_text(json.dumps(packaged))
    monkeypatch.setenv("BANGBANG_PRODUCTS_FILE", "products.json")

    assert [offer["product"] for offer in decided(score(str(EXAMPLE)))["offers"]] == ["BBD6"]
