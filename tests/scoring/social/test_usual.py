"""Shares drawn towards what is usual."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.social.usual import Usual

USUAL = Usual(0.6, 40)


def test_nothing_seen_is_no_evidence() -> None:
    assert USUAL.seen(0, 0) is None
    assert USUAL.drawn(0, 0) == pytest.approx(0.6)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 50))
def test_pieces_bought_move_a_share_the_less_the_more_was_there(part: int, rest: int, bought: int) -> None:
    """By at most the bought ones' part of everything seen and supposed."""
    before, after = USUAL.drawn(part, part + rest), USUAL.drawn(part + bought, part + rest + bought)

    assert after - before >= -1e-12
    assert after - before <= bought / (part + rest + bought + USUAL.weight) + 1e-12
