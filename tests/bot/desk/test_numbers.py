"""The page of figures, from conversations that really took place."""

from datetime import date

import pytest

from bot.desk import numbers
from bot.desk.numbers import Period
from conversations.events import HandedBack, StaffSaid
from conversations.store.desk import counts
from conversations.store.desk.counts import Counted
from tests.bot.desk.merchants import Merchant
from tests.bot.desk.office import Office

TODAY = date(2026, 11, 23)


async def counted(office: Office, first: date = TODAY, last: date = TODAY) -> Counted:
    span = Period(first, last).span()
    return await office.access.store.read(lambda c: counts.count(c, span))


async def helped(office: Office) -> Merchant:
    """Wants a person, hears one after three minutes, and is handed back two minutes later."""
    merchant, turns = Merchant(office), office.parts.turns
    id = await merchant.asks_for_a_person()
    office.clock.pass_by(minutes=3)
    await turns.handle_session(id, "desk", f"{id}1", StaffSaid(office.clock.now, "mei", "Mei", "hello"))
    office.clock.pass_by(minutes=2)
    await turns.handle_session(id, "desk", f"{id}2", HandedBack(office.clock.now, "mei"))
    return merchant


async def test_what_took_place_is_counted(office: Office) -> None:
    await helped(office)
    await Merchant(office).taps("agree")

    found = await counted(office)

    [one] = found.attendances
    assert (found.begun, found.attended) == (2, 1)
    assert found.reached == {"consent": 2, "role": 1}
    assert one.wanted is not None
    assert one.taken == one.replied
    assert (one.why, one.by, one.how) == ("asked", "mei", "handed_back")
    assert (one.replied - one.wanted).total_seconds() == 180  # type: ignore[operator]  # it was replied


async def test_another_day_is_not_counted(office: Office) -> None:
    await helped(office)

    found = await counted(office, date(2026, 11, 24), date(2026, 12, 24))

    assert (found.begun, found.attended, found.attendances) == (0, 0, ())


async def test_the_page_shows_pictures_and_the_same_as_tables(office: Office) -> None:
    await helped(office)
    async with office.at_desk() as browser:
        page = await browser.page("/desk/numbers")

    assert 'role="img" aria-label="Time to the first reply"' in page
    assert '<th scope="row">≤ 3 min</th><td>1</td>' in page
    assert "3 min <small>" in page


async def test_a_period_without_anything_says_so(office: Office) -> None:
    async with office.at_desk() as browser:
        assert "Nothing happened" in await browser.page("/desk/numbers?from=2020-01-01&to=2020-01-31")


@pytest.mark.parametrize(
    ("query", "period"),
    [
        ({}, Period(date(2026, 10, 25), TODAY)),
        ({"from": "2026-11-01", "to": "2026-11-07"}, Period(date(2026, 11, 1), date(2026, 11, 7))),
        ({"from": "2026-11-07", "to": "2026-11-01"}, Period(date(2026, 11, 1), date(2026, 11, 1))),
        ({"from": "1999-01-01", "to": "next week"}, Period(date(2026, 10, 25), TODAY)),
        ({"from": "2001-01-01", "to": "2026-11-23"}, Period(date(2025, 11, 22), TODAY)),
    ],
)
def test_a_period_is_what_was_asked_for_within_reason(query: dict[str, str], period: Period) -> None:
    assert numbers.chosen(query, TODAY) == period


def test_a_day_is_the_merchants_day() -> None:
    span = Period(TODAY, TODAY).span()

    assert (span.since.isoformat(), span.until.isoformat()) == (
        "2026-11-22T16:00:00+00:00",
        "2026-11-23T16:00:00+00:00",
    )
