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
    return int(fen.to_integral_value(rounding=ROUND_HALF_UP))


def to_yuan(fen: int) -> Decimal:
    """Whole fen to yuan with two decimals.

    >>> to_yuan(1250050)
    Decimal('12500.50')
    """
    return (Decimal(fen) / FEN_PER_YUAN).quantize(Decimal("0.01"))


def grouped(fen: int, cents: bool | None = None) -> str:
    """Fen as yuan for reading; cents are shown when there are any, or always or never as asked.

    >>> grouped(10000000), grouped(833333), grouped(10000000, cents=True)
    ('100,000', '8,333.33', '100,000.00')
    """
    shown = bool(fen % FEN_PER_YUAN) if cents is None else cents
    return f"{to_yuan(fen):,.{2 if shown else 0}f}"


def percent(fraction: float) -> str:
    """A fraction as a percentage for reading, without its sign: up to two decimals, half up.

    >>> percent(0.03855), percent(0.144), percent(0)
    ('3.86', '14.4', '0')
    """
    hundredths = (Decimal(str(fraction)) * 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{hundredths:f}".rstrip("0").rstrip(".")
