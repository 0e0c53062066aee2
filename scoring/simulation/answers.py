"""What each merchant answers: the truth with honest error, dressed up or hidden by some, and rounded."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from stdnum.cn import uscc

from scoring.months import Month
from scoring.simulation.assumptions import Assumptions
from scoring.simulation.columns import Columns, Row, Vector, rounded
from scoring.simulation.shops import TRADES, known_trades

CITIES = (
    ("北京", "上海", "广州", "深圳"),
    ("成都", "杭州", "武汉", "昆明", "重庆", "南京", "西安", "长沙", "青岛", "厦门"),
    ("大理", "丽江", "绵阳", "洛阳", "汕头", "赣州", "柳州", "宜昌", "台州", "保定"),
)
#: Amounts in yuan, by the name of the question; the second group is asked only of those who give details.
CORE = ("sales_last_month", "average_ticket", "rent", "payroll", "debt_balance", "debt_payment", "amount")
DETAILS = (
    *("good_day", "normal_day", "bad_day", "purchases", "best_seller_price", "best_seller_cost"),
    *("other_costs", "household_spend", "other_income", "pre_shock_sales"),
    *("invested", "invested_borrowed", "taken_out", "stock_value", "cash", "receivables"),
    *("fit_out_value", "prepaid_balance"),
)
_WHOLE = ("capacity", "good_days_per_week", "bad_days_per_week")
_NEVER_UNKNOWN = {"good_day", "normal_day", "bad_day"}
WHITE = ("stock_purchase", "payroll", "rent", "renovation", "equipment", "marketing")
BLACK = ("stock", "gambling", "relend", "house_purchase")
_MARGIN_EDGES = (0.0, 0.05, 0.1, 0.2, 0.3)
_MARGINS = ("lt0", "0_5", "5_10", "10_20", "20_30", "gt30")
_FEN = 100
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def said(amounts: Vector, dice: np.random.Generator, two_digits: float) -> Vector:
    """Amounts in whole yuan as people say them: two leading digits mostly, else three or one and a half.

    >>> said(np.array([136285.0]), np.random.default_rng(0), 1.0).tolist()
    [140000.0]
    """
    chance = dice.random(len(amounts))
    size = 10.0 ** np.floor(np.log10(np.maximum(amounts, 1)))
    step = np.where(
        chance < two_digits, size / 10, np.where(chance < (1 + two_digits) / 2, size / 100, size / 2)
    )
    step = np.maximum(step, 1)
    return np.asarray(np.round(amounts / step) * step)


def draw(dice: np.random.Generator, known: Columns, assumed: Assumptions) -> Columns:
    """Every answer as a number, amounts in yuan; which of them are given is decided here too."""
    habits = assumed.values("answers")
    error = _Error(dice, known["honesty"], assumed.values("noise"))
    answers = _sales(dice, known, error, assumed.values("trades")) | _margins(dice, known, error)
    answers |= _costs(known, error) | _balances(dice, known, error) | _request(dice, known, habits)
    for name in (*CORE, *DETAILS):
        answers[name] = said(answers[name], dice, habits["two_digits"])
    answers["best_seller_cost"] = np.minimum(answers["best_seller_cost"], answers["best_seller_price"] - 1)
    answers |= _given(dice, known, habits)
    return rounded(answers)


class _Error:
    """Multiplies a truth by an honest error, the larger the less honest the merchant."""

    def __init__(self, dice: np.random.Generator, honesty: Vector, noise: Mapping[str, float]) -> None:
        self._dice, self.noise = dice, noise
        self._care = np.exp(noise["by_honesty"] * np.clip(honesty, -2.5, 2.5))

    def __call__(self, truth: Vector, kind: str) -> Vector:
        return np.asarray(truth * np.exp(self.noise[kind] * self.drawn()))

    def drawn(self) -> Vector:
        return np.asarray(self._care * self._dice.standard_normal(len(self._care)))


def _sales(dice: np.random.Generator, known: Columns, error: _Error, trades: Mapping[str, float]) -> Columns:
    many, sales = len(known["sales"]), known["sales"]
    trade = known["trade"].astype(int)
    open_days = np.floor(dice.uniform(24, 31, many))
    usual = np.array([trades[f"{name}_ticket"] for name in TRADES])[trade]
    ticket = usual * (sales / 70_000) ** 0.3 * np.exp(0.25 * dice.standard_normal(many))
    orders = np.maximum(1, np.round(sales / ticket / open_days))
    ticket = sales / orders / open_days
    a_day = sales / open_days
    good, bad = np.floor(dice.uniform(1, 4, many)), np.floor(dice.uniform(1, 3, many))
    up, down = dice.uniform(1.15, 1.6, many), dice.uniform(0.5, 0.85, many)
    level = error(a_day / ((good * up + bad * down + 7 - good - bad) / 7), "days") * known["days_inflation"]
    room = [known_trades()[name].capacity for name in TRADES]
    most = np.array([one.most_orders_a_day if one else 1 for one in room])[trade]
    return {
        "days_open": open_days,
        "sales_last_month": error(sales, "month") * known["inflation"],
        "orders_per_day": np.maximum(1, np.round(error(orders, "orders"))),
        "average_ticket": error(ticket, "ticket"),
        "good_day": level * up,
        "normal_day": level,
        "bad_day": level * down,
        "good_days_per_week": good,
        "bad_days_per_week": bad,
        "capacity": np.maximum(1, np.ceil(orders / most / dice.uniform(0.35, 0.9, many))),
        "pre_shock_sales": error(known["sales_before"], "month"),
        "low_season": np.round(dice.uniform(0.45, 0.9, many), 1),
        "peak_month": np.floor(dice.uniform(1, 13, many)),
    }


def _margins(dice: np.random.Generator, known: Columns, error: _Error) -> Columns:
    many, margin = len(known["sales"]), known["gross_margin"]
    stated = np.clip(margin + error.noise["margin"] * error.drawn(), 0.05, 0.96)
    price = np.maximum(20, 40 * np.exp(0.5 * dice.standard_normal(many)))
    return {
        "best_seller_price": price,
        "best_seller_cost": np.maximum(1, price * (1 - stated)),
        "purchases": error((1 - margin) * known["sales"], "purchases"),
        "net_margin": known["profit"] / known["sales"] * np.exp(0.1 * error.drawn()) + 0.02 * error.drawn(),
    }


def _costs(known: Columns, error: _Error) -> Columns:
    return {
        "rent": error(known["rent"], "costs"),
        "payroll": error(known["payroll"], "costs"),
        "other_costs": error(known["other_costs"], "costs"),
        "household_spend": error(known["household"], "home"),
        "other_income": error(known["other_income"], "home"),
    }


def _balances(dice: np.random.Generator, known: Columns, error: _Error) -> Columns:
    """Possessions; money from a debt that is not named still lies in the shop."""
    hidden = known["hidden_months"] * known["sales_before"]
    borrowed = dice.random(len(hidden)) < 0.15
    names = {"cash": "cash", "receivables": "receivables", "stock_value": "stock", "fit_out_value": "fit_out"}
    found = {answer: error(known[truth], "balance") for answer, truth in names.items()}
    found["cash"] = found["cash"] + 0.3 * hidden
    found["fit_out_value"] = found["fit_out_value"] + 0.7 * hidden
    found["invested"] = error(known["invested"], "balance")
    found["invested_borrowed"] = np.where(
        borrowed, found["invested"] * dice.uniform(0.2, 0.5, len(hidden)), 0
    )
    found["invested"] = found["invested"] + found["invested_borrowed"]
    return found | {
        "taken_out": error(known["taken_out"], "balance"),
        "prepaid_balance": error(known["cards"], "balance"),
        "debt_balance": error(known["debt"], "home"),
        "debt_payment": error(known["debt_payment"], "home"),
    }


def _request(dice: np.random.Generator, known: Columns, habits: Mapping[str, float]) -> Columns:
    many, sales = len(known["sales"]), known["sales"]
    purpose = np.floor(dice.uniform(0, len(WHITE), many))
    goods, other = (1 - known["gross_margin"]) * sales, 0.5 * sales
    costs = np.stack([goods, known["payroll"], known["rent"], other, other, other])
    monthly = np.maximum(costs[purpose.astype(int), np.arange(many)], 0.1 * sales)
    wanted = habits["asked"] * monthly * np.exp(0.5 * dice.standard_normal(many))
    return {
        "amount": np.clip(np.round(wanted / 5000) * 5000, 5000, 200_000),
        "term": np.where(dice.random(many) < habits["term_12"], 12.0, 6.0),
        "purpose": purpose,
        "second_purpose": np.floor(dice.uniform(-len(WHITE), len(WHITE), many)),
        "black_purpose": (dice.random(many) < habits["black_purpose"]).astype(float),
        "lease_months": np.floor(dice.uniform(2, 48, many)),
    }


def _given(dice: np.random.Generator, known: Columns, habits: Mapping[str, float]) -> Columns:
    """Who answers what; an unknown detail is one not given."""
    many = len(known["sales"])
    details = dice.random(many) < habits["details"]
    found = {
        "details": details,
        "manager": dice.random(many) < habits["manager"],
        "partner": dice.random(many) < 0.08,
        "licence_number": dice.random(many) < habits["licence_number"],
        "shock_told": dice.random(many) < habits["shock_told"],
    }
    for name in (*DETAILS, *_WHOLE, "net_margin", "lease_end", "seasons"):
        found[f"knows_{name}"] = details & (dice.random(many) >= habits["unknown"])
    numbers = {"city": np.floor(dice.uniform(0, 1000, many)), "code": np.floor(dice.uniform(0, 10**9, many))}
    return {name: flag.astype(float) for name, flag in found.items()} | numbers


def application(row: Row, day: date, brand: str | None, personal: str | None) -> dict[str, Any]:
    """One merchant's answers by question, as an application is read; amounts in fen."""
    found = _who(row, day, brand, personal)
    found |= {name: _fen(row[name]) for name in CORE}
    found |= {
        "orders_per_day": int(row["orders_per_day"]),
        "days_open": int(row["days_open"]),
        "staff_count": row["staff"],
        "term": int(row["term"]),
        "purpose": _purposes(row),
        "check": "submit",
    }
    return found | _details(row, day)


def _fen(yuan: float) -> int:
    return round(yuan) * _FEN


def _who(row: Row, day: date, brand: str | None, personal: str | None) -> dict[str, Any]:
    places = CITIES[int(row["tier"]) - 1]
    role = "manager" if row["manager"] else "partner" if row["partner"] else "owner"
    licence = ("none", "individual_business", "company")[int(row["licence"])]
    found = {
        "consent": "agree",
        "role": role,
        "trade": TRADES[int(row["trade"])],
        "city": places[int(row["city"]) % len(places)],
        "opened": str(Month.of(day).plus(-int(row["months_open"]))),
        "licence": licence,
    }
    if row["licence_number"] and row["licence"]:
        found["licence_number"] = _code(int(row["code"]), company=row["licence"] == 2)
    accounts = {"brand_account": brand, "personal_account": personal}
    return found | {name: account for name, account in accounts.items() if account}


def _code(number: int, *, company: bool) -> str:
    """An invented unified social credit code with a true check character."""
    body = "".join(_USCC[number // 31**place % 31] for place in range(6))
    front = ("91" if company else "92") + "530100MA6" + body
    return front + str(uscc.calc_check_digit(front))


def _purposes(row: Row) -> list[str]:
    if row["black_purpose"]:
        return [BLACK[int(row["purpose"]) % len(BLACK)]]
    chosen = [WHITE[int(row["purpose"])]]
    second = int(row["second_purpose"])
    return chosen if second < 0 or WHITE[second] in chosen else [*chosen, WHITE[second]]


def _details(row: Row, day: date) -> dict[str, Any]:
    if not row["details"]:
        return {}
    found: dict[str, Any] = {
        name: _fen(row[name]) for name in DETAILS if row[f"knows_{name}"] or name in _NEVER_UNKNOWN
    }
    found |= {name: int(row[name]) for name in _WHOLE if row[f"knows_{name}"]}
    if not row["shock_told"]:
        found.pop("pre_shock_sales", None)
    if row["knows_net_margin"]:
        found["net_margin"] = _MARGINS[sum(row["net_margin"] >= edge for edge in _MARGIN_EDGES)]
    if row["knows_lease_end"]:
        found["lease_end"] = str(Month.of(day).plus(int(row["lease_months"])))
    return found | (_seasons(row) if row["knows_seasons"] else {})


def _seasons(row: Row) -> dict[str, Any]:
    peak = int(row["peak_month"])
    return {
        "peak_months": [peak],
        "low_months": [(peak + 5) % 12 + 1],
        "low_season_share": row["low_season"],
    }
