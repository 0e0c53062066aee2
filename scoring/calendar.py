"""Days as the merchants count them: China keeps one time zone all year."""

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
SEASON_DAYS = 90  #: what is younger can be written or bought for an application


def day(at: datetime) -> date:
    """The calendar day of a moment in China."""
    return at.astimezone(CHINA).date()
