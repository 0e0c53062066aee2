"""Small shops to measure: a few posts, remarks and mentions, said in one line."""

from typing import Any

from scoring import snapshot
from scoring.snapshot import Account
from scoring.social import accounts
from scoring.social.view import View
from tests.scoring import builders
from tests.scoring.builders import Json


def shop(posts: list[Json] | None = None, mentions: list[Json] | None = None, **more: Any) -> Json:
    """An account of 1,000 followers; `user` changes it, the rest stands beside the posts."""
    owner = {"id": builders.OWNER, "followers_count": 1000, "created_at": builders.at(400)}
    user = owner | more.pop("user", {})
    statuses = [{**post, "id": number} for number, post in enumerate(posts or [], 1)]
    return {"user": user, "statuses": statuses, "mentions": mentions or [], **more}


def figure(name: str, raw: Json, personal: Json | None = None) -> float | None:
    """One figure of the shop's account."""
    brand, owner = snapshot.read(raw), snapshot.read(personal)
    return accounts.measure(brand, owner, builders.DAY, builders.lender().reader)[f"brand_{name}"]


def view(raw: Json) -> View:
    account = snapshot.read(raw)
    assert isinstance(account, Account)
    return View(account, builders.DAY, builders.lender().reader)
