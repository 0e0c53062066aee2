"""How the shop's account stands, in words."""

from typing import Any

import pytest

from conversations.cards import decision_data, decision_lines
from conversations.phrases import LANGUAGES
from conversations.standing import standing_data, standing_lines
from scoring.social.standing import SUBSCORES
from tests.conversations.talk import approved

EACH = pytest.mark.parametrize("language", LANGUAGES)
GROUNDS = [
    {"code": "suspects", "suspects": 38, "seen": 60},
    {"code": "silence", "drawn": 3, "usual": 367},
    {"code": "leap", "gained": 5000},
]


def facts(scores: dict[str, int | None], *because: dict[str, Any]) -> dict[str, Any]:
    effective = {"followers": 31_000, "counted": 12_400, "because": list(because)}
    return {"social": {"norms": "…", "brand": {"scores": scores, "effective_followers": effective}}}


@EACH
def test_a_decision_shows_all_six_scores(language: str) -> None:
    shown = decision_data(approved(), language)["standing"]

    assert [one["group"] for one in shown["scores"]] == list(SUBSCORES)
    line = next(line for line in decision_lines(approved(), language) if shown["scores"][0]["name"] in line)
    assert all(f"{one['name']} {one['score']}" in line for one in shown["scores"])


@EACH
def test_fewer_followers_are_counted_for_a_reason_with_figures(language: str) -> None:
    *_, said = standing_lines(facts({"scale": 7}, *GROUNDS), language)

    assert all(figure in said for figure in ("31,000", "12,400", "38", "60", "367", "5,000"))


def test_the_sentence_reads_as_one() -> None:
    assert standing_data(facts({}, GROUNDS[0]), "en")["followers"] == (
        "31,000 followers, counted as 12,400, because 38 of 60 accounts that commented or mentioned the shop "
        "look like nobody uses them"
    )


@EACH
def test_followers_that_all_count_are_not_spoken_of(language: str) -> None:
    assert standing_data(facts({"scale": 7}), language)["followers"] is None


@EACH
@pytest.mark.parametrize("bare", [{}, {"social": {}}, {"social": {"norms": "…", "brand": None}}])
def test_where_nothing_is_known_nothing_is_said(bare: dict[str, Any], language: str) -> None:
    assert list(standing_lines(bare, language)) == []


@EACH
def test_an_unknown_score_is_left_out(language: str) -> None:
    assert [
        one["group"] for one in standing_data(facts({"scale": None, "network": 0}), language)["scores"]
    ] == ["network"]
