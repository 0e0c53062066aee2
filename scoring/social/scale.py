"""How many follow the account, and how that number moved (f1, f2, f3, f5)."""

import math

import numpy as np

from scoring.open_api import DAY_SECONDS
from scoring.social.authenticity import fake_share
from scoring.social.view import BEHAVIOUR_DAYS, View

GROWTH_BOUNDS = (-0.5, 2.0)
GROWTH_SLACK_DAYS = 15  #: by which an earlier count may miss the ninetieth day
DAILY_LEAST = 14  #: daily gains below which no gain is unusual
SUDDEN = 20  #: times the median daily gain


def followers(view: View) -> float | None:
    """f1: every tenfold counts one, so that more saturates."""
    known = view.account.followers
    return None if known is None else math.log10(1 + known)


def authentic_followers(view: View) -> float | None:
    """f3, on the scale of f1."""
    known, fake = view.account.followers, fake_share(view)
    return None if known is None or fake is None else math.log10(1 + known * (1 - fake))


def growth(view: View) -> float | None:
    """f2: against the earlier count nearest to ninety days ago."""
    now, then = view.account.followers, view.end - BEHAVIOUR_DAYS * DAY_SECONDS
    near = [each for each in view.account.history if abs(each.at - then) <= GROWTH_SLACK_DAYS * DAY_SECONDS]
    if now is None or not near:
        return None
    before = min(near, key=lambda each: (abs(each.at - then), each.at)).followers
    low, high = GROWTH_BOUNDS
    return min(high, max(low, (now - before) / before)) if before else None


def sudden_growth(view: View) -> float | None:
    """f5: 1 where followers came in a leap that no well received post of that day or the last explains."""
    gains = daily_gains(view)
    if len(gains) < DAILY_LEAST:
        return None
    usual = max(1.0, float(np.median(list(gains.values()))))
    leaps = [days for days, gain in gains.items() if gain / usual > SUDDEN]
    praised = _days_of_best_posts(view)
    return float(any(not praised & {days, days + 1} for days in leaps))


def daily_gains(view: View) -> dict[int, int]:
    """Followers gained, by how many days ago, where the counts of a day and of the day before are known."""
    counts: dict[int, int] = {}
    for earlier in view.account.history:
        ago = (view.end - 1 - earlier.at) // DAY_SECONDS
        if 0 <= ago <= BEHAVIOUR_DAYS + 1:
            counts[ago] = earlier.followers
    return {days: counts[days] - counts[days + 1] for days in sorted(counts) if days + 1 in counts}


def _days_of_best_posts(view: View) -> set[int]:
    """Days ago on which a post of the top tenth was written."""
    drawn = view.posts.interactions
    if not len(drawn):
        return set()
    best = np.sort(drawn)[-max(1, len(drawn) // 10)]
    return set(view.posts.days[drawn >= best].tolist())
