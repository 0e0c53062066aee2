"""Instalments to the fen and what a loan really costs a year; `Decimal` throughout, no binary fractions.

Each instalment is rounded half up, the last one takes what is left. The annual rate is made of what is really
paid on what is really received (PBoC notice 2021 no. 3): 12 x the monthly internal rate, and compounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import cached_property, lru_cache
from typing import TypeVar

from scoring.money import round_fen

MONTHS = 12
_CLOSE = Decimal("1e-18")
_NEARLY, _STEPS = 1e-14, 50  #: how near binary fractions come, and in how many steps at most
_Number = TypeVar("_Number", float, Decimal)

Part = tuple[int, int]  #: principal and interest of one instalment, fen


def level_payment(monthly: Decimal, term: int) -> Decimal:
    """The level instalment that repays 1 in so many months: i / (1 - (1 + i)^-n).

    >>> round(level_payment(Decimal("0.144") / 12, 12) * 100_000, 2)
    Decimal('8997.54')
    """
    return monthly / (1 - (1 + monthly) ** -term) if monthly else Decimal(1) / term


def equal_principal(principal: int, term: int, rate: Decimal) -> list[Part]:
    """The same principal each month, interest on the balance."""
    return _equal(principal, round_fen(Decimal(principal) / term), term, rate / MONTHS)


def _equal(balance: int, part: int, term: int, monthly: Decimal) -> list[Part]:
    parts = []
    for n in range(1, term + 1):
        paid = balance if n == term else part
        parts.append((paid, round_fen(balance * monthly)))
        balance -= paid
    return parts


def annuity(principal: int, term: int, rate: Decimal) -> list[Part]:
    """The same payment each month."""
    monthly = rate / MONTHS
    payment = round_fen(principal * level_payment(monthly, term))
    parts, balance = [], principal
    for n in range(1, term + 1):
        interest = round_fen(balance * monthly)
        paid = balance if n == term else payment - interest
        parts.append((paid, interest))
        balance -= paid
    return parts


def two_stage(principal: int, term: int, free: int, rate: Decimal) -> list[Part]:
    """The first instalments repay their share of the principal and nothing else, an annuity repays the rest.

    >>> two_stage(10_000_000, 12, 6, Decimal("0.144"))[5:7]
    [(833333, 0), (808682, 60000)]
    """
    part = round_fen(Decimal(principal) / term)
    return [(part, 0)] * free + annuity(principal - part * free, term - free, rate)


@dataclass(frozen=True)
class Terms:
    """How a loan is repaid."""

    method: str
    term: int
    free: int
    rate: Decimal  #: nominal a year, of the instalments that bear interest

    def parts(self, principal: int) -> list[Part]:
        if self.method == "two_stage":
            return two_stage(principal, self.term, self.free, self.rate)
        return (annuity if self.method == "annuity" else equal_principal)(principal, self.term, self.rate)

    @cached_property
    def largest_instalment(self) -> Decimal:
        """The largest instalment of a loan of 1, before rounding.

        >>> round(Terms("two_stage", 12, 6, Decimal("0.144")).largest_instalment, 7)
        Decimal('0.0868681')
        """
        with localcontext(Context(prec=28)):  # what is kept must not depend on who asked first
            monthly = self.rate / MONTHS
            if self.method == "equal_principal":
                return Decimal(1) / self.term + monthly
            paying = self.term - self.free
            return Decimal(paying) / self.term * level_payment(monthly, paying)


@lru_cache(maxsize=256)
def terms_of(method: str, term: int, free: int, rate: Decimal) -> Terms:
    """These terms: a product at the rate of a grade, so there are few, wanted at every decision."""
    return Terms(method, term, free, rate)


@dataclass(frozen=True)
class Quote:
    """A loan without its dates: its instalments, and what it costs a year as fractions."""

    parts: tuple[Part, ...]
    simple: Decimal
    compound: Decimal

    @property
    def interest(self) -> int:
        return sum(interest for _, interest in self.parts)


@lru_cache(maxsize=4096)
def quote(terms: Terms, principal: int) -> Quote:
    """The quote of a loan; limits come in steps and terms are few, so most were asked for before."""
    with localcontext(Context(prec=28)):
        parts = tuple(terms.parts(principal))
        simple, compound = apr(Decimal(principal), [Decimal(sum(part)) for part in parts])
        return Quote(parts, simple, compound)


def monthly_rate(received: Decimal, payments: Sequence[Decimal]) -> Decimal:
    """The internal rate per month at which the payments are worth what was received.

    Newton's method on the discount factor, from 1 downwards, where the sum is convex and falls to the root
    without overshooting; in binary fractions as far as they reach, which `Decimal` then only confirms.
    `ValueError` where less is paid back than received.
    """
    if sum(payments) < received or received <= 0:
        raise ValueError("a loan is repaid in full and pays something out")
    factor = Decimal(_near(float(received), [float(payment) for payment in payments]))
    while True:
        value, slope = _worth(payments, factor)
        step = (value - received) / slope
        factor -= step
        if abs(step) < _CLOSE:
            return 1 / factor - 1


def _near(received: float, payments: Sequence[float]) -> float:
    """The discount factor to about fifteen places."""
    factor, steps = 1.0, 0
    while steps < _STEPS:
        value, slope = _worth(payments, factor)
        step = (value - received) / slope
        factor, steps = factor - step, steps + 1
        if abs(step) < _NEARLY:
            break
    return factor


def _worth(payments: Sequence[_Number], factor: _Number) -> tuple[_Number, _Number]:
    """The present value of monthly payments and its slope in the discount factor, by Horner's scheme."""
    value = slope = 0 * factor
    for payment in reversed(payments):
        slope = slope * factor + value
        value = value * factor + payment
    return value * factor, slope * factor + value


def apr(received: Decimal, payments: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """What a loan costs a year, simple and compounded, as fractions.

    10,000 advertised at "0.6 % a month" of the original amount cost not 7.2 % but 13 %:

    >>> [round(rate, 4) for rate in apr(Decimal(10_000), [Decimal("893.33")] * 12)]
    [Decimal('0.1303'), Decimal('0.1384')]
    """
    monthly = monthly_rate(received, payments)
    return MONTHS * monthly, (1 + monthly) ** MONTHS - 1
