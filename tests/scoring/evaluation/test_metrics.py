"""Figures of a model against known ones and against scikit-learn."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as peer

from scoring.evaluation import intervals, metrics

CASES = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 20).map(lambda step: step / 20)), min_size=2, max_size=60
).filter(lambda rows: len({outcome for outcome, _ in rows}) == 2)


@settings(deadline=None, max_examples=40)  # the peer's checks of its input are slow
@given(CASES)
def test_ranking_and_distance_are_scikit_learn_s(rows: list[tuple[int, float]]) -> None:
    outcome, pd = zip(*rows, strict=True)

    curve = metrics.roc(outcome, pd)
    alarmed, caught, _ = peer.roc_curve(outcome, pd, drop_intermediate=False)

    assert metrics.auc(outcome, pd) == pytest.approx(peer.roc_auc_score(outcome, pd))
    assert metrics.brier(outcome, pd) == pytest.approx(peer.brier_score_loss(outcome, pd))
    assert curve.caught == pytest.approx(caught)
    assert curve.alarmed == pytest.approx(alarmed)
    assert metrics.ks(outcome, pd) == pytest.approx(max(abs(caught - alarmed)))


@settings(deadline=None)  # the machine may be busy
@given(CASES)
def test_order_of_rows_and_of_bins_changes_no_figure(rows: list[tuple[int, float]]) -> None:
    shown = metrics.figures(*zip(*rows, strict=True))

    assert metrics.figures(*zip(*sorted(rows), strict=True)) == pytest.approx(shown)


def test_the_calibration_error_is_the_mean_distance_of_bins() -> None:
    pd = [0.1] * 10 + [0.3] * 10
    outcome = [1] * 2 + [0] * 8 + [1] * 3 + [0] * 7

    assert metrics.calibration_error(outcome, pd, bins=2) == pytest.approx((0.1 + 0.0) / 2)


def test_one_pd_for_everybody_is_one_bin_however_the_rows_lie() -> None:
    parts = metrics.reliability([1, 0, 0, 0], [0.25] * 4)

    assert [(part.applicants, part.foretold, part.happened.value) for part in parts] == [(4, 0.25, 0.25)]
    assert metrics.calibration_error([1, 0, 0, 0], [0.25] * 4) == 0


@settings(deadline=None)  # the machine may be busy
@given(CASES, st.integers(1, 12))
def test_every_applicant_is_in_one_bin_and_bins_rise(rows: list[tuple[int, float]], bins: int) -> None:
    outcome, pd = zip(*rows, strict=True)
    parts = metrics.reliability(outcome, pd, bins)

    assert sum(part.applicants for part in parts) == len(rows)
    assert len(parts) <= bins
    assert all(low.foretold < high.foretold for low, high in itertools.pairwise(parts))


def test_gains_count_the_riskiest_first_and_end_with_all() -> None:
    outcome = [1, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    table = metrics.gains(outcome, np.linspace(0.9, 0.1, 10), parts=5)

    assert [gain.defaults for gain in table] == [2, 3, 3, 3, 3]
    assert [round(gain.lift, 2) for gain in table] == [3.33, 2.5, 1.67, 1.25, 1.0]
    assert table[-1].caught == 1


def test_stability_is_nought_for_the_same_and_known_for_others() -> None:
    assert metrics.stability([3, 5, 2], [30, 50, 20]) == pytest.approx(0)
    assert metrics.stability([50, 50], [40, 60]) == pytest.approx(0.2 * math.log(1.5) / 2)
    assert metrics.stability([100, 0], [0, 100]) > 5


@pytest.mark.parametrize(
    ("outcome", "pd", "said"),
    [
        ([0, 2], [0.1, 0.2], "row 2: outcome"),
        ([0, 1], [0.1, math.nan], "row 2: PD"),
        ([0, 1], [1.2, 0.1], "row 1: PD"),
        ([0, 1], [0.1], "one length"),
        ([], [], "one length"),
    ],
)
def test_what_is_no_outcome_or_no_pd_is_named(outcome: list[int], pd: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        metrics.auc(outcome, pd)


def test_one_kind_of_outcome_ranks_nothing() -> None:
    assert math.isnan(metrics.auc([0, 0], [0.1, 0.2]))
    with pytest.raises(ValueError, match="needs defaults"):
        metrics.roc([0, 0], [0.1, 0.2])
    assert metrics.gains([0, 0], [0.1, 0.2]) == ()


def test_delong_s_interval_is_the_published_one() -> None:
    """Worked by hand: 3 defaults and 4 others, placements 1, 1, 1/2 and 1, 1, 5/6, 1/2."""
    outcome = np.array([1, 1, 1, 0, 0, 0, 0])
    pd = np.array([0.9, 0.8, 0.4, 0.3, 0.2, 0.4, 0.6])

    found = intervals.auc(outcome, pd)

    above, below = [1, 1, 0.625], [1, 1, 2.5 / 3, 2 / 3]
    assert found.value == pytest.approx(10.5 / 12)
    spread = np.var(above, ddof=1) / 3 + np.var(below, ddof=1) / 4
    assert found.low == pytest.approx(found.value - 1.959964 * math.sqrt(spread))
    assert found.high == 1


@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, 50), st.integers(0, 50))
def test_wilson_s_interval_holds_its_share_and_stays_a_share(successes: int, more: int) -> None:
    found = intervals.share(successes, successes + more)

    assert 0 <= found.low <= found.high <= 1
    assert math.isnan(found.value) or found.low - 1e-12 <= found.value <= found.high + 1e-12


@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30))
def test_a_difference_turned_round_changes_its_sign(a: int, b: int, c: int, d: int) -> None:
    there = intervals.difference((a, a + b), (c, c + d))
    back = intervals.difference((c, c + d), (a, a + b))

    assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))


def test_equal_risks_are_worth_a_half() -> None:
    assert metrics.expected_auc(np.zeros(4), np.array([0.1, 0.2, 0.3, 0.4])) == pytest.approx(0.5)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=40), st.data())
def test_outcomes_that_are_certain_are_expected_to_rank_as_they_do(
    pds: list[float], data: st.DataObject
) -> None:
    rest = st.lists(st.integers(0, 1), min_size=len(pds) - 2, max_size=len(pds) - 2)
    outcome = np.array([0, 1, *data.draw(rest)])

    assert metrics.expected_auc(np.array(pds), outcome) == pytest.approx(metrics.auc(outcome, pds))
