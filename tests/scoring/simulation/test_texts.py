"""Composed texts vary, and say what they are meant to say."""

from collections import Counter

import numpy as np
import pytest

from scoring import policy
from scoring.simulation import texts
from scoring.simulation.shops import TRADES
from scoring.simulation.timeline import endless


def _remarks(trade: str, tone: str, script: str = "simplified") -> list[str]:
    numbers = endless(np.random.default_rng(4))
    return [texts.remark(trade, tone, script, numbers) for _ in range(300)]


@pytest.mark.parametrize("trade", TRADES)
def test_few_remarks_are_alike(trade: str) -> None:
    for tone in (texts.POSITIVE, texts.NEGATIVE):
        assert len(set(_remarks(trade, tone))) > 280


@pytest.mark.parametrize("trade", TRADES)
def test_no_slot_is_left_open(trade: str) -> None:
    for tone in (texts.POSITIVE, texts.NEUTRAL, texts.NEGATIVE, texts.CHATTER):
        assert [text for text in _remarks(trade, tone) if "{" in text or "}" in text] == []


@pytest.mark.parametrize("trade", TRADES)
def test_a_reader_mostly_hears_what_is_meant(trade: str) -> None:
    """The rest is what no reader hears, as with people."""
    reader = policy.load().reader
    for tone in (texts.POSITIVE, texts.NEGATIVE):
        heard = Counter(reader.read(_remarks(trade, tone)))
        assert heard.most_common(1)[0][0] == tone
        assert heard.most_common(1)[0][1] > 200


def test_chatter_is_mostly_no_remark() -> None:
    heard = policy.load().reader.read(_remarks("cafe", texts.CHATTER))

    assert heard.count(None) > 200


def test_some_write_in_traditional_characters() -> None:
    assert any("環境" in text for text in _remarks("cafe", texts.POSITIVE, "traditional"))
