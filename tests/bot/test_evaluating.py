"""`bangbang evaluate`: what it prints and writes, and how it says what is wrong."""

import json
from pathlib import Path

import pytest

from bot import evaluating
from bot.evaluating import Asked
from scoring.evaluation import evaluation
from tests import commands
from tests.scoring.evaluation import book_folder, merchants


def asked(out: Path, **changes: object) -> Asked:
    given = {"data": None, "merchants": 50, "out": out, "card": None, "quick": True}
    return Asked(**{**given, **changes})  # type: ignore[arg-type]  # names are checked by the class


def test_the_table_has_a_line_for_each_goal_and_counts_those_met() -> None:
    found = merchants.evaluation()

    shown = list(evaluating.lines(found))

    assert len(shown) == 2 + len(found.goals)
    assert shown[0].split()[:4] == ["data", "split", "model", "figure"]
    for line, (one, goal) in zip(shown[1:], found.goals, strict=False):
        assert evaluation.shown(goal.figure, one.figures.get(goal.figure)) in line
        assert line.endswith("met" if goal.met(one.figures) else "missed")
    assert shown[-1] == f"{found.met} of {len(found.goals)} goals met"


def test_the_command_to_repeat_it_names_no_folder_of_this_machine(tmp_path: Path) -> None:
    shown = asked(tmp_path, data=tmp_path, card=tmp_path / "card.md").command

    assert shown == "bangbang evaluate --data DIR --merchants 50 --quick --card FILE"


def test_a_small_run_writes_report_figures_and_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On invented merchants, and on a folder that holds one small loan book of its own."""
    (tmp_path / "credit").mkdir()
    book_folder.write_german(tmp_path / "credit")

    evaluating.evaluate(asked(tmp_path / "found", data=tmp_path, card=tmp_path / "card.md"))

    printed = capsys.readouterr()
    figures = json.loads((tmp_path / "found" / "figures.json").read_text("utf-8"))
    assert (figures["merchants"]["decided"], figures["gaming"][0]["merchants"]) == (50, 1)
    assert printed.out.count(" met") + printed.out.count(" missed") == len(figures["goals"]) + 1
    assert printed.err == ""
    page = (tmp_path / "found" / "report.html").read_text("utf-8")
    card = (tmp_path / "card.md").read_text("utf-8")
    for goal in figures["goals"]:
        assert evaluation.shown(goal["figure"], goal["found"]) in page
        assert evaluation.shown(goal["figure"], goal["found"]) in card
    assert str(tmp_path) not in page + card

    german = [one for one in figures["measured"] if one["data"] == "German credit"]
    assert {one["model"] for one in german} >= {"additive scorecard", "boosting"}
    assert all(0.5 < one["figures"]["auc"] < 1 for one in german)
    assert {one["rows"] for one in figures["heldout"] if one["data"] == "German credit"} == {120}
    assert "SBAcase: SBAcase.csv is not there" in figures["skipped"]
    assert "SBA 30k, derived columns: left out for a glance" in figures["skipped"]


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_a_folder_without_data_is_told_in_one_line(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()

    refused = commands.run(tmp_path, "evaluate", "--data", folder)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"bangbang: {folder}: should ")
    assert refused.stderr.count("\n") == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["empty"]
