"""What an account posted, in the shape of `statuses/user_timeline`; the same for the same day asked about."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.accounts import Account, accounts, read
from bot.sandbox.people import Json, Person, shown, stamp
from scoring.calendar import CHINA

SOURCE = '<a href="http://weibo.com" rel="nofollow">新浪微博</a>'


@dataclass(frozen=True)
class Post:
    """One post before it is written as JSON; newest posts have the highest ids."""

    id: int
    at: datetime
    text: str
    likes: int
    reposts: int
    picture: bool


def timeline(account: Account, at: datetime) -> tuple[Post, ...]:
    """The account's posts, newest first, none later than the evening before `at`."""
    dice = random.Random(f"{account.key}/posts")  # noqa: S311 -- invented data, repeatable on purpose
    days = sorted(_days(account, dice))
    texts = _texts(account, dice)
    return tuple(
        Post(
            id=account.uid * 100_000 + 40_000 - n,
            at=_at_hour(at, day, dice),
            text=texts[n],
            likes=_around(account.likes, dice),
            reposts=_around(account.reposts, dice),
            picture=dice.random() < account.pictures,
        )
        for n, day in enumerate(days)
    )


def status(post: Post, comments: int) -> Json:
    """The status object of the Open API, without its user."""
    picture = f"http://sandbox.invalid/{post.id}.jpg"
    shared = {
        "created_at": stamp(post.at),
        "id": post.id,
        "idstr": str(post.id),
        "mid": str(post.id),
        "text": post.text,
        "source": SOURCE,
        "favorited": False,
        "truncated": False,
        "in_reply_to_status_id": "",
        "in_reply_to_user_id": "",
        "in_reply_to_screen_name": "",
        "geo": None,
        "reposts_count": post.reposts,
        "comments_count": comments,
        "attitudes_count": post.likes,
        "annotations": [],
        "pic_urls": [{"thumbnail_pic": picture}] if post.picture else [],
    }
    return shared | ({"thumbnail_pic": picture} if post.picture else {})


def with_user(post: Post, author: Person, comments: int) -> Json:
    """The same with its user, as timelines and mentions give it."""
    return status(post, comments) | {"user": shown(author)}


def _days(account: Account, dice: random.Random) -> list[int]:
    """Spread evenly with some play over all days of the spans."""
    calendar = [day for first, last in account.spans for day in range(first, last + 1)]
    step = len(calendar) / max(1, account.posts)
    return [calendar[min(len(calendar) - 1, int((n + dice.random()) * step))] for n in range(account.posts)]


def _texts(account: Account, dice: random.Random) -> Sequence[str]:
    pool = read("posts.toml")[account.kind]
    shop = accounts()[account.shop].screen_name if account.shop else ""
    things = read("comments.toml")[account.trade]["things"]
    seen: dict[str, None] = {}
    while len(seen) < account.posts:
        text = dice.choice(pool["texts"]).format(thing=dice.choice(things), shop=shop)
        seen.setdefault(text + dice.choice(pool["closings"]))
    return list(seen)


def _at_hour(at: datetime, day: int, dice: random.Random) -> datetime:
    midnight = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=day) + timedelta(hours=dice.randint(8, 21), minutes=dice.randint(0, 59))


def _around(typical: int, dice: random.Random) -> int:
    return round(typical * dice.lognormvariate(0.0, 0.35))
