"""What is posted (f6 to f12)."""

import math
import re

import numpy as np

from scoring.social import grams, topics
from scoring.social.view import View, once

FIT_LEAST = 3  #: posts below which there is no centre
_LINK = re.compile(r"https?://|淘口令|taobao\.com|tmall\.com|#广告#|【广告】", re.IGNORECASE)
#: Weibo's own addresses of a place, a topic or a film lead nowhere else.
_OWN = re.compile(r"https?://(?:weibo\.com|m\.weibo\.cn|video\.weibo\.com)\S*", re.IGNORECASE | re.ASCII)


def originals(view: View) -> float | None:
    """f6."""
    return _share(int(view.posts.original.sum()), len(view.posts))


def pictured(view: View) -> float | None:
    """f7."""
    return _share(int(view.posts.pictured.sum()), len(view.posts))


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
    return _share(int(grams.near_duplicates(view.posts.texts).sum()), len(view.posts))


def linked_posts(view: View) -> float | None:
    """f12."""
    linked = sum(_LINK.search(_OWN.sub("", text)) is not None for text in view.posts.texts)
    return _share(linked, len(view.posts))


@once
def _weighed(view: View) -> topics.Weighed:
    return topics.weighed(view.posts.texts)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
