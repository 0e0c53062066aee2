"""Money: whole fen (1/100 CNY) in `int`, exact arithmetic in `Decimal`, and the one place that rounds."""

from decimal import ROUND_HALF_UP, Decimal

FEN_PER_YUAN = 100


def to_fen(yuan: Decimal) -> int:
    """Yuan to whole fen, half up.

    >>> to_fen(Decimal("8686.815"))
    868682
    """
    return round_fen(yuan * FEN_PER_YUAN)


def round_fen(fen: Decimal) -> int:
    """A calculated amount of fen to whole fen, half up."""
    return int(fen.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_yuan(fen: int) -> Decimal:
    """Whole fen to yuan with two decimals.

    >>> to_yuan(1250050)
    Decimal('12500.50')
    """
    return (Decimal(fen) / FEN_PER_YUAN).quantize(Decimal("0.01"))
