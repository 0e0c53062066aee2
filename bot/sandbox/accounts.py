"""The invented accounts: what `merchants.toml` declares of each. Read once, when first asked for."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Endorsement:
    """One recommendation by a large account, so many days ago."""

    days: int
    uid: int
    name: str
    followers: int
    reason: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account; counts of feedback are exact, the rest is what a post or a day typically shows."""

    key: str
    uid: int
    screen_name: str
    trade: str
    shows: str
    kind: str = "brand"  #: "brand" | "personal"
    owner: str | None = None  #: key of the owner's personal account
    shop: str | None = None  #: key of the owner's shop
    location: str = ""
    description: str = ""
    gender: str = "n"
    verified_type: int = -1
    verified_reason: str = ""
    followers: int = 0
    friends: int = 0
    mutual: int = 0
    statuses: int = 0
    age_days: int = 0
    posts: int = 0
    spans: tuple[tuple[int, int], ...] = ((1, 178),)  #: days before now, both ends included
    pictures: float = 0.7
    likes: int = 0
    reposts: int = 0
    positive: int = 0  #: comments and mentions
    neutral: int = 0
    negative: int = 0
    not_feedback: int = 0
    mentions: int = 0  #: how many of the positive ones are mentions, the endorsement included
    answered: float = 0.0  #: share of feedback the owner answers
    crowd: float = 0.7  #: people who may write, for each feedback: the more, the fewer come back
    strangers: float = 0.02  #: share of authors with an account younger than a month
    copied: float = 0.0  #: share of positive comments that repeat a handful of texts
    negative_within: int | None = None  #: bad reviews all stand under posts of these last days
    endorsement: Endorsement | None = None
    fault: str | None = None  #: an error code, or "slow"


@cache
def accounts() -> dict[str, Account]:
    """Every account by key, in the order of the file."""
    rows = read("merchants.toml")["account"]
    return {row["key"]: _account(row) for row in rows}


@cache
def read(name: str) -> dict[str, Any]:
    """A packaged data file."""
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def find(*, uid: str | None = None, screen_name: str | None = None) -> Account | None:
    """The account with that id or that name."""
    for account in accounts().values():
        if uid == str(account.uid) or screen_name == account.screen_name:
            return account
    return None


def _account(row: dict[str, Any]) -> Account:
    endorsement = Endorsement(**row["endorsement"]) if "endorsement" in row else None
    spans = tuple((first, last) for first, last in row.get("spans", Account.spans))
    return Account(**(row | {"endorsement": endorsement, "spans": spans}))
