"""What is posted (f6 to f12)."""

import math
import re

import numpy as np

from scoring.social import grams, topics
from scoring.social.usual import Usual
from scoring.social.view import View, once

FIT_LEAST = 3  #: posts below which there is no centre
ORIGINAL, PICTURED, LINKED = Usual(0.85, 40), Usual(0.6, 40), Usual(0.08, 40)
_LINK = re.compile(r"https?://|淘口令|taobao\.com|tmall\.com|#广告#|【广告】", re.IGNORECASE)
#: Weibo's own addresses of a place, a topic or a film lead nowhere else.
_OWN = re.compile(r"https?://(?:weibo\.com|m\.weibo\.cn|video\.weibo\.com)\S*", re.IGNORECASE | re.ASCII)


def originals(view: View) -> float | None:
    """f6."""
    posts = view.settled_posts
    return ORIGINAL.seen(int(posts.original.sum()), len(posts))


def pictured(view: View) -> float | None:
    """f7."""
    posts = view.settled_posts
    return PICTURED.seen(int(posts.pictured.sum()), len(posts))


def post_length(view: View) -> float | None:
    """f8."""
    lengths = [len(text) for text in view.posts.texts]
    return math.log(1 + float(np.median(lengths))) if lengths else None


def topic_fit(view: View) -> float | None:
    """f9."""
    found = _weighed(view)
    return topics.fit(found) if found.texts >= FIT_LEAST else None


def topic_balance(view: View) -> float | None:
    """f10: 0 where the diversity is a half, -0.5 where all is one topic or every post another."""
    found = _weighed(view)
    return -abs(topics.diversity(found) - 0.5) if found.texts >= topics.TOPICS else None


def repeated_posts(view: View) -> float | None:
    """f11."""
    posts = view.posts
    return int(grams.near_duplicates(posts.texts).sum()) / len(posts) if len(posts) else None


def linked_posts(view: View) -> float | None:
    """f12."""
    texts = view.settled_posts.texts
    return LINKED.seen(sum(_LINK.search(_OWN.sub("", text)) is not None for text in texts), len(texts))


@once
def _weighed(view: View) -> topics.Weighed:
    return topics.weighed(view.posts.texts)
