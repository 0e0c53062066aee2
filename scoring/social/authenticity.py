"""Whether those who follow are people: signs of a made-up account over the authors that can be seen (f4).

The list of followers itself is not open to an application, so those who comment and mention stand for it: two
hundred of them at most for their share, all of them for their number. Nothing is read that says who a person
is: a name counts by how random it looks. The signs are those of the literature on bought followers; their
weights are assumed, and shared by no other part.
"""

import math
import re
from collections import Counter

import numpy as np

from scoring.open_api import DAY_SECONDS
from scoring.social import suspicion
from scoring.social.usual import Usual
from scoring.social.view import UNKNOWN, Authors, Floats, View, once

SAMPLE = 200  #: authors a share is taken of, evenly spread over all
USUAL = Usual(0.1, 10)  #: a few authors say little: ten more are supposed, a tenth of them fake
SUSPECT = 0.5  #: probability from which an account is said to look bought

_BASE = -3.0  #: log-odds of an account about which nothing is remarkable: one in twenty
_DIGITS = re.compile(r"\d+")
_DEFAULT_NAME = re.compile(r"(?:用户|手机用户|user|weibo_?)\d{6,}", re.IGNORECASE)


def fake_share(view: View) -> float | None:
    """f4: mean probability of being made up over the authors in view, drawn towards the usual one."""
    doubts = probabilities(view)
    return USUAL.seen(math.fsum(doubts), len(doubts))


def suspects(view: View) -> tuple[int, int]:
    """How many of the authors in view look bought, and how many are in view."""
    doubts = probabilities(view)
    return sum(doubt >= SUSPECT for doubt in doubts), len(doubts)


def doubtful_authors(view: View) -> float | None:
    """f4 as a number: how many more look made up than usual, whoever else was made to write beside them."""
    doubts, remarks = _doubts(view), view.remarks
    writing = [author for author in np.unique(remarks.author).tolist() if author in doubts]
    if not writing:
        return None
    before = set(remarks.author[view.settled].tolist())
    return suspicion.excess(
        [doubts[author] for author in writing], [author in before for author in writing], USUAL.share
    )


@once
def probabilities(view: View) -> list[float]:
    """Of each sampled author: how probably it is made up."""
    doubts = list(_doubts(view).values())
    count = min(SAMPLE, len(doubts))
    return [doubts[number * len(doubts) // count] for number in range(count)]


@once
def _doubts(view: View) -> dict[int, float]:
    """Of each author who is known by an id: how probably it is made up."""
    known = [place for place, uid in enumerate(view.account.authors.uid) if uid]
    odds = _log_odds(view.authors, view.end)[known] + _names(view, known)
    return {place: 1 / (1 + math.exp(-each)) for place, each in zip(known, odds.tolist(), strict=True)}


def _log_odds(authors: Authors, now: int) -> Floats:
    """The evidence of counts and dates; what is not shown is no evidence."""
    followers, friends, statuses = authors.followers, authors.friends, authors.statuses
    both = (followers != UNKNOWN) & (friends != UNKNOWN)
    days = np.where(authors.opened == UNKNOWN, UNKNOWN, (now - authors.opened) // DAY_SECONDS)
    wrote, opened = statuses != UNKNOWN, days >= 0
    signs = (
        (1.5, both & (friends >= 200) & (friends >= 10 * (followers + 1))),
        (0.5, both & (friends >= 3 * (followers + 1))),
        (0.5, (followers != UNKNOWN) & (followers < 10)),
        (1.5, wrote & (statuses < 5)),
        (0.7, wrote & (statuses >= 5) & (statuses < 20)),
        (1.5, opened & (days < 30)),
        (0.5, opened & (days >= 30) & (days < 180)),
        (-0.7, opened & (days >= 3 * 365)),
        (-4.5, authors.verified),
    )
    odds = np.full(len(followers), _BASE)
    for weight, shows in signs:
        odds += weight * shows
    return odds


def _names(view: View, places: list[int]) -> Floats:
    """The evidence of names and of how far the profile is filled in."""
    names, filled = view.account.authors.name, view.account.authors.filled
    profile = (0.0 if share is None else 0.7 - share for share in (filled[place] for place in places))
    return np.array([randomness(names[place]) + part for place, part in zip(places, profile, strict=True)])


def randomness(name: str) -> float:
    """Log-odds of a name that nobody chose: a default one, or many different letters with digits among them.

    >>> [randomness(name) for name in ("用户6182930475", "xk3f9q2zt8", "早起的土豆", "coffee2012", "")]
    [1.5, 1.0, 0.0, 0.0, 0.0]
    """
    if _DEFAULT_NAME.fullmatch(name):
        return 1.5
    if not name.isascii() or len(_DIGITS.findall(name)) < 2 or sum(map(str.isdigit, name)) < 3:
        return 0.0
    return 1.0 if entropy(name) >= 2.75 else 0.0


def entropy(name: str) -> float:
    """Shannon's entropy of the characters, in bits.

    >>> entropy("aabb"), entropy("aaaa")
    (1.0, 0.0)
    """
    counts = Counter(name).values()
    return math.fsum(-n / len(name) * math.log2(n / len(name)) for n in counts) + 0.0
