"""Applications and accounts to test with: the golden case, and small ones changed by keyword."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Context, localcontext
from functools import cache
from pathlib import Path
from typing import Any

from scoring import application as answered
from scoring import policy, scorecard
from scoring.calendar import CHINA
from scoring.cases import Case, Verdict
from scoring.decide import Inputs, build_case, decide
from scoring.decision import Decision
from scoring.judge import judge
from scoring.policy import Policy
from scoring.scorecard import Scorecard

EXAMPLE = Path(__file__).parents[2] / "scoring" / "examples" / "xiaoxia.json"
EXPERT = Path(__file__).with_name("expert_table.json")
DAY = date(2020, 4, 15)
OWNER, ENDORSER = 7, 1
CORE = frozenset(
    {
        *("consent", "role", "trade", "city", "opened", "licence", "brand_account", "personal_account"),
        *(
            "sales_last_month",
            "orders_per_day",
            "average_ticket",
            "days_open",
            "rent",
            "staff_count",
            "payroll",
        ),
        *("debt_balance", "debt_payment", "amount", "term", "purpose"),
    }
)

Json = dict[str, Any]


@cache
def example() -> Json:
    line: Json = json.loads(EXAMPLE.read_text("utf-8"))
    return line


@cache
def lender() -> Policy:
    return policy.load()


@cache
def model() -> Scorecard:
    """A table written by hand, of whose points tests may be sure; what is bundled is fitted anew at times."""
    return scorecard.load(EXPERT)


def answers(**changes: Any) -> Json:
    """The golden case's answers, some of them changed; None leaves one out."""
    changed = {**example()["application"], **changes}
    return {name: value for name, value in changed.items() if value is not None}


def core_answers(**changes: Any) -> Json:
    return {name: value for name, value in answers(**changes).items() if name in CORE or name in changes}


def at(days_ago: float, day: date = DAY) -> str:
    """A time as the Open API writes it, noon in China so many days before the day."""
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=CHINA) - timedelta(days=days_ago)
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    clock = moment.strftime("%H:%M:%S")
    return f"Wed {months[moment.month - 1]} {moment.day:02d} {clock} +0800 {moment.year}"


def said(text: str, days_ago: float = 10, author: int = 100, **user: Any) -> Json:
    return {"created_at": at(days_ago), "text": text, "user": {"id": author, "followers_count": 50, **user}}


def status(days_ago: float = 10, comments: list[Json] | None = None, **changes: Any) -> Json:
    counts = {"attitudes_count": 200, "comments_count": len(comments or ()), "reposts_count": 10}
    return {
        "id": int(days_ago * 100),
        "created_at": at(days_ago),
        "text": "今日供应",
        "comments": comments or [],
        **counts,
        **changes,
    }


def account(positive: int = 380, other: int = 29, **user: Any) -> Json:
    """A shop's account: weekly posts, so many remarks, one recommendation by a large account."""
    remarks = [said("很好吃", n % 170, 200 + n) for n in range(positive)]
    remarks += [said("太难吃了", n % 170, 900 + n) for n in range(other)]
    praise = said("推荐这家", 120, ENDORSER, followers_count=1_500_000, verified=True, verified_type=0)
    owner = {"id": OWNER, "followers_count": 46_000, "verified_type": 2, "created_at": at(1150)}
    posts = [status(days) for days in range(3, 90, 4)]
    return {
        "user": {**owner, **user},
        "statuses": [{**posts[0], "comments": remarks}, *posts[1:]],
        "mentions": [praise],
        "fetched_at": "2020-04-15T12:00:00+00:00",
    }


def inputs(**changes: Any) -> Inputs:
    """What the golden case is decided from."""
    return Inputs(answers(**changes), example()["brand"], example()["personal"], DAY)


def decided(
    application: Mapping[str, Any] | None = None,
    *,
    brand: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    accounts: bool = True,
    day: date = DAY,
    rules: Policy | None = None,
    table: Scorecard | None = None,
) -> Decision:
    """The decision on some answers, with the golden accounts unless told otherwise."""
    inputs = Inputs(
        application=answers() if application is None else application,
        brand=brand or (example()["brand"] if accounts else None),
        personal=personal or (example()["personal"] if accounts else None),
        as_of=day,
    )
    return decide(inputs, model=table or model(), policy=rules or lender())


@cache
def measured() -> Case:
    """The golden case with its accounts measured once, for tests that change answers many times."""
    return build_case(Inputs(answers(), example()["brand"], example()["personal"], DAY), lender())


def case(application: Mapping[str, Any], **changes: Any) -> Case:
    """These answers with the golden accounts."""
    return replace(measured(), application=answered.read(application), **changes)


def judged(application: Mapping[str, Any], **changes: Any) -> Verdict:
    with localcontext(Context(prec=28)):
        return judge(case(application, **changes), model(), lender())
