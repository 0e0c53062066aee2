"""An application as the merchant answered it: one optional field per question, None where there is no answer.

Reads and validates JSON; decides nothing. Money is whole fen, a month is a `Month`, a share is 0 to 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from stdnum.cn import uscc

from scoring.months import Month

DAYS_OPEN_ASSUMED = 28
LARGEST_AMOUNT = 10**12  #: fen; ten billion yuan, far beyond any shop
LARGEST_COUNT = 10**7
MAX_PURPOSES = 3

ROLES = ("owner", "partner", "manager")
TRADES = ("restaurant", "cafe", "gym", "beauty", "retail", "homestay", "travel", "other")
LICENCES = ("individual_business", "company", "none")
CONSENTS = ("agree", "more", "under_18")
#: the answers to "how much of sales is left", with the middle of each
MARGIN_MIDPOINTS = MappingProxyType(
    {"lt0": "-0.05", "0_5": "0.025", "5_10": "0.075", "10_20": "0.15", "20_30": "0.25", "gt30": "0.35"}
)
MARGINS = tuple(MARGIN_MIDPOINTS)
TERMS = (6, 12)
#: What the money may be asked for; which of these are lent for is a matter of the policy file.
PURPOSES = frozenset(
    {
        *("stock_purchase", "rent", "payroll", "renovation", "equipment", "marketing"),
        *("deposit_for_platform", "utilities", "tax"),
        *("house_purchase", "mortgage_repayment", "stock", "bond", "futures", "derivative", "equity_invest"),
        *("wealth_product", "crypto", "gambling", "relend", "repay_other_loan", "personal_luxury"),
        "other",
    }
)


class ApplicationError(ValueError):
    """An application that cannot be read: `field` and what it should hold."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field}: should hold {expected}")
        self.field = field
        self.expected = expected


@dataclass(frozen=True)
class Application:
    """Answers; amounts in fen a month unless the question asks otherwise, None for "not answered"."""

    consent: str | None = None
    role: str | None = None
    trade: str | None = None
    city: str | None = None
    opened: Month | None = None
    licence: str | None = None
    licence_number: str | None = None
    brand_account: str | None = None
    personal_account: str | None = None
    sales_last_month: int | None = None
    orders_per_day: int | None = None
    average_ticket: int | None = None
    days_open: int | None = None
    rent: int | None = None
    staff_count: Decimal | None = None  #: paid people without the owner, halves allowed
    payroll: int | None = None
    debt_balance: int | None = None
    debt_payment: int | None = None
    amount: int | None = None
    term: int | None = None
    purpose: tuple[str, ...] | None = None
    check: str | None = None  #: that the merchant has looked over the summary
    capacity: int | None = None
    good_day: int | None = None
    normal_day: int | None = None
    bad_day: int | None = None
    good_days_per_week: int | None = None
    bad_days_per_week: int | None = None
    net_margin: str | None = None
    purchases: int | None = None
    best_seller_price: int | None = None
    best_seller_cost: int | None = None
    peak_months: tuple[int, ...] | None = None
    low_months: tuple[int, ...] | None = None
    low_season_share: Decimal | None = None
    pre_shock_sales: int | None = None
    pre_shock_month: Month | None = None  #: of those sales; unknown means the same month a year ago
    lease_end: Month | None = None
    other_costs: int | None = None
    household_spend: int | None = None
    other_income: int | None = None
    invested: int | None = None
    invested_borrowed: int | None = None
    taken_out: int | None = None
    stock_value: int | None = None
    cash: int | None = None
    receivables: int | None = None
    fit_out_value: int | None = None
    prepaid_balance: int | None = None
    project_cost: int | None = None  #: the whole renovation or equipment project, where it is known
    first_loan: bool = True

    @property
    def opening_days(self) -> int:
        return DAYS_OPEN_ASSUMED if self.days_open is None else self.days_open

    def with_answers(self, **answers: Any) -> "Application":
        """These answers, some of them changed; `dataclasses.replace` would set all fifty anew."""
        other = object.__new__(Application)
        other.__dict__.update(self.__dict__, **answers)
        return other


def changed(before: Application, after: Application) -> frozenset[str]:
    """The answers that differ."""
    given = before.__dict__
    return frozenset([name for name, value in after.__dict__.items() if value is not given[name]])


Read = Callable[[Any], Any]


class _Unfit(ValueError):
    """What the value should have been, in words."""


def _whole(lowest: int, highest: int, what: str) -> Read:
    expected = f"{what} from {lowest} to {highest}"

    def read(value: Any) -> int:
        if type(value) is not int or not lowest <= value <= highest:
            raise _Unfit(expected)
        return value

    return read


def _choice(*allowed: str | int) -> Read:
    expected = "one of " + ", ".join(str(choice) for choice in allowed)

    def read(value: Any) -> Any:
        if type(value) not in (str, int) or value not in allowed:
            raise _Unfit(expected)
        return value

    return read


def _list_of(one: Read, most: int) -> Read:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise _Unfit(f"a list of 1 to {most} values")
        return tuple(one(item) for item in value)

    return read


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise _Unfit("a text of at most 200 characters")
    return value


def _month(value: Any) -> Month:
    try:
        return Month.read(value)
    except (TypeError, ValueError):
        raise _Unfit('a month as "YYYY-MM"') from None


def _number(value: Any, highest: int, expected: str) -> Decimal:
    """A JSON number as an exact decimal; NaN, infinities and booleans are none."""
    if type(value) not in (int, float) or not 0 <= value <= highest:
        raise _Unfit(expected)
    return Decimal(str(value))


def _share(value: Any) -> Decimal:
    return _number(value, 1, "a share from 0 to 1")


def _staff(value: Any) -> Decimal:
    expected = "a number of people from 0 to 10000 in halves"
    people = _number(value, 10_000, expected)
    if people * 2 % 1:
        raise _Unfit(expected)
    return people


def _licence_number(value: Any) -> str:
    if not isinstance(value, str) or not uscc.is_valid(value):
        raise _Unfit("a unified social credit code of 18 characters with a true check character")
    return value


def _purposes(value: Any) -> tuple[str, ...]:
    one = _choice(*sorted(PURPOSES))
    listed = [value] if isinstance(value, str) else value
    purposes: tuple[str, ...] = _list_of(one, MAX_PURPOSES)(listed)
    return tuple(dict.fromkeys(purposes))


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Unfit("true or false")
    return value


_amount = _whole(0, LARGEST_AMOUNT, "a whole number of fen")
_days_a_week = _whole(0, 7, "a whole number of days")
_calendar_months = _list_of(_whole(1, 12, "a month number"), 12)

_READERS: Mapping[str, Read] = MappingProxyType(
    {
        **{field.name: _amount for field in fields(Application)},
        "consent": _choice(*CONSENTS),
        "check": _choice("submit"),
        "role": _choice(*ROLES),
        "trade": _choice(*TRADES),
        "licence": _choice(*LICENCES),
        "term": _choice(*TERMS),
        "net_margin": _choice(*MARGINS),
        "purpose": _purposes,
        "city": _text,
        "brand_account": _text,
        "personal_account": _text,
        "opened": _month,
        "lease_end": _month,
        "pre_shock_month": _month,
        "licence_number": _licence_number,
        "orders_per_day": _whole(0, LARGEST_COUNT, "a whole number"),
        "capacity": _whole(1, LARGEST_COUNT, "a whole number"),
        "days_open": _whole(1, 31, "a whole number of days"),
        "good_days_per_week": _days_a_week,
        "bad_days_per_week": _days_a_week,
        "staff_count": _staff,
        "peak_months": _calendar_months,
        "low_months": _calendar_months,
        "low_season_share": _share,
        "first_loan": _yes_or_no,
    }
)


def read(answers: Mapping[str, Any]) -> Application:
    """Read the JSON form; a missing or null field is an answer not given.

    Raises `ApplicationError`, which names the field and what it should hold.

    >>> read({"opened": "2017-02", "rent": 1500000}).opened
    Month(year=2017, month=2)
    >>> read({"rent": "lots"})
    Traceback (most recent call last):
    scoring.application.ApplicationError: rent: should hold a whole number of fen from 0 to 1000000000000
    """
    given: dict[str, Any] = {}
    for name, value in answers.items():
        if name not in _READERS:
            raise ApplicationError(repr(name)[:60], "nothing: there is no such question")
        if value is not None:
            given[name] = _read_one(name, value)
    return Application(**given)


def _read_one(name: str, value: Any) -> Any:
    try:
        return _READERS[name](value)
    except _Unfit as unfit:
        raise ApplicationError(name, str(unfit)) from None
