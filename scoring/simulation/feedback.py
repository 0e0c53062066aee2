"""What others write about an invented shop, and what its owner answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.simulation import people, texts
from scoring.simulation.columns import one_share, share
from scoring.simulation.people import DAY, Json, Person, stamp
from scoring.simulation.timeline import FEEDBACK_DAYS, Post, Scene, endless

TONES = (texts.POSITIVE, texts.NEUTRAL, texts.NEGATIVE, texts.CHATTER)
_MONTHS = 7
_DECLINE_DAYS = 60
_ANSWER_IDS = 500_000  #: between a comment's id and that of its answer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Temper:
    """How people speak of a shop; logits, but for `neutral` and the month's own swings."""

    remark: float
    neutral: float
    positive: Floats  #: by months ago
    decline: float
    known: float
    answered: float
    traditional: float
    english: float
    listed: int  #: under one post at most
    in_all: int


def temper(row: Mapping[str, float], given: Mapping[str, float], chances: Sequence[float]) -> Temper:
    """From the shop's qualities; the first chance is the shop's own, the others its months'."""
    product = row["product"]
    base = given["positive"] + given["positive_by_product"] * product + given["positive_spread"] * chances[0]
    swing = given["swing"] * np.exp(given["swing_by_steadiness"] * row["steadiness"])
    return Temper(
        remark=given["remark"] + given["remark_by_product"] * product,
        neutral=given["neutral"],
        positive=base + swing * np.array(chances[1 : _MONTHS + 1]),
        decline=given["decline"] if row["declining"] > 0 else 0.0,
        known=given["regulars"] + given["regulars_by_product"] * product,
        answered=given["answered"]
        + given["answered_by_activity"] * row["activity"]
        + given["answered_by_quality"] * row["quality"],
        traditional=given["traditional"],
        english=given["english"],
        listed=int(given["listed"]),
        in_all=int(given["listed_in_all"]),
    )


def tones(dice: np.random.Generator, spoken: Temper, days_ago: Ints, remarks: float) -> list[int]:
    """Places in `TONES`, one for each that speaks; `remarks` is the share that says something of the shop."""
    months = np.minimum(days_ago // 30, _MONTHS - 1)
    pleased = share(spoken.positive[months] + np.where(days_ago < _DECLINE_DAYS, spoken.decline, 0.0))
    chance = dice.random((3, len(days_ago)))
    sided = np.where(chance[2] < pleased, 0, 2)
    said = np.where(chance[1] < spoken.neutral, 1, sided)
    found: list[int] = np.where(chance[0] < remarks, said, 3).tolist()
    return found


def writers(dice: np.random.Generator, count: int, known: float, crowd: int) -> list[int]:
    """Who writes each of so many texts: somebody of the crowd, mostly its loudest, or each time a new one."""
    chance = dice.random((2, count))
    regular = np.floor(crowd * chance[1] ** 2).astype(int)
    familiar = chance[0] < known
    fresh = crowd + np.cumsum(~familiar) - 1
    found: list[int] = np.where(familiar, regular, fresh).tolist()
    return found


def _scripts(dice: np.random.Generator, count: int, spoken: Temper) -> list[str]:
    edges = (spoken.traditional, spoken.traditional + spoken.english)
    names = ("traditional", "english", "simplified")
    return [names[place] for place in np.searchsorted(edges, dice.random(count), "right").tolist()]


def comments(
    dice: np.random.Generator, posts: Sequence[Post], spoken: Temper, scene: Scene, owner: Person
) -> list[list[Json]]:
    """The comments of each post, newest first, with the owner's answers among them."""
    listed = _listed(posts, spoken, scene.now)
    place = np.repeat(np.arange(len(posts)), listed)
    count = len(place)
    delays = 60 + np.floor(9 * 3600 * dice.standard_exponential(count))
    moments = np.minimum(np.array([post.at for post in posts])[place] + delays, scene.now - 120).astype(int)
    tone = tones(dice, spoken, (scene.now - moments) // DAY, one_share(spoken.remark))
    who = writers(dice, count, one_share(spoken.known), max(3, count // 6))
    users = people.ordinary(dice, _crowd(scene), max(who, default=0) + 1, scene.now)
    scripts, numbers = _scripts(dice, count, spoken), endless(dice)
    answered = _answers(dice, count, spoken)
    found: list[list[Json]] = [[] for _ in posts]
    for n, (of, at) in enumerate(zip(place.tolist(), moments.tolist(), strict=True)):
        text = _comment_text(scene, TONES[tone[n]], scripts[n], numbers)
        said = {"created_at": stamp(at), "id": scene.uid * 1_000_000 + n, "text": text, "user": users[who[n]]}
        if answered[n] and tone[n] != 3:
            found[of].append(
                _answer(said, at + answered[n], users[who[n]]["screen_name"], owner, (scene.now, numbers))
            )
        found[of].append(said)
    return found


def _comment_text(scene: Scene, tone: str, script: str, numbers: Iterator[int]) -> str:
    if scene.owner == "personal":
        return texts.phrases().one("personal", "friends", numbers, {})
    return texts.remark(scene.trade, tone, script, numbers)


def _listed(posts: Sequence[Post], spoken: Temper, now: int) -> list[int]:
    """How many comments of each post are shown, the newest posts first, until there is no more room."""
    fresh = [post.comments if now - post.at < FEEDBACK_DAYS * DAY else 0 for post in posts]
    each = np.minimum(fresh, spoken.listed)
    before = np.cumsum(each) - each
    found: list[int] = np.clip(spoken.in_all - before, 0, each).astype(int).tolist()
    return found


def _crowd(scene: Scene) -> int:
    """The first id of those around an account."""
    return 10**12 + scene.uid % 10**10 * 10_000


def _answers(dice: np.random.Generator, count: int, spoken: Temper) -> list[int]:
    """Seconds until the owner answers each, 0 for never."""
    waits = 300 + np.floor(10 * 3600 * dice.standard_exponential(count))
    answers = dice.random(count) < one_share(spoken.answered)
    found: list[int] = np.where(answers, waits, 0).astype(int).tolist()
    return found


def _answer(said: Json, at: int, name: str, owner: Person, around: tuple[int, Iterator[int]]) -> Json:
    now, numbers = around
    text = texts.phrases().one("common", "answers", numbers, {})
    return {
        "created_at": stamp(min(at, now - 60)),
        "id": said["id"] + _ANSWER_IDS,
        "text": f"回复@{name}:{text}",
        "user": owner.shown(),
        "reply_comment": {"id": said["id"]},
    }


def mentions(
    dice: np.random.Generator, expected: float, spoken: Temper, scene: Scene, extra: Sequence[Person]
) -> list[Json]:
    """Posts by others that name the shop, newest first; those of `extra` are praise by somebody special."""
    count = int(dice.poisson(min(expected, 150.0)))
    ages = np.floor(dice.uniform(1, FEEDBACK_DAYS, count + len(extra))).astype(int)
    hours = np.floor(dice.uniform(9, 22, count + len(extra)) * 3600).astype(int)
    moments = (scene.now - scene.now % DAY - ages * DAY + hours).tolist()
    tone = tones(dice, spoken, ages[:count], 0.9) + [0] * len(extra)
    who = writers(dice, count, 0.3, max(2, count // 4))
    crowd = people.ordinary(dice, _crowd(scene) + 5_000, max(who, default=0) + 1, scene.now)
    authors = [crowd[place] for place in who] + [person.shown() for person in extra]
    scripts = _scripts(dice, count, spoken) + ["simplified"] * len(extra)
    numbers = endless(dice)
    found = []
    for n in sorted(range(len(authors)), key=lambda n: -moments[n]):
        text = texts.remark(scene.trade, TONES[tone[n]], scripts[n], numbers)
        found.append(_mention(scene, n, moments[n], text, authors[n]))
    return found


def _mention(scene: Scene, n: int, at: int, text: str, author: Json) -> Json:
    post = scene.uid * 1_000_000 + 900_000 + n
    return {
        "created_at": stamp(at),
        "id": post,
        "idstr": str(post),
        "text": f"@{scene.shop} {text}",
        "reposts_count": n % 3,
        "comments_count": n % 5,
        "attitudes_count": author["followers_count"] // 20 % 300,
        "pic_urls": [],
        "user": author,
    }
