"""From a limit to terms a merchant can accept: dated instalments, total cost, annual rates, expiry."""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from scoring.decision import Instalment, Offer
from scoring.limits import Limit
from scoring.months import same_day_after
from scoring.schedules import quote

RATE_PLACES = 5


def offer(limit: Limit, day: date) -> Offer:
    """The offer of a limit made on a day; the first instalment is due a month later.

    Nothing is deducted in advance (Civil Code 670), so the annual rates stand on the full principal.
    """
    product, terms = limit.product, limit.terms
    quoted = quote(terms, limit.principal)
    return Offer(
        product=product.code,
        principal=limit.principal,
        term=terms.term,
        interest_free=terms.free,
        rate=_shown(terms.rate),
        apr=_shown(quoted.simple),
        apr_compound=_shown(quoted.compound),
        total_interest=quoted.interest,
        fee=product.fee,
        expires=day + timedelta(days=product.offer_valid_days),
        instalments=tuple(
            Instalment(n, due, principal, interest)
            for n, due, (principal, interest) in zip(
                range(1, terms.term + 1), _due(day, terms.term), quoted.parts, strict=True
            )
        ),
    )


@lru_cache(maxsize=128)
def _due(day: date, term: int) -> tuple[date, ...]:
    """When each instalment of an offer made on a day is due: the same for everybody that day."""
    return tuple(same_day_after(day, n) for n in range(1, term + 1))


def _shown(rate: Decimal) -> float:
    return float(round(rate, RATE_PLACES))
