"""When colleagues sit at the desk: days of the week and a span of the day, by the clocks of China. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from scoring.calendar import CHINA

_WRITTEN = re.compile(
    r"(?P<one>[1-7])(?:-(?P<other>[1-7]))? (?P<first>\d\d:\d\d)-(?P<last>\d\d:\d\d)", re.ASCII
)
MIDNIGHT = time(0)  #: as the end of a span it is the end of the day
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """Around the clock, unless it is said otherwise."""

    days: frozenset[int] = frozenset(range(1, 8))  #: of the week; 1 is Monday; never empty
    first: time = MIDNIGHT
    last: time = MIDNIGHT
    holidays: frozenset[date] = frozenset()

    @classmethod
    def read(cls, written: str, holidays: str = "") -> "Hours":
        """
        >>> Hours.read("1-5 09:00-18:00", "2027-01-01").last
        datetime.time(18, 0)

        Raises:
            ValueError: it is not written like that, or the desk would open after it closes.
        """
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise ValueError(f"not days and hours: {written!r}")
        one, other = int(found["one"]), int(found["other"] or found["one"])
        first = time.fromisoformat(found["first"])
        last = MIDNIGHT if found["last"] == "24:00" else time.fromisoformat(found["last"])
        days = frozenset(range(one, other + 1))
        if not days or (last != MIDNIGHT and first >= last):
            raise ValueError(f"the desk would never be open: {written!r}")
        shut = (day for day in holidays.split(",") if day.strip())
        return cls(days, first, last, frozenset(date.fromisoformat(day.strip()) for day in shut))

    def opening(self, moment: datetime) -> datetime:
        """The moment itself while the desk is open, else when it opens next."""
        today = moment.astimezone(CHINA).date()
        for ahead in count():
            begins, ends = self._span(today + ahead * DAY)
            if moment < ends:
                return max(moment, begins)
        raise AssertionError("unreachable")

    def _span(self, day: date) -> tuple[datetime, datetime]:
        """From when to when; empty, and over, on a day off."""
        begins = datetime.combine(day, self.first, CHINA)
        if day.isoweekday() not in self.days or day in self.holidays:
            return begins, datetime.min.replace(tzinfo=CHINA)
        return begins, datetime.combine(day + DAY * (self.last == MIDNIGHT), self.last, CHINA)
