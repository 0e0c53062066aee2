"""How much others speak well of the shop on their own pages (f26 to f29)."""

import math

import numpy as np

from scoring.social.view import BEHAVIOUR_DAYS, MONTH_DAYS, Ints, View, once

MOST_PER_AUTHOR = 20
WELL_KNOWN = 1_000_000  #: followers


def praising_mentions(view: View) -> float | None:
    """f26."""
    if not view.account.mentions_read:
        return None
    return math.log(1 + len(_praise(view)) / (BEHAVIOUR_DAYS / MONTH_DAYS))


def returning_praise(view: View) -> float | None:
    """f27: users who praised twice or more."""
    if not view.account.mentions_read:
        return None
    _, times = np.unique(_praise(view), return_counts=True)
    return math.log(1 + int(np.count_nonzero(times > 1)))


def super_topic(view: View) -> float | None:
    """f28."""
    members = view.account.super_topic
    return None if members is None else math.log(1 + members)


def affection(view: View) -> float | None:
    """f29: one for each praising mention, two by a verified author, five by one of a million followers."""
    if not view.account.mentions_read:
        return None
    authors, times = np.unique(_praise(view), return_counts=True)
    known = view.authors
    weight = np.where(known.verified[authors], 2, 1)
    weight = np.where(known.followers[authors] >= WELL_KNOWN, 5, weight)
    return float(np.minimum(MOST_PER_AUTHOR, weight * times).sum())


@once
def _praise(view: View) -> Ints:
    """The author of each mention of the window that speaks well."""
    chosen = view.recent & view.remarks.mention & view.tones.positive & view.tones.remark
    return view.remarks.author[chosen]
