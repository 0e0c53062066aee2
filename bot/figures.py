"""Figures as a merchant reads them on a page: money to the cent where there are cents, rates, times."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from scoring import money
from scoring.calendar import CHINA


def yuan(fen: int, cents: bool | None = None) -> str:
    """Fen as yuan; cents are shown when there are any, or always or never as asked.

    >>> yuan(10000000), yuan(833333), yuan(10000000, cents=True)
    ('100,000', '8,333.33', '100,000.00')
    """
    shown = bool(fen % money.FEN_PER_YUAN) if cents is None else cents
    return f"{money.to_yuan(fen):,.{2 if shown else 0}f}"


def percent(fraction: float) -> str:
    """A fraction as a percentage with up to two decimals.

    >>> percent(0.03855), percent(0.144), percent(0)
    ('3.86%', '14.4%', '0%')
    """
    hundredths = (Decimal(repr(fraction)) * 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{hundredths:f}".rstrip("0").rstrip(".") + "%"


def clock(at: datetime) -> str:
    """The time of day where the merchant is."""
    return at.astimezone(CHINA).strftime("%H:%M")


def safe_url(url: str) -> str:
    """The address when a browser may follow it, else nothing: no `javascript:`, no foreign scheme."""
    return url if url.startswith(("https://", "http://")) else ""
