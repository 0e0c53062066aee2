"""Figures made of a merchant's social accounts, declared in one table; no attribute of a person is in it.

Each is None where its evidence is missing. Days are counted between calendar dates in China's zone.
Feedback is what others wrote about the shop, comments and mentions, that says something at all.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from scoring import snapshot
from scoring.reading.tone import Reader, Tone
from scoring.snapshot import Account, Post, Remark, Unavailable

BEHAVIOUR_DAYS = 90
FEEDBACK_DAYS = 180
RECENT_DAYS = 30
ENDORSEMENT_DAYS = 365
ENDORSER_FOLLOWERS = 1_000_000
PRIOR_POSITIVE, PRIOR_OTHER = 16.0, 4.0  #: a shop with no feedback is taken for one with 80 % positive
WILSON_Z = 1.96


@dataclass(frozen=True)
class View:
    """An account as seen on a day, with its feedback read once."""

    account: Account
    day: date
    reader: Reader

    def days_since(self, thing: Post | Remark) -> int:
        return (self.day - thing.at.date()).days

    @cached_property
    def posts(self) -> list[Post]:
        """The posts of the behaviour window."""
        return [post for post in self.account.posts if 0 <= self.days_since(post) <= BEHAVIOUR_DAYS]

    @cached_property
    def tones(self) -> list[tuple[int, bool]]:
        """Feedback of the window: how many days ago, and whether positive."""
        said = [(self.days_since(remark), remark.text) for remark in self.account.remarks()]
        said = [(days, text) for days, text in said if 0 <= days <= FEEDBACK_DAYS]
        tones = self.reader.read([text for _, text in said])
        return [(days, tone is Tone.POSITIVE) for (days, _), tone in zip(said, tones, strict=True) if tone]

    def praise(self, within: int = FEEDBACK_DAYS) -> tuple[int, int]:
        """Positive feedbacks and all feedbacks of so many days; a neutral one counts as not positive."""
        tones = [positive for days, positive in self.tones if days <= within]
        return sum(tones), len(tones)


def shrunk_share(
    positive: int, feedbacks: int, prior: float = PRIOR_POSITIVE, other: float = PRIOR_OTHER
) -> float:
    """The positive share drawn towards the prior, the more so the fewer feedbacks there are (beta-binomial).

    >>> [round(shrunk_share(p, n), 3) for p, n in ((3, 3), (45, 50), (381, 410), (900, 1000))]
    [0.826, 0.871, 0.923, 0.898]
    """
    return (positive + prior) / (feedbacks + prior + other)


def wilson_lower_bound(positive: int, feedbacks: int) -> float:
    """The lower end of Wilson's score interval of the positive share at 95 % (Wilson 1927); 0 for none.

    >>> [round(wilson_lower_bound(p, n), 3) for p, n in ((3, 3), (45, 50), (381, 410), (900, 1000))]
    [0.438, 0.786, 0.9, 0.88]
    """
    if not feedbacks:
        return 0.0
    share, spread = positive / feedbacks, WILSON_Z * WILSON_Z / feedbacks
    root = math.sqrt(share * (1 - share) / feedbacks + spread / (4 * feedbacks))
    return (share + spread / 2 - WILSON_Z * root) / (1 + spread)


def recent_drop(all_positive: int, feedbacks: int, recent_positive: int, recent: int) -> float:
    """How far the positive share of 30 days lies below that of 180.

    Few recent remarks are drawn towards the shop's own share, so that silence, or ten pleased guests
    of ten, is never called a drop.

    >>> recent_drop(381, 410, 10, 10) < 0 < recent_drop(381, 410, 20, 40)
    True
    """
    usual = shrunk_share(all_positive, feedbacks)
    weight = PRIOR_POSITIVE + PRIOR_OTHER
    return usual - shrunk_share(recent_positive, recent, usual * weight, (1 - usual) * weight)


def _followers(view: View) -> float | None:
    return None if view.account.followers is None else math.log10(1 + view.account.followers)


def _posts_per_week(view: View) -> float:
    return math.log(1 + len(view.posts) / (BEHAVIOUR_DAYS / 7))


def _days_since_last_post(view: View) -> float | None:
    days = [since for post in view.account.posts if (since := view.days_since(post)) >= 0]
    return float(min(days)) if days else None


def _account_months(view: View) -> float | None:
    opened = view.account.created_at
    days = (view.day - opened.date()).days if opened else -1
    return math.log(1 + days / 30.4375) if days >= 0 else None


def _interaction(view: View) -> float | None:
    if not view.posts or not view.account.followers:
        return None
    return math.fsum(post.interactions for post in view.posts) / len(view.posts) / view.account.followers


def usual_interaction(followers: int) -> float:
    """What an account of this size usually draws per post and follower.

    3 % at a hundred followers, falling with size to 0.2 % at 450,000: brands of 330,000 to 570,000 were
    measured at 0.10 to 0.31 % in 2014, small accounts are assumed at 0.3 to 3 %.
    """
    return max(0.001, 0.03 * math.pow(max(followers, 100) / 100, -0.322))


def _interaction_for_size(view: View) -> float | None:
    drawn = _interaction(view)
    return None if drawn is None else drawn / usual_interaction(view.account.followers or 0)


def _talk_share(view: View) -> float | None:
    drawn = sum(post.interactions for post in view.posts)
    return sum(post.comments_count for post in view.posts) / drawn if drawn else None


def _feedbacks(view: View) -> float:
    return math.log(1 + view.praise()[1])


def _positive_share(view: View) -> float:
    return shrunk_share(*view.praise())


def _positive_at_least(view: View) -> float:
    return wilson_lower_bound(*view.praise())


def _praise_drop(view: View) -> float:
    return recent_drop(*view.praise(), *view.praise(RECENT_DAYS))


def _endorsement(view: View) -> float | None:
    """Freshness of the latest recommendation by a verified account of a million followers or more."""
    if not view.account.mentions_read:
        return None
    days = (view.days_since(said) for said in view.account.mentions if _endorses(view, said))
    return max(
        (1 - since / ENDORSEMENT_DAYS for since in days if 0 <= since <= ENDORSEMENT_DAYS), default=0.0
    )


def _endorses(view: View, said: Remark) -> bool:
    weighty = said.verified and said.followers >= ENDORSER_FOLLOWERS and said.author != view.account.uid
    return weighty and view.reader.read([said.text]) != [Tone.NEGATIVE]


def _enterprise(view: View) -> float:
    return float(view.account.verified_type == snapshot.ENTERPRISE)


@dataclass(frozen=True)
class Feature:
    """One line of the table."""

    name: str
    id: str
    direction: int  #: +1 when more of it speaks for the merchant, -1 against, 0 when nothing is assumed
    window: int | None  #: days looked back, None for "as of now"
    measure: Callable[[View], float | None]
    accounts: str = "brand"  #: whose account: "brand", "personal" or "both"
    whole: bool = True  #: means nothing where only a part of the account could be read


TABLE = (
    Feature("followers", "f1", +1, None, _followers, "both", whole=False),
    Feature("posts_per_week", "f13", +1, BEHAVIOUR_DAYS, _posts_per_week, "both"),
    Feature("days_since_post", "f17", -1, None, _days_since_last_post, whole=False),
    Feature("account_months", "f18", +1, None, _account_months, "both", whole=False),
    Feature("interaction", "f19", +1, BEHAVIOUR_DAYS, _interaction),
    Feature("interaction_for_size", "f19/f1", +1, BEHAVIOUR_DAYS, _interaction_for_size),
    Feature("talk_share", "f21", +1, BEHAVIOUR_DAYS, _talk_share),
    Feature("feedbacks", "f30", +1, FEEDBACK_DAYS, _feedbacks),
    Feature("positive_share", "f31", +1, FEEDBACK_DAYS, _positive_share),
    Feature("positive_at_least", "f32", +1, FEEDBACK_DAYS, _positive_at_least),
    Feature("praise_drop", "f34", -1, FEEDBACK_DAYS, _praise_drop),
    Feature("endorsement", "f41", +1, ENDORSEMENT_DAYS, _endorsement),
    Feature("enterprise", "identity", +1, None, _enterprise, whole=False),
)

Measured = Mapping[str, float | None]


def _of(
    side: str, account: Account | Unavailable | None, day: date, reader: Reader
) -> Iterator[tuple[str, float | None]]:
    view = View(account, day, reader) if isinstance(account, Account) else None
    for feature in TABLE:
        if feature.accounts in (side, "both"):
            shown = view is not None and not (feature.whole and view.account.partial)
            yield f"{side}_{feature.name}", feature.measure(view) if view and shown else None


def measure(
    brand: Account | Unavailable | None, personal: Account | Unavailable | None, day: date, reader: Reader
) -> Measured:
    """All features of both accounts, `brand_...` and `personal_...`; None where there is no evidence."""
    return dict([*_of("brand", brand, day, reader), *_of("personal", personal, day, reader)])
