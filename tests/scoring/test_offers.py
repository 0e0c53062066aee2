"""Due dates and expiry."""

from datetime import date
from decimal import Decimal

import pytest

from scoring import months, offers
from scoring.limits import Limit
from scoring.months import Month
from scoring.schedules import Terms
from tests.scoring import builders


def quoted(day: date) -> list[str]:
    product = builders.lender().products[0]
    terms = Terms(product.method, product.term, product.interest_free, Decimal(0))
    offer = offers.offer(Limit(product, terms, {}, "afford", 5_600_000), day)
    return [part.due.isoformat() for part in offer.instalments]


def test_the_first_instalment_is_due_a_month_after_the_decision() -> None:
    assert quoted(date(2026, 11, 23))[:3] == ["2026-12-23", "2027-01-23", "2027-02-23"]


def test_a_day_the_month_lacks_becomes_its_last() -> None:
    assert quoted(date(2026, 1, 31))[:3] == ["2026-02-28", "2026-03-31", "2026-04-30"]


@pytest.mark.parametrize("text", ["2020-13", "2020-1", "0000-01", "20-01", "2020-01-01", "May"])
def test_only_a_year_and_a_month_are_a_month(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Month.read(text)


def test_a_month_is_written_as_it_is_read() -> None:
    assert str(Month.read("2017-02")) == "2017-02"
    assert months.Month(2020, 1).plus(-1) == Month(2019, 12)
