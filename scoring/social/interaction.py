"""How willingly followers take part (f19 to f25)."""

import math

import numpy as np

from scoring.social.authenticity import fake_share
from scoring.social.usual import Usual
from scoring.social.view import Flags, View, once

ANSWER_SECONDS = 48 * 3600
RETURNING, ANSWERED = Usual(0.12, 40), Usual(0.2, 40)  #: as good as seen of so many more


def interaction(view: View) -> float | None:
    """f19: what a post draws, for each follower; posts whose counts were not shown are left out."""
    counted, followers = int(view.posts.counted.sum()), view.account.followers
    if not counted or not followers:
        return None
    return int(view.posts.interactions.sum()) / counted / followers


def usual_interaction(followers: int) -> float:
    """What an account of this size usually draws per post and follower.

    3 % at a hundred followers, falling with size to 0.2 % at 450,000: brands of 330,000 to 570,000 were
    measured at 0.10 to 0.31 % in 2014, small accounts are assumed at 0.3 to 3 %.
    """
    return max(0.001, 0.03 * math.pow(max(followers, 100) / 100, -0.322))


def interaction_for_size(view: View) -> float | None:
    drawn = interaction(view)
    return None if drawn is None else drawn / usual_interaction(view.account.followers or 0)


def comments_per_post(view: View) -> float | None:
    """f20."""
    counted = int(view.posts.counted.sum())
    return int(view.posts.comments.sum()) / counted if counted else None


def talk_share(view: View) -> float | None:
    """f21: comments among all interactions; likes are cheaper to buy."""
    drawn = int(view.posts.interactions.sum())
    return int(view.posts.comments.sum()) / drawn if drawn else None


def commenters_per_follower(view: View) -> float | None:
    """f22: of followers that look like people."""
    followers, fake = view.account.followers, fake_share(view)
    if not followers or not len(view.posts):
        return None
    return len(_commenters(view)) / (followers * (1 - (fake or 0.0)))


def returning_commenters(view: View) -> float | None:
    """f23: who comment on a second post, among all who comment."""
    posts = _commenters(view)
    return sum(several > 1 for several in posts) / len(posts) if posts else None


def settled_returning(view: View) -> float | None:
    """f23 before the last season."""
    posts = _posts_commented(view, view.settled_comments)
    return RETURNING.seen(sum(several > 1 for several in posts), len(posts))


def answered(view: View) -> float | None:
    """f24: comments that the owner answers within two days; those of the last two days may still be."""
    answers, asked = _answered(view, view.recent_comments)
    return answers / asked if asked else None


def settled_answered(view: View) -> float | None:
    """f24 before the last season."""
    return ANSWERED.seen(*_answered(view, view.settled_comments))


def _answered(view: View, chosen: Flags) -> tuple[int, int]:
    """How many of these comments the owner answered, and how many they are."""
    asked = np.flatnonzero(chosen).tolist()
    by_id, by_name = _answers(view)
    remarks, names = view.remarks, view.account.authors.name
    at, post, author = remarks.at.tolist(), remarks.post.tolist(), remarks.author.tolist()
    found = 0
    for place in asked:
        times = by_id.get(remarks.ids[place]) or by_name.get((post[place], names[author[place]])) or []
        found += any(0 <= when - at[place] <= ANSWER_SECONDS for when in times)
    return found, len(asked)


@once
def _answers(view: View) -> tuple[dict[str, list[int]], dict[tuple[int, str], list[int]]]:
    """When the owner answered: by the comment's id, or where that is not shown by post and name."""
    by_id: dict[str, list[int]] = {}
    by_name: dict[tuple[int, str], list[int]] = {}
    for said in view.account.answers:
        if said.answers:
            by_id.setdefault(said.answers, []).append(said.at)
        elif said.text.startswith("回复@"):
            name = said.text[3:63].replace("：", ":").partition(":")[0]
            by_name.setdefault((said.post, name), []).append(said.at)
    return by_id, by_name


def uneven_interaction(view: View) -> float | None:
    """f25: Gini's coefficient over posts, 0 where all draw alike, near 1 where one draws everything.

    The coefficient is 2 * sum of (rank * value) / (n * total) - (n + 1) / n.
    """
    drawn: list[int] = np.sort(view.posts.interactions[view.posts.counted]).tolist()
    total, n = sum(drawn), len(drawn)
    if n < 2 or not total:
        return None
    ranked = sum(rank * value for rank, value in enumerate(drawn, 1))
    return 2 * ranked / (n * total) - (n + 1) / n


@once
def _commenters(view: View) -> list[int]:
    """Of each who commented in the window: on how many posts."""
    return _posts_commented(view, view.recent_comments)


def _posts_commented(view: View, chosen: Flags) -> list[int]:
    """Of each who wrote one of these comments: on how many posts."""
    author, post = view.remarks.author[chosen], view.remarks.post[chosen]
    pairs = np.unique(author * (len(view.account.posts) + 1) + post)
    _, posts = np.unique(pairs // (len(view.account.posts) + 1), return_counts=True)
    found: list[int] = posts.tolist()
    return found
