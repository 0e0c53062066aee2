"""Every figure of a social account, declared beside what measures it. No person's attribute is one.

Left out, because a snapshot cannot hold them: a verified name close to that of the licence (the answers hold
the licence's number, not its name), ratings in stars (the tones of comments stand for them), the list of
followers (authors in view stand for it), the share of originals among what a commenter posts.

Left out on purpose: ties to borrowers who failed (f42), the device that a post was written on,
`sunshine_credit` and every other rating of a person.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from scoring.calendar import SEASON_DAYS
from scoring.declared import Feature
from scoring.social import (
    activity,
    affection,
    authenticity,
    content,
    feedback,
    identity,
    interaction,
    manipulation,
    network,
    scale,
)
from scoring.social.suspicion import STRAYS
from scoring.social.usual import Usual
from scoring.social.view import BEHAVIOUR_DAYS, FEEDBACK_DAYS, YEAR_DAYS, View

Measure = Callable[[View], float | None]
Side = Literal["brand", "personal"]


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    feature: Feature
    measure: Measure
    accounts: tuple[Side, ...]  #: whose account is measured by it
    whole: bool  #: means nothing where only a part of the account could be read


BRAND: tuple[Side, ...] = ("brand",)
BOTH: tuple[Side, ...] = ("brand", "personal")


@dataclass(frozen=True)
class Window:
    days: int  #: looked back
    spared: int = 0  #: of them, the latest that are left out


NOW, BEHAVIOUR, FEEDBACK, YEAR = None, Window(BEHAVIOUR_DAYS), Window(FEEDBACK_DAYS), Window(YEAR_DAYS)
HABIT, HEARD = Window(YEAR_DAYS, SEASON_DAYS), Window(FEEDBACK_DAYS, SEASON_DAYS)  #: what is settled
NEVER = "never"
NO_FOLLOWERS, NO_POSTS, NO_AUTHOR = "followers not shown", "no posts in the window", "no author in view"
NO_COUNTS = "no post with counts, or no followers"
UNASKED = "mentions could not be looked for"
NO_FEEDBACK, NO_COMMENT = "no feedback", "nobody commented in the window"

_Row = tuple[Measure, str, int, Window | None, str, str, str]


def _lines(
    group: str, rows: tuple[_Row, ...], accounts: tuple[Side, ...] = BRAND, *, whole: bool = True
) -> Iterator[Line]:
    for measure, number, direction, window, formula, unit, missing in rows:
        feature = Feature(
            name=measure.__name__,
            id=number,
            group=group,
            formula=formula,
            unit=unit,
            window=window.days if window else None,
            spared=window.spared if window else 0,
            direction=direction,
            missing=missing,
        )
        yield Line(feature, measure, accounts, whole)


def _drawn(usual: Usual, pieces: str = "posts") -> str:
    """How a formula says that a figure is drawn towards what is usual."""
    return f"drawn towards {usual.share:g} by {usual.weight:g} more {pieces}"


# Each row: what measures it, its number in the underwriting rules, direction, window, formula, unit, when it
# is missing.
# fmt: off
_SCALE_NOW: tuple[_Row, ...] = (
    (scale.followers, "f1", +1, NOW, "log10(1 + followers)", "log10 of followers", NO_FOLLOWERS),
    (scale.growth, "f2", +1, BEHAVIOUR,
     "(followers - followers 90 days ago) / followers 90 days ago, within -0.5 and 2",
     "share", "no count kept of about 90 days ago"),
)
_SCALE: tuple[_Row, ...] = (
    (scale.authentic_followers, "f3", +1, NOW, "log10(1 + followers * (1 - fake_share))",
     "log10 of followers",
     f"{NO_FOLLOWERS}, or {NO_AUTHOR}"),
    (authenticity.fake_share, "f4", -1, NOW,
     "mean P(fake) of up to 200 authors who comment or mention, drawn towards 0.1 by ten more", "share",
     NO_AUTHOR),
    (authenticity.doubtful_authors, "f4", -1, YEAR,
     "ln(1 + sum over those who comment or mention of "
     f"(P(fake) - {authenticity.USUAL.share:g}) - {STRAYS:g}); "
     f"who wrote only in the last {SEASON_DAYS} days adds to it and never takes from it",
     "log of authors", NO_AUTHOR),
    (scale.sudden_growth, "f5", -1, BEHAVIOUR,
     "1 if a day's gain > 20 * max(1, median daily gain) with no post of the top tenth that day or the "
     "day before",
     "0 or 1", "fewer than 14 daily gains kept"),
)
_CONTENT: tuple[_Row, ...] = (
    (content.originals, "f6", +1, HABIT,
     f"posts that are no repost / posts, {_drawn(content.ORIGINAL)}", "share", NO_POSTS),
    (content.pictured, "f7", +1, HABIT,
     f"posts with picture or video / posts, {_drawn(content.PICTURED)}", "share", NO_POSTS),
    (content.post_length, "f8", 0, BEHAVIOUR, "ln(1 + median characters of a post)", "log of characters",
     NO_POSTS),
    (content.topic_fit, "f9", +1, BEHAVIOUR, "mean cosine of a post's TF-IDF and the sum of the other posts'",
     "cosine",
     "fewer than 3 posts with words"),
    (content.topic_balance, "f10", +1, BEHAVIOUR,
     "-|d - 0.5|, d = entropy over 6 groups of alike posts / ln 6", "distance from a half",
     "fewer than 6 posts with words"),
    (content.repeated_posts, "f11", -1, BEHAVIOUR, "posts with a near-duplicate / posts", "share", NO_POSTS),
    (content.linked_posts, "f12", -1, HABIT,
     f"posts with an advertisement or a link elsewhere / posts, {_drawn(content.LINKED)}", "share", NO_POSTS),
)
_ACTIVITY: tuple[_Row, ...] = (
    (activity.posts_per_week, "f13", +1, BEHAVIOUR, "ln(1 + posts per week)", "log of posts a week", NEVER),
    (activity.settled_pace, "f13", +1, HABIT,
     "ln(1 + posts per week since the first of the window, four weeks at least)",
     "log of posts a week", NO_POSTS),
    (activity.regularity, "f14", +1, HABIT,
     f"1 - min(1, variation of the gaps / 2), {_drawn(activity.EVEN, 'gaps')}", "0 to 1",
     "fewer than 3 posts in the window"),
    (activity.active_days, "f15", +1, BEHAVIOUR, "days with a post / 90", "share", NEVER),
    (activity.night_posts, "f16", -1, HABIT,
     f"posts from midnight to five / posts, {_drawn(activity.NIGHT)}", "share", NO_POSTS),
)
_ACTIVITY_NOW: tuple[_Row, ...] = (
    (activity.days_since_post, "f17", -1, NOW, "days since the last post", "days", "no post was read"),
    (activity.account_months, "f18", +1, NOW, "ln(1 + months since the account was opened)", "log of months",
     "opening not shown"),
)
_INTERACTION: tuple[_Row, ...] = (
    (interaction.interaction, "f19", +1, BEHAVIOUR,
     "mean over posts of (likes + comments + reposts) / followers",
     "per post and follower", NO_COUNTS),
    (interaction.interaction_for_size, "f19/f1", +1, BEHAVIOUR,
     "interaction / what an account of that size usually draws: max(0.001, 0.03 * (followers / 100)^-0.322)",
     "times the usual", NO_COUNTS),
    (interaction.comments_per_post, "f20", +1, BEHAVIOUR, "comments / posts", "comments a post",
     "no post with counts"),
    (interaction.talk_share, "f21", +1, BEHAVIOUR, "comments / (likes + comments + reposts)", "share",
     "nothing was drawn"),
    (interaction.commenters_per_follower, "f22", +1, BEHAVIOUR,
     "different commenters / (followers * (1 - fake_share))", "share", f"{NO_POSTS}, or no followers"),
    (interaction.returning_commenters, "f23", +1, BEHAVIOUR,
     "commenters on two posts or more / commenters", "share", NO_COMMENT),
    (interaction.settled_returning, "f23", +1, HEARD,
     f"commenters on two posts or more / commenters, {_drawn(interaction.RETURNING, 'commenters')}", "share",
     NO_COMMENT),
    (interaction.answered, "f24", +1, BEHAVIOUR,
     "comments that the owner answered within 48 hours / comments", "share", NO_COMMENT),
    (interaction.settled_answered, "f24", +1, HEARD,
     f"comments that the owner answered within 48 h / comments, {_drawn(interaction.ANSWERED, 'comments')}",
     "share", NO_COMMENT),
    (interaction.uneven_interaction, "f25", -1, BEHAVIOUR, "Gini coefficient of interactions over posts",
     "0 to 1",
     "fewer than 2 posts with counts, or nothing drawn"),
)
_AFFECTION: tuple[_Row, ...] = (
    (affection.praising_mentions, "f26", +1, BEHAVIOUR, "ln(1 + positive mentions by others per month)",
     "log of mentions a month", UNASKED),
    (affection.returning_praise, "f27", +1, BEHAVIOUR, "ln(1 + users with two positive mentions or more)",
     "log of users",
     UNASKED),
    (affection.affection, "f29", +1, BEHAVIOUR,
     "sum over authors of min(20, w * positive mentions); w = 1, verified 2, from a million followers 5",
     "weighed mentions", UNASKED),
)
_AFFECTION_NOW: tuple[_Row, ...] = (
    (affection.super_topic, "f28", +1, NOW, "ln(1 + members of the super topic)", "log of members",
     "no super topic shown"),
)
_FEEDBACK: tuple[_Row, ...] = (
    (feedback.feedbacks, "f30", +1, FEEDBACK, "ln(1 + n), n = consumers' comments and mentions",
     "log of feedbacks", NEVER),
    (feedback.settled_feedbacks, "f30", +1, HEARD, "ln(1 + n), n = consumers' comments",
     "log of feedbacks", NO_POSTS),
    (feedback.positive_share, "f31", +1, FEEDBACK, "(positive + 16) / (n + 20)", "share", NEVER),
    (feedback.settled_praise, "f31", +1, HEARD, "(positive + 16) / (n + 20), comments alone", "share",
     "no feedback in the window"),
    (feedback.positive_at_least, "f32", +1, FEEDBACK,
     "lower end of Wilson's interval of positive / n, z = 1.96", "share", NEVER),
    (feedback.mixed_opinions, "f33", -1, FEEDBACK, "variance of the tones 1, 0 and -1", "0 to 1",
     "fewer than 2 feedbacks"),
    (feedback.praise_drop, "f34", -1, FEEDBACK,
     "positive_share of 180 days - that of 30 days, the latter drawn towards the former by 20 feedbacks",
     "difference of shares",
     NEVER),
)
_MANIPULATION: tuple[_Row, ...] = (
    (manipulation.feedback_burst, "f35", -1, FEEDBACK, "most feedbacks in 3 days / (n / 60)",
     "times an even share",
     "fewer than 20 feedbacks"),
    (manipulation.copied_feedback, "f36", -1, FEEDBACK,
     "feedbacks of 12 letters or more with a near-duplicate / n", "share", NO_FEEDBACK),
    (manipulation.young_reviewers, "f37", -1, FEEDBACK,
     "who first spoke within 30 days of opening the account / whose opening is shown", "share",
     "no opening shown"),
    (manipulation.new_reviewers, "f37", -1, FEEDBACK,
     "ln(1 + sum over reviewers whose opening is shown of ((1 if first within 30 days of it, else 0) - "
     f"{manipulation.YOUNG_USUAL:g}) - {STRAYS:g}); "
     f"who spoke only in the last {SEASON_DAYS} days adds to it and never takes from it",
     "log of reviewers", "no opening shown"),
)
_NETWORK_NOW: tuple[_Row, ...] = (
    (network.reciprocity, "f38", +1, NOW, "mutual / friends", "share",
     "either not shown, or it follows nobody"),
)
_NETWORK: tuple[_Row, ...] = (
    (network.local_ties, "f39", +1, BEHAVIOUR,
     "ln(1 + verified organisations of the same city that wrote to it or of it)",
     "log of accounts", "city not shown"),
    (network.owner_ties, "f40", +1, BEHAVIOUR,
     "1 if the shop's and the owner's account wrote to or named each other", "0 or 1",
     "only one account given"),
    (network.endorsement, "f41", +1, YEAR,
     "max(0, 1 - days / 365) since a verified account of a million followers recommended it",
     "0 to 1", UNASKED),
)
_IDENTITY_NOW: tuple[_Row, ...] = (
    (identity.enterprise, "identity", +1, NOW, "1 if verified_type is 2, a verified business", "0 or 1",
     NEVER),
)
# fmt: on

TABLE: tuple[Line, ...] = (
    *_lines("scale", _SCALE_NOW, BOTH, whole=False),
    *_lines("scale", _SCALE, BOTH),
    *_lines("content", _CONTENT),
    *_lines("activity", _ACTIVITY, BOTH),
    *_lines("activity", _ACTIVITY_NOW, BOTH, whole=False),
    *_lines("interaction", _INTERACTION),
    *_lines("affection", _AFFECTION),
    *_lines("affection", _AFFECTION_NOW, whole=False),
    *_lines("feedback", _FEEDBACK),
    *_lines("manipulation", _MANIPULATION),
    *_lines("network", _NETWORK_NOW, BOTH, whole=False),
    *_lines("network", _NETWORK),
    *_lines("identity", _IDENTITY_NOW, whole=False),
)
