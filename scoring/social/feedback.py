"""What consumers say of the shop, in comments and mentions: how much, and how well (f30 to f34)."""

import math
from dataclasses import dataclass

import numpy as np

from scoring import wilson
from scoring.social.usual import Usual
from scoring.social.view import FEEDBACK_DAYS, Flags, Ints, View, once

RECENT_DAYS = 30
USUAL = Usual(0.8, 20)  #: a shop with no feedback is taken for one with 80 % positive
WILSON_Z = 1.96


@dataclass(frozen=True)
class Praise:
    """How many spoke of the shop, and how many of them well; a neutral one counts as not positive."""

    positive: int
    feedbacks: int
    negative: int = 0


@once
def feedback(view: View) -> Ints:
    """Places of the remarks of the window that are a consumer's; one person's same words count once."""
    return _heard(view, view.remarks.days <= FEEDBACK_DAYS)


@once
def settled_feedback(view: View) -> Ints:
    """The same of comments before the last season; mentions are not always shown, and would count as none."""
    return _heard(view, view.settled_comments)


def _heard(view: View, wanted: Flags) -> Ints:
    remarks = view.remarks
    chosen: Ints = np.flatnonzero(view.tones.remark & wanted)
    authors, times = remarks.author[chosen], np.bincount(remarks.author[chosen])
    several = chosen[times[authors] > 1] if len(chosen) else chosen
    uids = view.account.authors.uid
    first: dict[tuple[int, str], int] = {}
    repeated = [
        place
        for place, author in zip(several.tolist(), remarks.author[several].tolist(), strict=True)
        if uids[author] and first.setdefault((author, remarks.texts[place].strip()), place) != place
    ]
    return np.setdiff1d(chosen, repeated, assume_unique=True) if repeated else chosen


def praise(view: View, within: int = FEEDBACK_DAYS) -> Praise:
    """The feedback of so many days."""
    chosen = feedback(view)
    return _praise(view, chosen[view.remarks.days[chosen] <= within])


def _praise(view: View, chosen: Ints) -> Praise:
    tones = view.tones
    return Praise(int(tones.positive[chosen].sum()), len(chosen), int(tones.negative[chosen].sum()))


def shrunk_share(positive: int, feedbacks: int, usual: Usual = USUAL) -> float:
    """The positive share drawn towards the usual one, the more so the fewer feedbacks there are.

    >>> [round(shrunk_share(p, n), 3) for p, n in ((3, 3), (45, 50), (381, 410), (900, 1000))]
    [0.826, 0.871, 0.923, 0.898]
    """
    return usual.drawn(positive, feedbacks)


def wilson_lower_bound(positive: int, feedbacks: int) -> float:
    """The lower end of Wilson's interval of the positive share at 95 %; 0 for none.

    >>> [round(wilson_lower_bound(p, n), 3) for p, n in ((3, 3), (45, 50), (381, 410), (900, 1000))]
    [0.438, 0.786, 0.9, 0.88]
    """
    return wilson.bounds(positive, feedbacks, WILSON_Z)[0] if feedbacks else 0.0


def recent_drop(whole: Praise, recent: Praise) -> float:
    """How far the positive share of 30 days lies below that of 180.

    Few recent remarks are drawn towards the shop's own share, so that silence, or ten pleased guests
    of ten, is never called a drop.

    >>> recent_drop(Praise(381, 410), Praise(10, 10)) < 0 < recent_drop(Praise(381, 410), Praise(20, 40))
    True
    """
    own = shrunk_share(whole.positive, whole.feedbacks)
    return own - shrunk_share(recent.positive, recent.feedbacks, Usual(own, USUAL.weight))


def feedbacks(view: View) -> float:
    return math.log(1 + praise(view).feedbacks)


def positive_share(view: View) -> float:
    found = praise(view)
    return shrunk_share(found.positive, found.feedbacks)


def settled_praise(view: View) -> float | None:
    """f31 of what was heard before the last season."""
    found = _praise(view, settled_feedback(view))
    return USUAL.seen(found.positive, found.feedbacks)


def settled_feedbacks(view: View) -> float | None:
    """f30 before the last season; under no post there can be none."""
    return math.log(1 + len(settled_feedback(view))) if len(view.settled_posts) else None


def positive_at_least(view: View) -> float:
    found = praise(view)
    return wilson_lower_bound(found.positive, found.feedbacks)


def mixed_opinions(view: View) -> float | None:
    """f33: variance of the tones, taken as 1, 0 and -1."""
    found = praise(view)
    n, balance = found.feedbacks, found.positive - found.negative
    return (found.positive + found.negative) / n - (balance / n) ** 2 if n > 1 else None


def praise_drop(view: View) -> float:
    return recent_drop(praise(view), praise(view, RECENT_DAYS))
