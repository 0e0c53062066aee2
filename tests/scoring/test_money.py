"""The one place that rounds."""

from decimal import Decimal

import pytest

from scoring import money


@pytest.mark.parametrize(
    ("yuan", "fen"), [("0.005", 1), ("0.0049", 0), ("-0.005", -1), ("8686.815", 868_682)]
)
def test_half_a_fen_is_rounded_away_from_zero(yuan: str, fen: int) -> None:
    assert money.to_fen(Decimal(yuan)) == fen


def test_fen_become_yuan_with_two_decimals() -> None:
    assert str(money.to_yuan(5)) == "0.05"
