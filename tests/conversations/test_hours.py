"""When the desk is open, and when it opens next."""

from datetime import date, datetime, time

import pytest

from conversations.hours import Hours
from scoring.calendar import CHINA

WORKDAYS = Hours.read("1-5 09:00-18:00", "2026-11-25, 2026-12-24")


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-24T09:00", "2026-11-24T09:00"),
        ("2026-11-24T17:59", "2026-11-24T17:59"),
        ("2026-11-24T08:00", "2026-11-24T09:00"),
        ("2026-11-24T18:00", "2026-11-26T09:00"),  # the day after is a holiday
        ("2026-11-27T20:00", "2026-11-30T09:00"),  # over the weekend
        ("2026-11-28T12:00", "2026-11-30T09:00"),
    ],
)
def test_a_moment_outside_the_hours_waits_for_the_next_day_of_work(moment: str, opens: str) -> None:
    assert WORKDAYS.opening(china(moment)) == china(opens)


def test_nothing_said_is_around_the_clock() -> None:
    assert Hours().opening(china("2026-11-29T23:59")) == china("2026-11-29T23:59")


def test_a_day_may_last_until_midnight() -> None:
    hours = Hours.read("7 20:00-24:00")
    assert hours == Hours(frozenset({7}), time(20), time(0))
    assert hours.opening(china("2026-11-29T23:59")) == china("2026-11-29T23:59")
    assert hours.opening(china("2026-11-30T00:00")) == china("2026-12-06T20:00")


def test_holidays_are_dates() -> None:
    assert WORKDAYS.holidays == {date(2026, 11, 25), date(2026, 12, 24)}


@pytest.mark.parametrize(
    ("written", "holidays", "why"),
    [
        ("", "", "not days and hours"),
        ("always", "", "not days and hours"),
        ("1-5 9-18", "", "not days and hours"),
        ("0-5 09:00-18:00", "", "not days and hours"),
        ("5-1 09:00-18:00", "", "never be open"),
        ("1-5 18:00-09:00", "", "never be open"),
        ("1-5 09:00-25:00", "", "hour must be in"),
        ("1-5 09:00-18:00", "New Year", "isoformat"),
    ],
)
def test_what_cannot_be_read_is_refused(written: str, holidays: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Hours.read(written, holidays)
