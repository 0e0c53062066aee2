"""A file of weights: read as written, byte for byte the same, refused when it is none."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.reading import characters, ngrams
from scoring.reading.weights import UnreadableWeights, Weights, dumped, parsed

LETTERS = characters.alphabet(lambda letter: letter)


def weights(seed: int = 0, held: int = 50) -> Weights:
    dice = np.random.default_rng(seed)
    runs = np.zeros(1 << ngrams.BITS, dtype=np.int8)
    runs[dice.choice(len(runs), held, replace=False)] = dice.choice([-127, -3, 5, 127], held)
    return Weights(runs, LETTERS, 0.02, -0.1, -0.6, 0.6)


@given(seed=st.integers(0, 1000), held=st.integers(0, 50))
@settings(max_examples=10, deadline=None)  # the machine may be busy
def test_weights_are_read_as_they_were_written(seed: int, held: int) -> None:
    given = weights(seed, held)

    found = parsed(dumped(given))

    assert np.array_equal(found.runs, given.runs)
    assert np.array_equal(found.letters, given.letters)
    assert (found.scale, found.bias, found.low, found.high) == (0.02, -0.1, -0.6, 0.6)
    assert dumped(found) == dumped(given)


def test_log_odds_are_the_sum_over_the_root_of_the_runs() -> None:
    given = weights()
    (place, *_), *_ = (order.tolist() for order in ngrams.places(given.batch(["好"]).codes))
    given.runs[:] = 0
    given.runs[place] = 100

    once, twice = given.log_odds(given.batch(["好", "好好"]))

    assert once == pytest.approx(0.02 * 100 / np.sqrt(9) - 0.1)
    assert twice == pytest.approx(0.02 * 200 / np.sqrt(12) - 0.1)


def spoiled(**changed: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> bytes:
    with np.load(io.BytesIO(dumped(weights()))) as pack:
        arrays = {name: pack[name] for name in pack.files}
    out = io.BytesIO()
    np.savez(out, **{**arrays, **changed})
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "should be an .npz"),
        (b"PK\x05\x06" + bytes(18), "should be an .npz"),
        (spoiled(version=np.array([9, 9, 9])), "version: should be"),
        (spoiled(figures=np.array([0.0, 0.0, 0.0, 0.0])), "figures: should be"),
        (spoiled(figures=np.array([1.0, np.nan, 0.0, 0.0])), "figures: should be"),
        (spoiled(gaps=np.array([1], dtype=np.uint32)), "gaps: should lead"),
        (spoiled(weights=np.array([{}], dtype=object)), "should be an .npz"),
    ],
)
def test_what_is_no_file_of_weights_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(UnreadableWeights, match=said):
        parsed(raw)


def test_a_band_upside_down_is_refused() -> None:
    with pytest.raises(UnreadableWeights):
        parsed(dumped(replace(weights(), low=1.0, high=-1.0)))
