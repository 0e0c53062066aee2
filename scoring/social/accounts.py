"""A merchant's accounts on a day: both measured by the table, each seen and read once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from scoring.features import Measured
from scoring.reading.tone import Reader
from scoring.snapshot import Account, Unavailable
from scoring.social.naming import under_alias
from scoring.social.table import TABLE, Side
from scoring.social.view import View

DECIMALS = 9  #: kept of a figure, so that machines that differ in the last bit agree


@dataclass(frozen=True)
class Accounts:
    """The shop's and the owner's account; None where there is none, or its source failed."""

    brand: View | None
    personal: View | None

    @cached_property
    def measured(self) -> Measured:
        """All figures of both accounts, `brand_...` and `personal_...`; None where there is no evidence."""
        return dict([*_figures("brand", self.brand), *_figures("personal", self.personal)])


def see(
    brand: Account | Unavailable | None, personal: Account | Unavailable | None, day: date, reader: Reader
) -> Accounts:
    """Both accounts as they stood on a day; texts are read when a figure first needs them, in one call.

    In them the shop is called what every shop is called: see `naming`.
    """
    if isinstance(brand, Account):
        name = brand.name
        brand = under_alias(brand, name)
        personal = under_alias(personal, name) if isinstance(personal, Account) else personal
    owner = View(personal, day, reader) if isinstance(personal, Account) else None
    shop = View(brand, day, reader, other=owner) if isinstance(brand, Account) else None
    return Accounts(shop, owner)


def measure(
    brand: Account | Unavailable | None, personal: Account | Unavailable | None, day: date, reader: Reader
) -> Measured:
    """All figures of both accounts; see `Accounts.measured`."""
    return see(brand, personal, day, reader).measured


def _figures(side: Side, view: View | None) -> Iterator[tuple[str, float | None]]:
    for line in TABLE:
        if side in line.accounts:
            shown = view is not None and not (line.whole and view.account.partial)
            found = line.measure(view) if view and shown else None
            yield f"{side}_{line.feature.name}", _figure(found)


def _figure(found: float | None) -> float | None:
    return None if found is None or not math.isfinite(found) else round(found, DECIMALS) + 0.0
