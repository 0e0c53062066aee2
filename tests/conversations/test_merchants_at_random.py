"""Merchants at random keep every promise; many more are sent by hand."""

from tests.conversations import merchants_at_random


def test_merchants_at_random_never_break_a_promise() -> None:
    merchants_at_random.send(40)
