"""Days are counted in China, wherever the clock stands."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from scoring.calendar import day


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2020, 4, 15, 15, 59, 59, tzinfo=UTC), date(2020, 4, 15)),
        (datetime(2020, 4, 15, 16, 0, tzinfo=UTC), date(2020, 4, 16)),
        (datetime(2019, 12, 31, 16, 0, tzinfo=UTC), date(2020, 1, 1)),
        (datetime(2020, 7, 15, 16, 0, tzinfo=UTC), date(2020, 7, 16)),
        (datetime(2020, 4, 15, 12, 0, tzinfo=timezone(timedelta(hours=-5))), date(2020, 4, 16)),
    ],
)
def test_a_day_begins_at_midnight_in_china(moment: datetime, expected: date) -> None:
    assert day(moment) == expected
