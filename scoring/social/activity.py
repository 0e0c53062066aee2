"""How steadily the account is kept (f13 to f18)."""

import math

import numpy as np

from scoring.calendar import SEASON_DAYS
from scoring.open_api import DAY_SECONDS
from scoring.social.usual import Usual
from scoring.social.view import BEHAVIOUR_DAYS, CHINA_SECONDS, MONTH_DAYS, View

GAPS_LEAST = 2
PACE_LEAST = 28  #: days
NIGHT_HOURS = 5  #: posts from midnight to five
EVEN = Usual(0.6, 40)  #: how evenly posts are usually spread, as good as seen over so many gaps
NIGHT = Usual(0.05, 40)


def posts_per_week(view: View) -> float:
    return math.log(1 + len(view.posts) / (BEHAVIOUR_DAYS / 7))


def regularity(view: View) -> float | None:
    """f14: 1 for posts at even distances, 0 where the distances scatter by twice their mean or more.

    Drawn towards what is usual, for a few posts may be even by chance.
    """
    gaps: list[int] = np.diff(np.sort(view.settled_posts.at)).tolist()
    total = sum(gaps)
    if len(gaps) < GAPS_LEAST or not total:
        return None
    mean = total / len(gaps)
    variation = math.sqrt(math.fsum((gap - mean) ** 2 for gap in gaps) / len(gaps)) / mean
    return EVEN.drawn((1 - min(1.0, variation / 2)) * len(gaps), len(gaps))


def settled_pace(view: View) -> float | None:
    """f13 before the last season, since the first post that was read; of four weeks at the least."""
    days = view.settled_posts.days
    if not len(days):
        return None
    return math.log(1 + 7 * len(days) / max(PACE_LEAST, int(days.max()) - SEASON_DAYS))


def active_days(view: View) -> float:
    """f15; the window touches one day more than it is long."""
    return min(1.0, len(set(view.posts.days.tolist())) / BEHAVIOUR_DAYS)


def night_posts(view: View) -> float | None:
    """f16."""
    seconds = (view.settled_posts.at + CHINA_SECONDS) % DAY_SECONDS
    return NIGHT.seen(int(np.count_nonzero(seconds < NIGHT_HOURS * 3600)), len(seconds))


def days_since_post(view: View) -> float | None:
    """f17, over all posts that were read."""
    ago = view.days_ago(np.array([post.at for post in view.account.posts], np.int64))
    past = ago[ago >= 0]
    return float(past.min()) if len(past) else None


def account_months(view: View) -> float | None:
    opened = view.account.opened
    if opened is None:
        return None
    days = int(view.days_ago(np.array([opened]))[0])
    return math.log(1 + days / MONTH_DAYS) if days >= 0 else None
