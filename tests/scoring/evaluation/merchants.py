"""Merchants to evaluate on: the golden case changed a little each time, with small accounts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

from scoring.decide import Inputs
from scoring.evaluation import run
from scoring.evaluation.evaluation import Evaluation
from scoring.evaluation.gaming import Lender
from scoring.evaluation.population import Merchant, Step
from tests.scoring import builders

TRADES, CITIES = ("restaurant", "cafe", "retail"), ("昆明", "北京", "Dali", "大理")
NAMES = ("小夏雲味小館", "Xia's Kitchen", "阿明 Coffee")


def lender() -> Lender:
    return Lender(builders.model(), builders.lender())


def merchant(place: int, *, name: str | None = None, accounts: bool = True) -> Merchant:
    """One of a hundred that differ in trade, place, size, debts and praise; some default."""
    sales = 9_000_000 + place * 7 % 10 * 600_000
    application = builders.answers(
        trade=TRADES[place % 3],
        city=CITIES[place % 4],
        opened=f"20{14 + place % 5}-0{1 + place % 9}",
        sales_last_month=sales,
        debt_balance=place % 4 * 8_000_000,
        debt_payment=place % 4 * 400_000,
        pre_shock_sales=sales + place % 6 * 1_500_000,
    )
    shown = NAMES[place % 3] if name is None else name
    brand = builders.account(
        positive=4 + place % 7, other=place % 3, screen_name=shown, followers_count=900 + place * 37
    )
    owner = builders.account(positive=1, other=0, id=8, verified_type=-1)
    inputs = Inputs(application, brand if accounts else None, owner if accounts else None, builders.DAY)
    return Merchant(inputs, defaulted=place % 4 == 3 or place % 11 == 0)


def merchants(number: int) -> list[Merchant]:
    return [merchant(place) for place in range(number)]


@contextmanager
def unwatched(name: str, steps: int) -> Iterator[Step]:
    """Progress that nobody looks at."""
    yield lambda: None


def plan(**changes: Any) -> run.Plan:
    return replace(run.Plan(command="bangbang evaluate --quick"), **changes)


@cache
def evaluation() -> Evaluation:
    """A quick run over sixty merchants, two of them attacked."""
    return run.evaluate(plan(attacked=0.01), merchants(60), lender(), unwatched)
