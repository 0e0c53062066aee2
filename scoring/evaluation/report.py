"""Writes what an evaluation found for people: an HTML page that needs nothing else, and the model card.

The templates hold the sentences and escape every value; nothing here decides or measures anything.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scoring.evaluation import bought, evaluation, gaming, metrics, plots, real, referrals, table_plots
from scoring.evaluation.drawing import Picture
from scoring.evaluation.evaluation import Evaluation
from scoring.evaluation.measured import Heldout
from scoring.evaluation.plots import Row
from scoring.evaluation.population import SCORE_BIN
from scoring.evaluation.segments import Segment

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).parent / "templates"
MOST_STABILITY = 24  #: features whose stability is drawn, the least stable first; the table has all


def page(found: Evaluation) -> str:
    """The report as one HTML page; it asks nothing of the network and runs no script."""
    return _templates().get_template("report.html").render(**_shared(found), **_pictures(found))


def card(found: Evaluation) -> str:
    """The model card as Markdown: the same figures, no date and no machine in it."""
    return _templates().get_template("card.md").render(**_shared(found))


@cache
def _templates() -> "jinja2.Environment":
    import jinja2  # only who writes a report needs it

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(("html",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(percent=_percent, span=_span, cell=_cell)
    environment.globals.update(
        shown=evaluation.shown, goal_shown=evaluation.goal_shown, held=table_plots.held
    )
    return environment


def _percent(value: float, places: int = 1) -> str:
    return "none" if math.isnan(value) else f"{value * 100:.{places}f} %"


def _span(found: Any, places: int = 1) -> str:
    """A share with its interval."""
    if math.isnan(found.value):
        return "none"
    low, high = found.low * 100, found.high * 100
    return f"{found.value * 100:.{places}f} % ({low:.{places}f} to {high:.{places}f})"


def _cell(text: object) -> str:
    """Text inside a cell of a Markdown table."""
    plain = " ".join(str(text).split())
    return plain.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "'")


def _shared(found: Evaluation) -> dict[str, Any]:
    """What page and card both tell."""
    population = found.population
    return {
        "found": found,
        "goals": found.goals,
        "data_sets": real.known_sets(),
        "table": found.model.table,
        "merchants": population,
        "grade_rows": population.grades(found.grades),
        "outcomes": {name: population.share_of(name) for name in ("approved", "referred", "declined")},
        "grounds": referrals.grounds(population.everybody),
        "segment_kinds": _by_kind(found.segments),
        "market": bought.market(),
        "allowed": gaming.ALLOWED,
        "gains": metrics.gains(population.outcome, population.pd),
    }


def _by_kind(segments: Sequence[Segment]) -> dict[str, list[Segment]]:
    found: dict[str, list[Segment]] = {}
    for one in segments:
        found.setdefault(one.kind, []).append(one)
    return found


def _pictures(found: Evaluation) -> dict[str, Any]:
    scale = table_plots.range_of(found.model.table.features)
    return {
        "ranking": {
            name: plots.roc(curves)
            for name, curves in evaluation.rocs((*found.heldout, *found.parts)).items()
        },
        "calibrations": {_title(one): _calibration(one) for one in found.heldout if found.promised(one)},
        "scores": plots.scores(found.population.scores(found.grades), SCORE_BIN),
        "gains_curve": plots.gains(metrics.gains(found.population.outcome, found.population.pd)),
        "points": [(row, table_plots.points(row, scale)) for row in found.model.table.features],
        "stability": _stability(found.stability),
        "comparisons": {kind: _comparison(rows) for kind, rows in _by_kind(found.segments).items()},
        "moved": _moved(found),
    }


def _title(one: Heldout) -> tuple[str, str, str]:
    return one.data, one.split, one.model


def _calibration(one: Heldout) -> Picture:
    return plots.calibration(metrics.reliability(one.outcome, one.pd))


def _stability(found: Mapping[str, Mapping[str, float]]) -> Picture | None:
    ordered = sorted(found, key=lambda name: (-max(found[name].values()), name))[:MOST_STABILITY]
    return table_plots.stability({name: found[name] for name in ordered}) if ordered else None


def _comparison(rows: Sequence[Segment]) -> tuple[Picture, Picture]:
    """Defaults with the mean PD beside them, and approvals, of the segments of a kind."""
    everybody = sum(one.applicants for one in rows)
    defaults = sum(one.defaults.value * one.applicants for one in rows) / everybody
    approved = sum(one.approved.value * one.applicants for one in rows) / everybody
    foretold = [
        Row(one.name, one.defaults, one.mean_pd, one.pd_fit in ("too_low", "too_high")) for one in rows
    ]
    treated = [Row(one.name, one.approved, None, one.treatment in ("less", "more")) for one in rows]
    return (
        plots.comparison(foretold, defaults, "Default rate"),
        plots.comparison(treated, approved, "Approved by the machine"),
    )


def _moved(found: Evaluation) -> Picture | None:
    kinds = ("limit the same", "up to 5 % more", "more than 5 % more")
    shares = {
        f"CNY {one.budget:,}": (one.unmoved, max(0.0, 1 - one.unmoved - one.above), one.above)
        for one in found.gaming
    }
    return table_plots.moved(shares, kinds) if shares else None
