"""Signs that feedback was bought (f35 to f37)."""

import numpy as np

from scoring.open_api import DAY_SECONDS
from scoring.social import grams, suspicion
from scoring.social.feedback import feedback
from scoring.social.view import FEEDBACK_DAYS, UNKNOWN, View, once

BURST_DAYS = 3
BURST_LEAST = 20  #: feedbacks below which every three days look like a burst
YOUNG_DAYS = 30
YOUNG_USUAL = 0.05  #: share of a shop's reviewers


def feedback_burst(view: View) -> float | None:
    """f35: the fullest three days against an even share of the window."""
    days = view.remarks.days[feedback(view)]
    if len(days) < BURST_LEAST:
        return None
    each = np.bincount(days, minlength=FEEDBACK_DAYS + 1)
    within = np.convolve(each, np.ones(BURST_DAYS, np.int64))
    return int(within.max()) / (len(days) * BURST_DAYS / FEEDBACK_DAYS)


def copied_feedback(view: View) -> float | None:
    """f36."""
    chosen = feedback(view).tolist()
    if not chosen:
        return None
    return int(grams.near_duplicates([view.remarks.texts[place] for place in chosen]).sum()) / len(chosen)


def young_reviewers(view: View) -> float | None:
    """f37: whose account was under a month old when they first spoke here, of all whose opening is known."""
    young = list(_young(view).values())
    return sum(young) / len(young) if young else None


def new_reviewers(view: View) -> float | None:
    """f37 as a number: how many more were young than usual, whoever else was made to review beside them."""
    young, settled = _young(view), view.settled
    if not young:
        return None
    return suspicion.excess(
        [float(each) for each in young.values()], [bool(settled[place]) for place in young], YOUNG_USUAL
    )


@once
def _young(view: View) -> dict[int, bool]:
    """By the first remark of each reviewer whose opening is known: whether it was a young account's.

    Of all remarks, not of `feedback`: that keeps one of the same words, and a copy of today must not stand
    for the first.
    """
    chosen = np.flatnonzero(view.tones.remark & (view.remarks.days <= FEEDBACK_DAYS))
    chosen = chosen[np.argsort(view.remarks.at[chosen], kind="stable")]
    authors, first = np.unique(view.remarks.author[chosen], return_index=True)
    opened, chosen = view.authors.opened[authors], chosen[first]
    young = view.remarks.at[chosen] - opened < YOUNG_DAYS * DAY_SECONDS
    known = opened != UNKNOWN
    return dict(zip(chosen[known].tolist(), young[known].tolist(), strict=True))
