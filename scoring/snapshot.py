"""Reads what a Weibo account showed when it was fetched. Total: whatever was stored, reading it never raises.

Shapes follow the Open API v2 (users/show, statuses/user_timeline, comments/show, statuses/mentions). Two more
are read where a source has them: `history`, earlier counts of followers as
`{"at": <time>, "followers_count": <count>}`, and `super_topic` as `{"members_count": <count>}`.

Bounds: the first 2,000 posts, 20,000 comments, 5,000 mentions and 1,000 earlier counts are read, in the order
in which they are stored. Of whoever writes, nothing is read that says who they are: no sex, no picture, no
birthday, and a place only of verified organisations.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from scoring import open_api

ENTERPRISE = 2  #: verified_type of a verified business
ORGANISATIONS = range(1, 9)  #: verified types that are no single person
MOST_POSTS, MOST_COMMENTS, MOST_MENTIONS, MOST_HISTORY = 2_000, 20_000, 5_000, 1_000


@dataclass(frozen=True)
class Unavailable:
    """A source that could not be read: a fact with its reason, never a zero."""

    reason: str
    at: str


@dataclass(frozen=True)
class Authors:
    """Who wrote comments and mentions, as columns; None where something is not shown."""

    uid: tuple[str, ...] = ()  #: empty when not shown
    name: tuple[str, ...] = ()
    followers: tuple[int | None, ...] = ()
    friends: tuple[int | None, ...] = ()
    statuses: tuple[int | None, ...] = ()
    opened: tuple[int | None, ...] = ()  #: when the account was, in seconds since 1970
    verified: tuple[bool, ...] = ()
    city: tuple[str, ...] = ()  #: of a verified organisation, else empty
    filled: tuple[float | None, ...] = ()  #: share of picture and description there, None if neither is shown

    def __len__(self) -> int:
        return len(self.uid)


class Remark(NamedTuple):
    """A comment by somebody else on a post of the account, or somebody's post that names it."""

    at: int  #: seconds since 1970
    text: str
    author: int  #: place in the columns of `Account.authors`
    post: int  #: place in `Account.posts`, -1 for a mention
    id: str


class Answer(NamedTuple):
    """What the owner of the account wrote under a post, or (`post` is -1) naming the account."""

    at: int
    text: str
    post: int
    answers: str  #: id of the comment it replies to, empty when not shown


class Post(NamedTuple):
    at: int  #: seconds since 1970
    text: str
    likes: int
    comments_count: int
    reposts: int
    counted: bool  #: whether any of the three counts could be read
    original: bool
    pictured: bool

    @property
    def interactions(self) -> int:
        return self.likes + self.comments_count + self.reposts


class Earlier(NamedTuple):
    """How many followers there were at an earlier time."""

    at: int
    followers: int


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account as it was seen."""

    uid: str
    name: str = ""
    city: str = ""
    followers: int | None = None
    friends: int | None = None
    mutual: int | None = None  #: who follow and are followed
    verified_type: int = -1
    opened: int | None = None  #: seconds since 1970
    posts: tuple[Post, ...] = ()
    remarks: tuple[Remark, ...] = ()  #: comments of all posts, then mentions, without the owner's own
    answers: tuple[Answer, ...] = ()
    authors: Authors = Authors()
    history: tuple[Earlier, ...] = ()  #: oldest first
    super_topic: int | None = None  #: members of its super topic
    partial: bool = False  #: not everything that was asked for came
    mentions_read: bool = True  #: False where nobody was allowed to look for them

    @property
    def first_seen(self) -> date | None:
        """The date of the oldest sign of life: when it was opened, or its oldest post that was read."""
        signs = [post.at for post in self.posts] + ([] if self.opened is None else [self.opened])
        return open_api.china_day(min(signs)) if signs else None


def read(raw: object) -> Account | Unavailable | None:
    """The account in a stored snapshot; None where none was given, `Unavailable` where its source failed."""
    if raw is None:
        return None
    snapshot = raw if isinstance(raw, Mapping) else {}
    if "unavailable" in snapshot:
        reason = open_api.text(snapshot["unavailable"])[:80] or "unknown"
        return Unavailable(reason, open_api.text(snapshot.get("at"))[:40])
    if not isinstance(snapshot.get("user"), dict):
        return Unavailable("unreadable", "")
    return _account(snapshot["user"], snapshot)


def _account(user: Mapping[str, Any], snapshot: Mapping[str, Any]) -> Account:
    said = _Said(open_api.identity(user))
    posts = tuple(said.posts(snapshot.get("statuses")))
    said.read(islice(_items(snapshot.get("mentions")), MOST_MENTIONS), -1)
    return Account(
        uid=said.owner,
        name=open_api.text(user.get("screen_name"))[:60],
        city=open_api.text(user.get("location"))[:40],
        followers=open_api.count(user.get("followers_count")),
        friends=open_api.count(user.get("friends_count")),
        mutual=open_api.count(user.get("bi_followers_count")),
        verified_type=_verified_type(user),
        opened=open_api.moment(user.get("created_at")),
        posts=posts,
        remarks=tuple(said.remarks),
        answers=tuple(said.answers),
        authors=_authors(said.uids, said.users),
        history=tuple(sorted(_history(snapshot.get("history")))),
        super_topic=open_api.count(_object(snapshot.get("super_topic")).get("members_count")),
        partial=snapshot.get("partial", False) is not False or not _readable(snapshot) or said.full,
        mentions_read=snapshot.get("mentions_read", True) is not False,
    )


def _readable(snapshot: Mapping[str, Any]) -> bool:
    """Whether posts, comments and mentions are lists, none too long; the rest is unknown, not none."""
    posts = snapshot.get("statuses")
    if not isinstance(posts, list) or len(posts) > MOST_POSTS:
        return False
    said = (status.get("comments", []) for status in _items(posts))
    return all(isinstance(each, list) for each in (snapshot.get("mentions", []), *said))


@dataclass
class _Said:
    """What was said on an account, gathered in one pass; every author and every id once."""

    owner: str
    remarks: list[Remark] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    uids: list[str] = field(default_factory=list)
    users: list[Mapping[str, Any]] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _room: int = MOST_COMMENTS

    @property
    def full(self) -> bool:
        """Whether there was no room for all comments: what came first may have crowded out the rest."""
        return not self._room

    def posts(self, raw: object) -> Iterator[Post]:
        """Posts that still exist and carry a date, each only once, their comments read on the way."""
        seen: set[str] = set()
        place = 0
        for status in islice(_items(raw), MOST_POSTS):
            at, name = open_api.moment(status.get("created_at")), open_api.identity(status)
            if at is None or open_api.gone(status) or name in seen:
                continue
            seen.update({name} - {""})
            yield _post(at, status)
            comments = status.get("comments")
            if isinstance(comments, list) and self._room:
                self.read(islice(_items(comments), self._room), place)
                self._room = max(0, self._room - len(comments))
            place += 1

    def read(self, items: Iterator[Mapping[str, Any]], post: int) -> None:
        """Comments of one post, or mentions."""
        for item in items:
            at, name = open_api.moment(item.get("created_at")), open_api.identity(item)
            if at is None or name in self._seen or open_api.gone(item):
                continue
            if name:
                self._seen.add(name)
            user = _object(item.get("user"))
            uid = open_api.identity(user)
            if uid and uid == self.owner:
                answered = open_api.identity(_object(item.get("reply_comment")))
                self.answers.append(Answer(at, open_api.text(item.get("text")), post, answered))
            else:
                author = self._author(uid, user)
                self.remarks.append(Remark(at, open_api.text(item.get("text")), author, post, name))

    def _author(self, uid: str, user: Mapping[str, Any]) -> int:
        place = self._places.get(uid) if uid else None
        if place is None:
            place = len(self.uids)
            self.uids.append(uid)
            self.users.append(user)
            if uid:
                self._places[uid] = place
        return place


def _authors(uids: list[str], users: list[Mapping[str, Any]]) -> Authors:
    kinds = [_verified_type(user) for user in users]
    return Authors(
        uid=tuple(uids),
        name=tuple([open_api.text(user.get("screen_name"))[:60] for user in users]),
        followers=open_api.column(users, "followers_count"),
        friends=open_api.column(users, "friends_count"),
        statuses=open_api.column(users, "statuses_count"),
        opened=tuple([open_api.moment(user.get("created_at")) for user in users]),
        verified=tuple(
            [user.get("verified") is True or 0 <= kind <= 8 for user, kind in zip(users, kinds, strict=True)]
        ),
        city=tuple(
            [
                open_api.text(user.get("location"))[:40] if kind in ORGANISATIONS else ""
                for user, kind in zip(users, kinds, strict=True)
            ]
        ),
        filled=tuple([_filled(user) for user in users]),
    )


_PROFILE = ("description", "profile_image_url")


def _filled(user: Mapping[str, Any]) -> float | None:
    if "description" not in user and "profile_image_url" not in user:
        return None
    shown = [bool(user[part]) for part in _PROFILE if part in user]
    return sum(shown) / len(shown)


def _post(at: int, status: Mapping[str, Any]) -> Post:
    counts = [open_api.count(status.get(name)) for name in _COUNTS]
    likes, comments, reposts = (found or 0 for found in counts)
    return Post(
        at=at,
        text=open_api.text(status.get("text")),
        likes=likes,
        comments_count=comments,
        reposts=reposts,
        counted=counts != [None, None, None],
        original=status.get("retweeted_status") is None,
        pictured=any(status.get(name) for name in ("thumbnail_pic", "pic_urls", "pic_ids")) or _video(status),
    )


_COUNTS = ("attitudes_count", "comments_count", "reposts_count")


def _video(status: Mapping[str, Any]) -> bool:
    page = _object(status.get("page_info")).get("type")
    return page == "video" or "微博视频" in open_api.text(status.get("text"))


def _history(raw: object) -> Iterator[Earlier]:
    for item in islice(_items(raw), MOST_HISTORY):
        at, followers = open_api.moment(item.get("at")), open_api.count(item.get("followers_count"))
        if at is not None and followers is not None:
            yield Earlier(at, followers)


def _verified_type(user: Mapping[str, Any]) -> int:
    shown = user.get("verified_type")
    if type(shown) is int and -1 <= shown <= 10_000:
        return shown
    found = open_api.signed(shown)
    return -1 if found is None else max(-1, min(found, 10_000))


def _object(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _items(raw: object) -> Iterator[Mapping[str, Any]]:
    """The objects of a list; whatever else stands in it is left out."""
    return (item for item in (raw if isinstance(raw, list) else ()) if isinstance(item, dict))
