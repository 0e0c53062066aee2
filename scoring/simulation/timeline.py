"""What an invented account posts: when, what about, and how much it draws. Posts are the newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import NamedTuple

import numpy as np

from scoring.simulation import texts
from scoring.simulation.columns import one_share, share
from scoring.simulation.people import DAY, Json, stamp

MOST = 200  #: posts of the last year that a snapshot holds
YEAR = 365  #: days
FEEDBACK_DAYS = 180  #: over which comments are kept
_USUAL_AT_100, _USUAL_FALL = 0.03, -0.322  #: interactions per post and follower, falling with size


class Post(NamedTuple):
    id: int
    at: int
    text: str
    likes: int
    comments: int
    reposts: int
    original: bool
    picture: bool


@dataclass(frozen=True)
class Habits:
    """How an account posts; logits are shares before the curve."""

    weekly: float
    silent_days: float
    regular: float
    night: float
    original: float
    picture: float
    on_topic: float
    repeated: float
    advert: float
    drawn: float  #: mean likes, comments and reposts of a post
    uneven: float
    talk: float
    shop_named: float = 0.0  #: share of the owner's posts that name the shop


@dataclass(frozen=True)
class Scene:
    """Around which account, and when, something is invented."""

    uid: int
    trade: str
    owner: str  #: "brand" or "personal"
    shop: str  #: the shop's name on Weibo
    now: int


def endless(dice: np.random.Generator) -> Iterator[int]:
    """Whole numbers to choose phrases by."""
    return chain.from_iterable(dice.integers(0, 2**31, 512).tolist() for _ in count())


def brand_habits(row: Mapping[str, float], given: Mapping[str, float], chance: float) -> Habits:
    """The shop's habits from its qualities; `chance` is a standard normal of its own."""
    activity, quality, product = row["activity"], row["quality"], row["product"]
    followers = row["followers"]
    usual = max(0.001, _USUAL_AT_100 * (followers / 100) ** _USUAL_FALL) * followers
    log = given["drawn_by_product"] * product + given["drawn_by_activity"] * activity
    return Habits(
        weekly=given["a_week"] * np.exp(given["a_week_by_activity"] * activity),
        silent_days=row["silent_days"],
        regular=given["regular"] * np.exp(given["regular_by_quality"] * quality),
        night=given["night"] + given["night_by_quality"] * quality,
        original=given["original"] + given["original_by_activity"] * activity,
        picture=given["picture"] + given["picture_by_activity"] * activity,
        on_topic=given["on_topic"] + given["on_topic_by_quality"] * quality,
        repeated=given["repeated"] + given["repeated_by_product"] * product,
        advert=given["advert"] + given["advert_by_honesty"] * row["honesty"],
        drawn=float(usual * np.exp(log + given["drawn_spread"] * chance)),
        uneven=given["uneven"] * np.exp(given["uneven_by_steadiness"] * row["steadiness"]),
        talk=given["talk"] + given["talk_by_product"] * product,
    )


def personal_habits(row: Mapping[str, float], given: Mapping[str, float]) -> Habits:
    """The owner's own habits: quieter, and telling of how steadily they live."""
    activity, honesty = row["activity"], row["honesty"]
    return Habits(
        weekly=0.8 * given["a_week"] * np.exp(0.7 * given["a_week_by_activity"] * activity),
        silent_days=0.7 * row["silent_days"],
        regular=given["regular"],
        night=given["night"] + 1.0 + given["night_by_quality"] * (row["quality"] + honesty),
        original=given["original"],
        picture=0.0,
        on_topic=given["on_topic"] + given["on_topic_by_quality"] * honesty,
        repeated=-5.0,
        advert=-4.5,
        drawn=0.02 * row["own_followers"],
        uneven=given["uneven"],
        talk=given["talk"] + 0.7,
        shop_named=0.2 if row["together"] > 0 else 0.0,
    )


def posts(dice: np.random.Generator, habits: Habits, scene: Scene, numbers: Iterator[int]) -> list[Post]:
    """A year of posts, as many as a snapshot holds."""
    moments = _moments(dice, habits, scene.now)
    many = len(moments)
    mean = habits.drawn * np.exp(habits.uneven * dice.standard_normal(many) - habits.uneven**2 / 2)
    drawn = dice.poisson(np.minimum(mean, 1e6))
    comments = dice.binomial(drawn, one_share(habits.talk))
    reposts = dice.binomial(drawn - comments, 0.09)
    flags = dice.random((many, 2)) < share(np.array([habits.original, habits.picture]))
    kinds = _kinds(dice.random(many), habits)
    said: list[str] = []
    for kind, (original, _) in zip(kinds, flags.tolist(), strict=True):
        said.append(_text(kind if original else "reposts", scene, numbers, said))
    columns = (moments, said, (drawn - comments - reposts).tolist(), comments.tolist(), reposts.tolist())
    rows = zip(*columns, strict=True)
    return [
        Post(scene.uid * 100_000 + many - place, *values, original, picture and original)
        for place, (values, (original, picture)) in enumerate(zip(rows, flags.tolist(), strict=True))
    ]


def _moments(dice: np.random.Generator, habits: Habits, now: int) -> list[int]:
    gaps = dice.gamma(habits.regular, 7 / habits.weekly / habits.regular, MOST)
    ages = np.floor(habits.silent_days + np.cumsum(gaps))
    ages = ages[ages < YEAR]
    night = dice.random(len(ages)) < one_share(habits.night)
    hours = np.where(
        night, dice.uniform(0, 5, len(ages)), np.minimum(8 + 14 * dice.beta(2, 2, len(ages)), 22)
    )
    midnight = now - now % DAY
    found = midnight - (1 + ages) * DAY + np.floor(hours * 3600)
    return sorted((int(at) for at in found.tolist()), reverse=True)


def _kinds(chance: np.ndarray[tuple[int], np.dtype[np.float64]], habits: Habits) -> list[str]:
    """By chance: an old text again, an advert, the shop named, off the topic, else on it."""
    if not len(chance):
        return []
    repeated, advert = (one_share(logit) for logit in (habits.repeated, habits.advert))
    off = 1 - one_share(habits.on_topic)
    edges = np.cumsum([repeated, advert, habits.shop_named, off])
    names = ("repeated", "adverts", "shop", "off_topic", "posts")
    return [names[place] for place in np.searchsorted(edges, chance, "right").tolist()]


def _text(kind: str, scene: Scene, numbers: Iterator[int], said: list[str]) -> str:
    if kind == "reposts":
        return texts.post(scene.trade, "brand", kind, scene.shop, numbers)
    if kind == "repeated":
        return (
            said[next(numbers) % len(said)]
            if said
            else texts.post(scene.trade, scene.owner, "posts", "", numbers)
        )
    return texts.post(scene.trade, scene.owner, kind, scene.shop, numbers)


def status(post: Post, comments: list[Json]) -> Json:
    """The status object of the API with its comments, with the fields that a snapshot keeps."""
    shown: Json = {
        "created_at": stamp(post.at),
        "id": post.id,
        "idstr": str(post.id),
        "text": post.text,
        "reposts_count": post.reposts,
        "comments_count": post.comments,
        "attitudes_count": post.likes,
        "pic_urls": [{"thumbnail_pic": f"http://simulated.invalid/{post.id}.jpg"}] if post.picture else [],
    }
    if not post.original:
        shown["retweeted_status"] = {"id": post.id - 5_000}
    return shown | {"comments": comments}
