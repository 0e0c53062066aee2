"""The report, the model card and the figures: the same everywhere, escaped, complete without the network."""

import json
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

from scoring.evaluation import evaluation, population, real, report, run
from scoring.evaluation.evaluation import Evaluation
from scoring.evaluation.measured import Goal, Heldout, Measured
from scoring.evaluation.population import Population
from tests.scoring.evaluation import merchants

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "a | b\n| c |",
    "',alert(1),'",
)


class Seen(HTMLParser):
    """Elements and what would be fetched or run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.run: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [f"{tag} {name}" for name, _ in attrs if name in ("src", "srcset", "data", "action")]
        self.fetched += [
            f"{tag} href" for name, value in attrs if name == "href" and value and value[0] != "#"
        ]
        self.run += [name for name, _ in attrs if name.startswith("on")]


@cache
def found() -> Evaluation:
    return merchants.evaluation()


@cache
def page() -> str:
    return report.page(found())


def hostile(words: str) -> Evaluation:
    """Every name that comes from outside is hostile."""
    measured = Measured(words, words, words, {"auc": 0.7, words: 0.1}, (Goal("auc", 0.6),), {"auc": 0.01})
    held = Heldout(words, words, words, found().heldout[0].outcome, found().heldout[0].pd)
    segments = [replace(one, name=words) for one in found().segments]
    origin = replace(found().origin, command=words)
    row = found().model.table.features[0].model_copy(update={"about": words})
    table = found().model.table.model_copy(update={"about": words, "features": (row,)})
    return replace(
        found(),
        origin=origin,
        measured=(measured,),
        heldout=(held,),
        segments=tuple(segments),
        skipped=(words,),
        model=replace(found().model, name=words, table=table),
        stability={words: {"another sample": 0.1}},
    )


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    seen = Seen(page())

    assert seen.fetched == []
    assert seen.run == []
    assert {"script", "iframe", "img", "link", "object", "form"} & set(seen.tags) == set()
    assert "default-src 'none'" in page()


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_names_stay_text(words: str) -> None:
    seen = Seen(report.page(hostile(words)))

    assert {"script", "img"} & set(seen.tags) == set()
    assert seen.run == []
    assert sorted(set(seen.tags)) == sorted(set(Seen(page()).tags))
    assert "49" not in re.findall(r">\s*(49)\s*<", report.page(hostile("{{ 7 * 7 }}")))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_names_break_no_table_of_the_card(words: str) -> None:
    written = report.card(hostile(words))
    rows = [line for line in written.splitlines() if line.startswith("|")]

    assert all(line.endswith("|") for line in rows)
    assert "| <" not in written


@pytest.mark.parametrize("words", ["", " "])
def test_empty_names_are_shown_as_nothing(words: str) -> None:
    assert "</html>" in report.page(hostile(words))
    assert "## Figures" in report.card(hostile(words))


def test_every_picture_has_a_title_and_a_description() -> None:
    pictures = re.findall(r'<svg viewBox="[^"]+" role="img" aria-labelledby="(\S+) (\S+)"', page())

    assert len(pictures) >= 10 + len(found().model.table.features)
    names = re.findall(r' id="([^"]+)"', page())
    assert len(names) == len(set(names))
    assert {name for pair in pictures for name in pair} <= set(names)


def test_the_same_figures_stand_in_page_card_and_json() -> None:
    figures = json.loads(json.dumps(evaluation.to_json(found()), allow_nan=False))
    written = report.card(found())

    assert len(figures["goals"]) == len(found().goals) >= 5
    for goal in figures["goals"]:
        shown = evaluation.shown(goal["figure"], goal["found"])
        assert shown in page()
        assert f"| {shown}" in written
        assert goal["goal"].replace("≥", "&ge;") or goal["goal"] in page()
    for segment in figures["segments"]:
        rate = f"{segment['defaults']['value'] * 100:.1f} %"
        assert f"{rate} (" in page()
        assert f"| {rate} (" in written
    for row in figures["gaming"]:
        assert evaluation.shown("limit_max", row["limit_max"]) in page()


def test_the_card_names_the_terms_and_no_time_or_machine() -> None:
    written = report.card(found())

    assert written == report.card(found())
    assert "no public data set does" in written
    assert "research only" in written
    for name in (
        "SBAcase",
        "SBA 30k",
        "German credit",
        "CUMCM 2020 C",
        "waimai_10k",
        "ChnSentiCorp",
        "SMP2020",
    ):
        assert name in written
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b|\d\d:\d\d", written)


def test_a_figure_that_could_not_be_measured_is_none_and_no_number() -> None:
    missing = replace(
        found(),
        measured=(Measured("a", "b", "c", {"auc": float("nan")}, (Goal("auc", 0.5), Goal("f1", 0.5))),),
    )

    figures = evaluation.to_json(missing)
    assert [(goal["found"], goal["met"]) for goal in figures["goals"]] == [(None, False), (None, False)]
    assert missing.met == 0
    assert "none" in report.page(missing)


def test_nobody_to_attack_and_nothing_to_compare_is_said() -> None:
    bare = replace(found(), gaming=(), segments=(), stability={})

    assert "could be attacked" in report.page(bare)
    assert "could be attacked" in report.card(bare)


def test_merchants_who_all_repay_teach_nothing() -> None:
    good = [replace(one, defaulted=False) for one in merchants.merchants(3)]

    with pytest.raises(real.NothingToMeasure, match="should be more"):
        run.evaluate(merchants.plan(), good, merchants.lender(), merchants.unwatched)


def test_applicants_whom_a_rule_settles_are_counted_and_not_scored() -> None:
    lender = merchants.lender()
    minor = merchants.merchant(0)
    minor = replace(minor, inputs=replace(minor.inputs, application={"consent": "under_18"}))

    applicants = Population(population.judged([minor], lender.model, lender.policy, lambda: None))

    assert (len(applicants.everybody), len(applicants.scored)) == (1, 0)
    assert applicants.share_of("declined").value == 1
    assert applicants.scores(("A",)) == {}
