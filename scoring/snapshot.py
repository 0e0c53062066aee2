"""Reads what a Weibo account showed when it was fetched. Total: whatever was stored, reading it never raises.

Shapes follow the Open API v2 (users/show, statuses/user_timeline, comments/show, statuses/mentions).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from scoring.calendar import CHINA

ENTERPRISE = 2  #: verified_type of a verified business
_LARGEST = 10**11  #: counts beyond the number of people are cut here
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)}


@dataclass(frozen=True)
class Unavailable:
    """A source that could not be read: a fact with its reason, never a zero."""

    reason: str
    at: str


@dataclass(frozen=True)
class Remark:
    """A comment on a post of the account, or somebody's post that names it."""

    author: str  #: id, empty when not shown
    at: datetime
    text: str
    verified: bool
    followers: int


@dataclass(frozen=True)
class Post:
    at: datetime
    text: str
    likes: int
    comments_count: int
    reposts: int
    original: bool
    comments: tuple[Remark, ...]

    @property
    def interactions(self) -> int:
        return self.likes + self.comments_count + self.reposts


@dataclass(frozen=True)
class Account:
    """One account as it was seen; times in China's zone."""

    uid: str
    followers: int | None
    verified_type: int
    created_at: datetime | None
    posts: tuple[Post, ...]
    mentions: tuple[Remark, ...]
    partial: bool = False  #: not everything that was asked for came
    mentions_read: bool = True  #: False where nobody was allowed to look for them

    def remarks(self) -> Iterator[Remark]:
        """Everything others wrote: comments of all posts, then mentions, without the owner's own."""
        for post in self.posts:
            yield from (said for said in post.comments if said.author != self.uid)
        yield from (said for said in self.mentions if said.author != self.uid)


def read(raw: object) -> Account | Unavailable | None:
    """The account in a stored snapshot; None where none was given, `Unavailable` where its source failed."""
    if raw is None:
        return None
    snapshot = _object(raw)
    if "unavailable" in snapshot:
        return Unavailable(_text(snapshot["unavailable"])[:80] or "unknown", _text(snapshot.get("at"))[:40])
    if not isinstance(snapshot.get("user"), Mapping):
        return Unavailable("unreadable", "")
    user = _object(snapshot["user"])
    return Account(
        uid=_id(user),
        followers=_count(user["followers_count"]) if "followers_count" in user else None,
        verified_type=_verified_type(user),
        created_at=moment(user.get("created_at")),
        posts=tuple(_posts(snapshot)),
        mentions=tuple(_remarks(snapshot.get("mentions"))),
        partial=snapshot.get("partial", False) is not False,
        mentions_read=snapshot.get("mentions_read", True) is not False,
    )


def _posts(snapshot: Mapping[str, Any]) -> Iterator[Post]:
    """Posts that still exist and carry a date; each only once."""
    seen: set[str] = set()
    for status in map(_object, _list(snapshot.get("statuses"))):
        at, name = moment(status.get("created_at")), _id(status)
        if at is None or _deleted(status) or (name and name in seen):
            continue
        seen.add(name)
        yield Post(
            at=at,
            text=_text(status.get("text")),
            likes=_count(status.get("attitudes_count")),
            comments_count=_count(status.get("comments_count")),
            reposts=_count(status.get("reposts_count")),
            original=status.get("retweeted_status") is None,
            comments=tuple(_remarks(status.get("comments"))),
        )


def _remarks(raw: object) -> Iterator[Remark]:
    for item in map(_object, _list(raw)):
        at = moment(item.get("created_at"))
        if at is not None and not _deleted(item):
            author = _object(item.get("user"))
            yield Remark(
                author=_id(author),
                at=at,
                text=_text(item.get("text")),
                verified=author.get("verified") is True or 0 <= _verified_type(author) <= 8,
                followers=_count(author.get("followers_count")),
            )


def moment(raw: object) -> datetime | None:
    """Weibo's "Tue May 31 17:46:55 +0800 2011" or an ISO time, in China's zone; None for others.

    Written out because `strptime` depends on the process's locale.

    >>> moment("Tue May 31 17:46:55 +0800 2011").isoformat()
    '2011-05-31T17:46:55+08:00'
    """
    if not isinstance(raw, str):
        return None
    try:
        return (_api_time(raw) if raw[:3].isalpha() else _iso_time(raw)).astimezone(CHINA)
    except (KeyError, OverflowError, ValueError):
        return None


def _api_time(raw: str) -> datetime:
    _, month, day, clock, zone, year = raw.split()
    hour, minute, second = clock.split(":")
    local = datetime(
        int(year), _MONTH_NUMBERS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC
    )
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
    return local + offset if zone[0] == "-" else local - offset


def _iso_time(raw: str) -> datetime:
    at = datetime.fromisoformat(raw)
    return at if at.tzinfo else at.replace(tzinfo=CHINA)


def _deleted(item: Mapping[str, Any]) -> bool:
    return str(item.get("deleted", "0")).lower() not in ("0", "false", "none")


def _object(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _list(raw: object) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _text(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def _id(item: Mapping[str, Any]) -> str:
    for raw in (item.get("idstr"), item.get("id")):
        if type(raw) in (str, int) and raw not in ("", 0):
            return str(raw)[:40]
    return ""


def _number(raw: object) -> int | None:
    """A whole number, also one written as text; None for anything else."""
    if isinstance(raw, str) and len(raw) <= 20 and raw.strip().lstrip("-").isascii():
        try:
            return int(raw)
        except ValueError:
            return None
    if isinstance(raw, float) and abs(raw) <= _LARGEST:
        return int(raw)
    return raw if type(raw) is int else None


def _count(raw: object) -> int:
    return min(_LARGEST, max(0, _number(raw) or 0))


def _verified_type(user: Mapping[str, Any]) -> int:
    found = _number(user.get("verified_type"))
    return -1 if found is None else max(-1, min(found, 10_000))
