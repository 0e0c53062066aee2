"""Calendar months as values: reading "YYYY-MM", counting between two, and the same day months later."""

import calendar
import re
from datetime import date
from typing import NamedTuple, Self

SHORTEST = 28  #: days that every month has
_FORM = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


class Month(NamedTuple):
    """A calendar month; ordered like the calendar."""

    year: int
    month: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Read "YYYY-MM"; `ValueError` for anything else.

        >>> Month.read("2017-02")
        Month(year=2017, month=2)
        """
        found = _FORM.fullmatch(text)
        if not found or found[1] == "0000":
            raise ValueError(text)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def until(self, later: "Month") -> int:
        """Whole months from this one to `later`, negative when it lies before.

        >>> Month(2017, 2).until(Month(2020, 4))
        38
        """
        return (later.year - self.year) * 12 + later.month - self.month

    def plus(self, months: int) -> "Month":
        """The month so many months on."""
        years, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, month + 1)


def same_day_after(start: date, months: int) -> date:
    """The same day so many months on, or that month's last day where it has no such day.

    >>> same_day_after(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = start.day
    if day > SHORTEST:
        day = min(day, calendar.monthrange(years, month + 1)[1])
    return date(years, month + 1, day)
