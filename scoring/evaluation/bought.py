"""What bought popularity looks like in a snapshot: fans, likes, reviews, as the Open API shows them.

An able attacker: everything is spread over weeks, reviews come from many accounts and go to many posts. Pure;
the snapshot given is never changed.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from pydantic import Field

from scoring import forms
from scoring.calendar import CHINA
from scoring.forms import Form
from scoring.open_api import MONTHS

Json = dict[str, Any]

SPREAD_DAYS = 84  #: bought remarks and posts are dated within so many days, one after the other
POST_DAYS = 90  #: posts that interactions are bought for
_FIRST_ID = 8_800_000_000


class Good(Form):
    price: float = Field(gt=0)  #: yuan a piece
    source: str


class Market(Form):
    """What can be bought, and what bought reviews say."""

    about: str
    version: str
    goods: Mapping[str, Good]
    ready_sentences: tuple[str, ...] = Field(min_length=1)
    subjects: tuple[str, ...] = Field(min_length=1)
    praises: tuple[str, ...] = Field(min_length=1)
    closings: tuple[str, ...] = Field(min_length=1)

    def sentence(self, place: int) -> str:
        """A review of its own: no two alike before all combinations are used up."""
        subject = self.subjects[place % len(self.subjects)]
        praise = self.praises[(place * 3 + place // len(self.subjects)) % len(self.praises)]
        return subject + praise + self.closings[(place * 5 + place // 7) % len(self.closings)]


@cache
def market() -> Market:
    """The packaged market."""
    return forms.fill(Market, "attack_market.json", forms.packaged("attack_market.json"))


def _written(moment: datetime) -> str:
    """A time as the Open API writes it, whatever the process's locale; readers do not look at the weekday."""
    clock = moment.strftime("%H:%M:%S")
    return f"Mon {MONTHS[moment.month - 1]} {moment.day:02d} {clock} +0800 {moment.year}"


def _days_before(day: date, days: float) -> datetime:
    return datetime.combine(day, time(19, 30), CHINA) - timedelta(days=days)


def _spread(day: date, pieces: int) -> Iterator[datetime]:
    """So many times in the weeks before a day, as even as they can be and at all hours of an evening."""
    for place in range(pieces):
        evening = timedelta(minutes=place * 37 % 180)
        yield _days_before(day, 1 + place * SPREAD_DAYS / pieces) - evening


def _author(place: int, day: date, *, years: float, followers: int, verified: bool = False) -> Json:
    number = _FIRST_ID + place
    return {
        "id": number,
        "idstr": str(number),
        "screen_name": f"user{number * 7919 % 10**8}",
        "followers_count": followers + place * 13 % 90,
        "friends_count": 120 + place * 29 % 200,
        "statuses_count": int(years * 150) + place * 17 % 60,
        "created_at": _written(_days_before(day, years * 365 + place * 11 % 200)),
        "verified": verified,
        "verified_type": 0 if verified else -1,
    }


def _remark(at: datetime, text: str, author: Json) -> Json:
    number = int(author["id"]) * 100
    return {"created_at": _written(at), "id": number, "idstr": str(number), "text": text, "user": author}


def _statuses(snapshot: Json) -> list[Any]:
    found = snapshot.get("statuses")
    return found if isinstance(found, list) else []


def _raised(snapshot: Json, name: str, pieces: int) -> Json:
    """Counts of the newest posts raised, each by its even part."""
    statuses = _statuses(snapshot)
    posts = [place for place, post in enumerate(statuses) if isinstance(post, dict)][:60]
    changed = list(statuses)
    for turn, place in enumerate(posts):
        more = pieces // len(posts) + (turn < pieces % len(posts))
        post = statuses[place]
        changed[place] = {**post, name: _number(post.get(name)) + more}
    return {**snapshot, "statuses": changed}


def _number(raw: object) -> int:
    return (
        raw
        if type(raw) is int
        else int(raw)
        if isinstance(raw, str) and raw.isascii() and raw.isdigit()
        else 0
    )


def _fans(snapshot: Json, pieces: int, day: date) -> Json:
    """More followers, come slowly: earlier counts that are stored grow as well."""
    user = snapshot.get("user")
    if not isinstance(user, dict):
        return snapshot
    history = snapshot.get("history")
    earlier = history if isinstance(history, list) else []
    grown = [
        {**entry, "followers_count": _number(entry.get("followers_count")) + pieces * place // len(earlier)}
        for place, entry in enumerate(earlier)
        if isinstance(entry, dict)
    ]
    more = {**user, "followers_count": _number(user.get("followers_count")) + pieces}
    return {**snapshot, "user": more} | ({"history": grown} if grown else {})


def _commented(snapshot: Json, remarks: list[Json]) -> Json:
    """Remarks under the posts in turn; the counts under the posts grow with them."""
    statuses = list(_statuses(snapshot))
    posts = [place for place, post in enumerate(statuses) if isinstance(post, dict)][:40]
    for turn, place in enumerate(posts):
        own, post = remarks[turn :: len(posts)], statuses[place]
        said = post.get("comments")
        count = _number(post.get("comments_count")) + len(own)
        comments = [*(said if isinstance(said, list) else []), *own]
        statuses[place] = {**post, "comments": comments, "comments_count": count}
    return {**snapshot, "statuses": statuses}


def _comments(snapshot: Json, pieces: int, day: date) -> Json:
    ready = market().ready_sentences
    return _commented(
        snapshot,
        [
            _remark(at, ready[place % len(ready)], _author(place, day, years=0.04, followers=3))
            for place, at in enumerate(_spread(day, pieces))
        ],
    )


def _reviews(snapshot: Json, pieces: int, day: date) -> Json:
    return _commented(
        snapshot,
        [
            _remark(at, market().sentence(place), _author(100_000 + place, day, years=3, followers=150))
            for place, at in enumerate(_spread(day, pieces))
        ],
    )


def _mentioned(snapshot: Json, pieces: int, day: date, *, verified: bool) -> Json:
    start, followers = (300_000, 20_000) if verified else (200_000, 300)
    said = [
        _remark(
            at,
            market().sentence(place + 31),
            _author(start + place, day, years=3, followers=followers, verified=verified),
        )
        for place, at in enumerate(_spread(day, pieces))
    ]
    held = snapshot.get("mentions")
    return {**snapshot, "mentions": [*(held if isinstance(held, list) else []), *said]}


def _own_posts(snapshot: Json, pieces: int, day: date) -> Json:
    """Posts written for the shop, with a picture, newest first as the API lists them."""
    posts = [
        {
            "created_at": _written(at),
            "id": _FIRST_ID * 1000 + place,
            "text": market().sentence(place + 57),
            "reposts_count": 0,
            "comments_count": 0,
            "attitudes_count": 3,
            "pic_urls": [{"thumbnail_pic": "http://invalid/picture.jpg"}],
            "comments": [],
        }
        for place, at in enumerate(_spread(day, pieces))
    ]
    return {**snapshot, "statuses": [*posts, *_statuses(snapshot)]}


def _topic_members(snapshot: Json, pieces: int, day: date) -> Json:
    topic = snapshot.get("super_topic")
    held = _number(topic.get("members_count")) if isinstance(topic, dict) else 0
    return {**snapshot, "super_topic": {"members_count": held + pieces}}


#: what each good of the market does to the snapshot of an account, given how many pieces and the day
EFFECTS: Mapping[str, Callable[[Json, int, date], Json]] = {
    "fans": _fans,
    "lively_fans": _fans,
    "owner_fans": _fans,
    "likes": lambda snapshot, pieces, day: _raised(snapshot, "attitudes_count", pieces),
    "reposts": lambda snapshot, pieces, day: _raised(snapshot, "reposts_count", pieces),
    "comments": _comments,
    "reviews": _reviews,
    "mentions": lambda snapshot, pieces, day: _mentioned(snapshot, pieces, day, verified=False),
    "verified_mentions": lambda snapshot, pieces, day: _mentioned(snapshot, pieces, day, verified=True),
    "own_posts": _own_posts,
    "topic_members": _topic_members,
}
OWNER_GOODS = frozenset({"owner_fans"})  #: for the owner's account; the rest is for the shop's
