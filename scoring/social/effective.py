"""How many followers count, and why not all: codes with figures; the sentences are elsewhere."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.social import scale
from scoring.social.authenticity import fake_share, suspects
from scoring.social.interaction import usual_interaction
from scoring.social.view import View

LARGE = 5_000  #: followers from which silence under the posts says something
SILENT = 0.1  #: of what an account of that size usually draws
POSTS_LEAST = 5
LIKES_PER_WORD = 500  #: likes beyond so many for each comment or repost are taken for bought
SEEN_LEAST = 10  #: authors in view below which nothing is said of the followers by them
SUSPECTS_LEAST = 0.2  #: share of those authors from which bought followers are spoken of


@dataclass(frozen=True)
class Because:
    """One ground for counting fewer, with the figures that its sentence names."""

    code: str  #: "suspects", "silence" or "leap"
    figures: Mapping[str, int]


@dataclass(frozen=True)
class Effective:
    followers: int
    counted: int
    because: tuple[Because, ...]

    def json(self) -> dict[str, Any]:
        grounds = [{"code": each.code, **each.figures} for each in self.because]
        return {"followers": self.followers, "counted": self.counted, "because": grounds}


def effective_followers(view: View) -> Effective | None:
    """Followers less the share that looks bought, and no more than the posts' interaction can come from.

    Both are estimates on what is in view; None where the number of followers is not shown.
    """
    followers = view.account.followers
    if followers is None:
        return None
    counted, because = followers, []
    suspected, seen = suspects(view)
    if seen >= SEEN_LEAST and suspected >= SUSPECTS_LEAST * seen:
        counted = int(followers * (1 - (fake_share(view) or 0.0)))
        because.append(Because("suspects", {"suspects": suspected, "seen": seen}))
    drawn = _credible_interactions(view)
    if drawn is not None and followers >= LARGE and _audience(drawn) < counted:
        counted = _audience(drawn)
        usual = round(usual_interaction(followers) * followers)
        because.append(Because("silence", {"drawn": drawn, "usual": usual}))
    if scale.sudden_growth(view):
        because.append(Because("leap", {"gained": max(scale.daily_gains(view).values())}))
    return Effective(followers, counted, tuple(because))


def _credible_interactions(view: View) -> int | None:
    """What the middle post draws, without likes that no talk goes with; None for too few posts."""
    posts = view.posts
    if int(posts.counted.sum()) < POSTS_LEAST:
        return None
    words = posts.comments + posts.reposts
    credible = words + np.minimum(posts.likes, LIKES_PER_WORD * (1 + words))
    return int(np.median(credible[posts.counted]))


def _audience(drawn: int) -> int:
    """The largest account that may draw so little: a tenth of what is usual for its size.

    Usual are 0.03 * (f / 100)^-0.322 * f interactions, and never fewer than f / 1000.

    >>> _audience(3), _audience(0)
    (2984, 0)
    """
    by_curve = 100 * math.pow(drawn / (SILENT * 3), 1 / (1 - 0.322))
    return int(min(by_curve, drawn / (SILENT * 0.001)))
