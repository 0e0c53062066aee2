"""The desk's figures, held to cases counted by hand."""

from datetime import date, timedelta

import pytest

from bot.desk import report
from bot.desk.report import Approved, Share, Spread
from conversations.store.desk.counts import Attendance, Counted, Outcomes, Rating
from tests.conversations.toy import START


def attended(  # every argument is minutes after the start
    wanted: int | None, taken: int | None, replied: int | None, ended: int | None, **more: str | None
) -> Attendance:
    times = (wanted, taken, replied, ended)
    at = [None if minutes is None else START + timedelta(minutes=minutes) for minutes in times]
    began = at[0] or at[1]
    assert began is not None
    known = {"why": "asked", "by": "mei", "how": "handed_back"} | more
    return Attendance(began, known["why"], at[0], at[1], known["by"], at[2], at[3], known["how"])


THERE = (
    attended(0, 1, 2, 12),
    attended(0, 4, 5, 6, by="ann"),
    attended(10, 30, 50, 60, why="stuck", how="released"),
    attended(None, 5, 6, 35, why=None, by="ann"),  # nobody had asked: no time to a reply
    attended(20, None, None, 25, by=None, how="unneeded"),
    attended(24 * 60, None, None, None, by=None, how=None),
    attended(0, 2, None, None, how=None),  # took over and has said nothing yet
)
DECIDED = (
    Outcomes("approved", "B", "restaurant", 10_000_000, False, 2),
    Outcomes("approved", "B", "cafe", 5_000_000, True, 1),
    Outcomes("referred", "B", "cafe", 8_000_000, False, 1),
    Outcomes("declined", "E", "cafe", 0, False, 3),
    Outcomes("declined", None, None, 0, False, 1),
)


def counted(**more: object) -> Counted:
    known = {
        "begun": 40,
        "attended": 5,
        "reached": {"consent": 30, "check": 10},
        "attendances": THERE,
        "outcomes": DECIDED,
        "reasons": {"R01": 3, "R15": 5},
        "ratings": (Rating(5, "mei"), Rating(4, "mei"), Rating(1, "ann")),
    }
    return Counted(**{**known, **more})  # type: ignore[arg-type]  # fields by their names


MADE = report.report(counted())


def test_the_time_to_a_first_reply_runs_from_when_somebody_was_wanted() -> None:
    """2, 5 and 40 minutes."""
    assert MADE.reply == Spread(median=300, ninetieth=2400, n=3)
    assert dict(MADE.replies) == {1: 0, 3: 1, 10: 1, 30: 0, 60: 1, None: 0}


def test_whoever_wanted_somebody_and_heard_nobody_is_counted() -> None:
    assert MADE.unanswered == 3


def test_handling_runs_from_taking_over_to_handing_back() -> None:
    """11, 2, 30 and 30 minutes; what goes on is not in it."""
    assert MADE.handling == Spread(median=1230, ninetieth=1800, n=4)


def test_attendances_are_told_by_why_and_how_they_ended() -> None:
    assert MADE.why == {"asked": 3, "stuck": 1, "none": 1}
    assert MADE.how == {"handed_back": 3, "released": 1, "open": 1}


def test_attendances_are_told_by_day() -> None:
    """The last one begins a day later."""
    assert MADE.days == ((date(2026, 11, 23), 6), (date(2026, 11, 24), 1))


def test_shares_are_of_the_conversations_begun() -> None:
    assert MADE.attended == Share(5, 40)
    assert dict(MADE.funnel)["consent"].fraction == 0.75
    assert dict(MADE.funnel)["check"] == Share(10, 40)
    assert dict(MADE.funnel)["rent"] == Share(0, 40)


def test_approval_and_limits_by_grade_and_by_trade() -> None:
    """Of four decisions in grade B three were approved, over 100,000 twice and 50,000 once."""
    assert MADE.grades == (Approved("B", Share(3, 4), 10_000_000), Approved("E", Share(0, 3), None))
    assert MADE.trades == (
        Approved("cafe", Share(1, 5), 5_000_000),
        Approved("restaurant", Share(2, 2), 10_000_000),
    )
    assert MADE.decided == {"approved": 3, "referred": 1, "declined": 4}
    assert MADE.by_person == 1


def test_reasons_stand_in_the_order_of_how_often_they_counted() -> None:
    assert MADE.reasons == (("R15", 5), ("R01", 3))


def test_satisfaction_is_the_mean_and_how_often_each_was_given() -> None:
    assert MADE.rating == pytest.approx(10 / 3)
    assert MADE.ratings == ((1, 1), (2, 0), (3, 0), (4, 1), (5, 1))


def test_each_colleague_has_a_line() -> None:
    """Mei replied after 2 and 40 minutes; Ann after 5, and once unasked."""
    mei, ann = MADE.colleagues

    assert (mei.id, mei.attended, mei.reply, mei.rating) == ("mei", 3, Spread(1260, 2400, 2), 4.5)
    assert (ann.id, ann.attended, ann.reply, ann.rating) == ("ann", 2, Spread(300, 300, 1), 1)


def test_of_nothing_nothing_is_told() -> None:
    none = report.report(
        counted(begun=0, attended=0, reached={}, attendances=(), outcomes=(), reasons={}, ratings=())
    )

    assert (none.reply, none.handling, none.rating, none.colleagues) == (None, None, None, ())
    assert none.attended.fraction == 0
