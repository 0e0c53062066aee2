"""Whom the account is tied to (f38 to f41). Ties to bad borrowers are left out: nobody answers for others."""

import math

import numpy as np

from scoring.snapshot import Account
from scoring.social.view import YEAR_DAYS, View

ENDORSER_FOLLOWERS = 1_000_000


def reciprocity(view: View) -> float | None:
    """f38: of those it follows, how many follow back."""
    mutual, friends = view.account.mutual, view.account.friends
    return min(1.0, mutual / friends) if mutual is not None and friends else None


def local_ties(view: View) -> float | None:
    """f39: verified organisations of the same city that wrote to the account, or about it, in ninety days."""
    city = view.account.city.strip()
    if not city:
        return None
    authors = np.unique(view.remarks.author[view.recent]).tolist()
    cities = view.account.authors.city
    return math.log(1 + sum(cities[author].strip() == city for author in authors))


def owner_ties(view: View) -> float | None:
    """f40: 1 where one of the merchant's two accounts wrote to the other, or called it by name."""
    other = view.other
    if other is None:
        return None
    return float(_heard_of(view, other.account) or _heard_of(other, view.account))


def _heard_of(view: View, account: Account) -> bool:
    """Whether that account wrote to this one, or was named by it, in ninety days."""
    uid, name = account.uid, account.name
    uids = view.account.authors.uid
    if uid and any(uids[author] == uid for author in view.remarks.author[view.recent].tolist()):
        return True
    return bool(name) and any(f"@{name}" in text for text in view.posts.texts)


def endorsement(view: View) -> float | None:
    """f41: freshness of the latest recommendation by a verified account of a million followers or more."""
    if not view.account.mentions_read:
        return None
    said, known = view.remarks, view.authors
    weighty = known.verified[said.author] & (known.followers[said.author] >= ENDORSER_FOLLOWERS)
    days = said.days[said.mention & weighty & ~view.tones.negative]
    return 1 - int(days.min()) / YEAR_DAYS if len(days) else 0.0
