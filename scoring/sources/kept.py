"""What is kept of an account: an allow-list, so a field that nobody asked for is never stored. Pure.

Sex, pictures of people, personal pages and anything finer than a city are not on it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]

AUTHOR = frozenset(
    {
        "id", "idstr", "screen_name", "location", "created_at", "followers_count", "friends_count",
        "bi_followers_count", "statuses_count", "verified", "verified_type", "verified_reason",
    }
)  # fmt: skip
#: The account itself: its own words too, because the proof of ownership stands there.
USER = AUTHOR | {"province", "city", "description"}
STATUS = frozenset(
    {
        "id", "idstr", "created_at", "text", "reposts_count", "comments_count", "attitudes_count",
        "thumbnail_pic", "pic_urls",
    }
)  # fmt: skip
COMMENT = frozenset({"id", "created_at", "text"})


def user(raw: Mapping[str, Any]) -> Json:
    """An account whose owner agreed.

    >>> user({"id": 7, "gender": "f", "avatar_large": "…", "followers_count": 3})
    {'id': 7, 'followers_count': 3}
    """
    return _only(USER, raw)


def status(raw: Mapping[str, Any]) -> Json:
    """A post without its author; of a reposted post only the id, which tells that it was no original."""
    return _only(STATUS, raw) | _reference(raw, "retweeted_status")


def comment(raw: Mapping[str, Any]) -> Json:
    """A comment with its author; of the comment it answers only the id."""
    return _only(COMMENT, raw) | _author(raw) | _reference(raw, "reply_comment")


def mention(raw: Mapping[str, Any]) -> Json:
    """Somebody else's post that names the account."""
    return status(raw) | _author(raw)


def _only(allowed: Iterable[str], raw: Mapping[str, Any]) -> Json:
    return {key: value for key, value in raw.items() if key in allowed}


def _author(raw: Mapping[str, Any]) -> Json:
    author = raw.get("user")
    return {"user": _only(AUTHOR, author)} if isinstance(author, Mapping) else {}


def _reference(raw: Mapping[str, Any], name: str) -> Json:
    target = raw.get(name)
    return {name: {"id": target.get("id")}} if isinstance(target, Mapping) else {}
