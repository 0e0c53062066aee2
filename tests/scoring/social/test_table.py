"""The table of figures, and the page made of it."""

import tomllib

import pytest

from scoring.calendar import SEASON_DAYS
from scoring.social import documentation, view
from scoring.social.table import TABLE, Line
from scoring.sources import weibo

EVERY = pytest.mark.parametrize("line", TABLE, ids=lambda line: line.feature.name)
NUMBERS = {f"f{number}" for number in range(1, 42)}


def test_every_dimension_of_the_rules_is_declared_and_ties_to_bad_borrowers_are_not() -> None:
    declared = {part for line in TABLE for part in line.feature.id.split("/")} - {"identity"}

    assert declared == NUMBERS


def test_no_name_is_given_twice() -> None:
    assert len({line.feature.name for line in TABLE}) == len(TABLE)


@EVERY
def test_every_line_says_what_it_is(line: Line) -> None:
    feature = line.feature

    assert feature.formula
    assert feature.unit
    assert feature.missing
    assert feature.direction in (-1, 0, 1)
    assert feature.window in (None, 90, 180, 365)
    assert feature.spared in (0, 90)
    assert not feature.spared or feature.window in (180, 365)
    assert line.accounts


def test_no_figure_looks_further_back_than_is_read() -> None:
    """Comments are read of posts of half a year, posts and mentions of a year."""
    assert weibo.COMMENTS_SINCE.days == view.FEEDBACK_DAYS
    assert weibo.POSTS_SINCE.days == view.YEAR_DAYS
    for line in TABLE:
        assert not line.feature.name.startswith("settled_") or line.feature.spared == SEASON_DAYS


def test_the_page_is_what_the_table_gives() -> None:
    assert documentation.main(["--check"]) == 0


def test_the_page_holds_every_figure_once() -> None:
    meanings = tomllib.loads(documentation.MEANINGS.read_text("utf-8"))
    page = documentation.document(TABLE, meanings)

    for line in TABLE:
        assert page.count(f"| `{line.feature.name}`") == 1
        assert meanings[f"feature.{line.feature.name}"] in page
