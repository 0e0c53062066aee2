"""Fitting the norms from a file of merchants."""

import io
import json
import sys
from collections.abc import Iterator

import pytest

from scoring.forms import fill
from scoring.social import norms
from scoring.social.standing import Norms
from tests.scoring import builders

LINE = json.dumps(builders.example(), ensure_ascii=False)


def fitted(lines: str, *arguments: str) -> int:
    sys.stdin = io.StringIO(lines)
    return norms.main(list(arguments))


@pytest.fixture(autouse=True)
def own_input() -> Iterator[None]:
    before = sys.stdin
    yield
    sys.stdin = before


def test_what_is_written_is_what_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert fitted(f"{LINE}\n{LINE}\n", "two of a kind") == 0

    found = fill(Norms, "written", capsys.readouterr().out.encode())
    assert found.fitted_on == "two of a kind"
    assert found.groups["all/all"].merchants == 2
    assert found.groups["all/all"].quantiles["brand_feedbacks"] == (6.018593,) * 21


def test_merchants_without_an_account_are_no_norm(capsys: pytest.CaptureFixture[str]) -> None:
    bare = json.dumps({"application": {}, "brand": None, "as_of": "2020-04-15"})

    assert fitted(f"{bare}\n{LINE}\n", "one") == 0
    assert json.loads(capsys.readouterr().out)["groups"]["all/all"]["merchants"] == 1


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "3",
        "[]",
        "{}",
        '{"application": 3, "as_of": "2020-04-15"}',
        '{"application": {}, "as_of": 1}',
    ],
)
def test_a_line_that_is_no_application_is_named(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert fitted(f"{LINE}\n{line}\n", "some") == 2

    assert capsys.readouterr().err.startswith("line 2: should hold an application")


def test_the_merchants_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert fitted("") == 2
    assert capsys.readouterr().out == ""
