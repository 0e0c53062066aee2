"""The true month of each invented shop, in yuan, and what it owns and owes. Answers come later."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from scoring.forms import fill, packaged
from scoring.simulation.assumptions import Assumptions
from scoring.simulation.columns import Columns, Vector, rounded, share
from scoring.trades import Trade, TradesFile

TRADES = ("restaurant", "cafe", "gym", "beauty", "retail", "homestay", "travel")
_WEARS_OFF = 60  #: months; start money in fit-out is worth a fifth of itself then, as check X6 supposes
_STARTED_IN_FIT_OUT = 0.8
_PROFIT_KEPT = 0.7
_BEFORE = 0.6  #: share of its past that a shocked shop lived on its old sales


@cache
def known_trades() -> Mapping[str, Trade]:
    return fill(TradesFile, "trades.json", packaged("trades.json")).trades


def _of_trade(trade: Vector, figure: Mapping[str, float]) -> Vector:
    by_trade = np.array([figure[name] for name in TRADES], dtype=np.float64)
    return np.asarray(by_trade[trade.astype(int)])


def draw(dice: np.random.Generator, traits: Columns, assumed: Assumptions) -> Columns:
    """The shops of these merchants: place, trade, month, debts and possessions."""
    given = assumed.values("population")
    shops = _sales(dice, traits, given, assumed.values("trades"))
    shops |= _costs(dice, traits, shops, given)
    shops |= _home(dice, shops, given)
    shops |= _debts(dice, traits, shops, given)
    shops |= _possessions(dice, traits, shops, given)
    return rounded(shops)


def _sales(
    dice: np.random.Generator, traits: Columns, given: Mapping[str, float], trades: Mapping[str, float]
) -> Columns:
    many = len(traits["quality"])
    weights = np.array([trades[f"{name}_weight"] for name in TRADES])
    trade = np.searchsorted(np.cumsum(weights / weights.sum())[:-1], dice.random(many), "right").astype(float)
    typical = np.log([float(known_trades()[name].sales.middle) for name in TRADES])
    apart = given["sales_by_trade"] * (typical - (weights * typical).sum() / weights.sum())
    quality = given["sales_by_quality"]
    own = np.sqrt(given["sales_sigma"] ** 2 - quality**2 - (weights * apart**2).sum() / weights.sum())
    log = apart[trade.astype(int)] + quality * traits["quality"] + own * dice.standard_normal(many)
    before = given["sales_median"] * np.exp(log)
    kept = _kept(dice, traits, given)
    months = given["months_open_median"] * np.exp(given["months_open_sigma"] * dice.standard_normal(many))
    tier = 1 + np.searchsorted(np.cumsum([given["tier_1"], given["tier_2"]]), dice.random(many), "right")
    return {
        "trade": trade,
        "tier": tier.astype(float),
        "months_open": np.clip(np.floor(months), 1, 300),
        "sales_before": before,
        "kept": kept,
        "sales": before * kept,
        "licence": _licence(dice.random(many), given),
    }


def _kept(dice: np.random.Generator, traits: Columns, given: Mapping[str, float]) -> Vector:
    """Sales now / before: 1 but for growth, less after a shock."""
    many = len(traits["quality"])
    shocked = dice.random(many) < given["shocked"]
    left = dice.beta(given["shock_kept_a"], given["shock_kept_b"], many)
    return np.where(shocked, left, np.exp(0.04 * dice.standard_normal(many)))


def _licence(chance: Vector, given: Mapping[str, float]) -> Vector:
    """0 none, 1 an individual business, 2 a company."""
    none, company = given["no_licence"], given["company"]
    return np.where(chance < none, 0.0, np.where(chance < none + company, 2.0, 1.0))


def _costs(dice: np.random.Generator, traits: Columns, shops: Columns, given: Mapping[str, float]) -> Columns:
    many, trade = len(shops["trade"]), shops["trade"]
    bands = known_trades()
    typical = {
        name: _of_trade(trade, {key: float(getattr(band, name).middle) for key, band in bands.items()})
        for name in ("gross_margin", "rent", "payroll", "net_margin")
    }
    margin = np.clip(
        typical["gross_margin"] * (1 + given["gross_margin_spread"] / 0.58 * dice.standard_normal(many)),
        0.06,
        0.95,
    )
    weight = given["net_by_quality"]
    skill = weight * traits["quality"] + np.sqrt(1 - weight**2) * dice.standard_normal(many)
    net = given["net_low"] + (given["net_high"] - given["net_low"]) * share(1.702 * skill)
    net *= np.sqrt(typical["net_margin"] / 0.085)
    rent = typical["rent"] * np.exp(given["rent_spread"] * dice.standard_normal(many))
    payroll = typical["payroll"] * np.exp(given["payroll_spread"] * dice.standard_normal(many))
    squeeze = np.minimum(1, np.maximum(0.1, margin - net - 0.02) / (rent + payroll))
    rent, payroll = rent * squeeze, payroll * squeeze
    other = np.maximum(0.02, margin - net - rent - payroll)
    return _amounts(shops, given, {"margin": margin, "rent": rent, "payroll": payroll, "other": other})


def _amounts(shops: Columns, given: Mapping[str, float], shares: Columns) -> Columns:
    """Shares of the sales before as amounts now: rent stays, wages and other costs follow in part."""
    before, kept, sales = shops["sales_before"], shops["kept"], shops["sales"]
    rent = shares["rent"] * before
    payroll = shares["payroll"] * before * kept ** given["payroll_sticky"]
    other = shares["other"] * before * kept ** given["other_costs_sticky"]
    net = shares["margin"] - shares["rent"] - shares["payroll"] - shares["other"]
    return {
        "gross_margin": shares["margin"],
        "rent": rent,
        "payroll": payroll,
        "other_costs": other,
        "profit": shares["margin"] * sales - rent - payroll - other,
        "profit_before": net * before,
    }


def _home(dice: np.random.Generator, shops: Columns, given: Mapping[str, float]) -> Columns:
    many = len(shops["tier"])
    dear = np.exp(given["city_cost_step"] * (2 - shops["tier"]))
    spread = given["household_spread"]
    household = given["household"] * dear * np.exp(spread * dice.standard_normal(many))
    earned = given["other_income"] * dear * np.exp(spread * dice.standard_normal(many))
    income = np.where(dice.random(many) < given["earns_elsewhere"], earned, 0.0)
    wage = given["wage"] * dear * np.exp(0.15 * dice.standard_normal(many))
    people = np.round(2 * shops["payroll"] / wage) / 2
    return {
        "household": household,
        "other_income": income,
        "staff": people,
        "payroll": np.where(people > 0, shops["payroll"], 0.0),
        "disposable": shops["profit"] + income - household,
    }


def _debts(dice: np.random.Generator, traits: Columns, shops: Columns, given: Mapping[str, float]) -> Columns:
    many, load = len(shops["sales"]), traits["leverage"]
    owes = dice.random(many) < share(given["indebted"] + given["indebted_by_leverage"] * load)
    log = given["owed_by_leverage"] * load + 0.4 * dice.standard_normal(many)
    balance = np.where(owes, given["owed"] * shops["sales_before"] * np.exp(log), 0.0)
    months = given["repaid_in"] * np.exp(0.25 * dice.standard_normal(many))
    return {"debt": balance, "debt_payment": balance / months}


def _possessions(
    dice: np.random.Generator, traits: Columns, shops: Columns, given: Mapping[str, float]
) -> Columns:
    many, sales = len(shops["sales"]), shops["sales"]
    fixed = shops["rent"] + shops["payroll"] + shops["other_costs"]
    cash = given["runway"] * fixed * np.exp(given["runway_by_buffer"] * traits["buffer"])
    goods = (1 - shops["gross_margin"]) * sales / 30
    sells_cards = _of_trade(shops["trade"], {name: known_trades()[name].prepaid for name in TRADES})
    owned = {
        "cash": cash,
        "stock": given["stock_days"] * goods * np.exp(0.3 * dice.standard_normal(many)),
        "receivables": given["owed_to_shop"] * sales * np.exp(0.6 * dice.standard_normal(many)),
        "cards": sells_cards * given["cards_unspent"] * sales * np.exp(0.4 * dice.standard_normal(many)),
    }
    start = given["fit_out"] * shops["sales_before"] * np.exp(0.35 * dice.standard_normal(many))
    return owned | _balanced(shops | owned, start)


def _balanced(shops: Columns, start: Vector) -> Columns:
    """What was put in and taken out, so that the shop's own history explains what is there (check X6).

    More was put in where the history would not have sufficed.
    """
    months = np.minimum(shops["months_open"], _WEARS_OFF)
    worn = _STARTED_IN_FIT_OUT * months / _WEARS_OFF
    fit_out = start * (1 - worn)
    there = shops["stock"] + shops["cash"] + shops["receivables"] + fit_out - shops["debt"] - shops["cards"]
    earned = _PROFIT_KEPT * (_BEFORE * shops["profit_before"] + (1 - _BEFORE) * shops["profit"]) * months
    lived_on = np.maximum(0, shops["household"] - shops["other_income"]) * months
    over = start * (1 - worn) + earned - lived_on - there
    return {
        "fit_out": fit_out,
        "invested": start + np.maximum(0, -over) / (1 - worn),
        "taken_out": np.maximum(0, over),
    }
