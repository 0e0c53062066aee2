"""Figures as a merchant reads them on a page: money to the cent where there are cents, rates, times."""

from datetime import datetime

from scoring import money
from scoring.calendar import CHINA


def yuan(fen: int, cents: bool | None = None) -> str:
    """Fen as yuan; cents are shown when there are any, or always or never as asked."""
    return money.grouped(fen, cents)


def percent(fraction: float) -> str:
    """A fraction as a percentage with up to two decimals.

    >>> percent(0.144)
    '14.4%'
    """
    return f"{money.percent(fraction)}%"


def clock(at: datetime) -> str:
    """The time of day where the merchant is."""
    return at.astimezone(CHINA).strftime("%H:%M")


def moment(at: datetime) -> str:
    """Day and time to the second where the merchant is."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def lately(at: datetime, now: datetime) -> str:
    """The time of day of today, the day of this year, else the date; where the merchant is."""
    there, today = at.astimezone(CHINA), now.astimezone(CHINA)
    if there.date() == today.date():
        return there.strftime("%H:%M")
    return there.strftime("%m-%d %H:%M" if there.year == today.year else "%Y-%m-%d")


def safe_url(url: str) -> str:
    """The address when a browser may follow it, else nothing: no `javascript:`, no foreign scheme."""
    return url if url.startswith(("https://", "http://")) else ""


def browser(called: str) -> str:
    """A browser and its system as people know them; nothing for what is neither.

    >>> browser("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0")
    'Edge, Windows'
    """
    programs = {"Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {
        "Windows": "Windows",
        "Android": "Android",
        "iPhone": "iOS",
        "iPad": "iPadOS",
        "Mac OS": "macOS",
    }
    systems["Linux"] = "Linux"
    found = [next((name for mark, name in of.items() if mark in called), "") for of in (programs, systems)]
    return ", ".join(filter(None, found))
