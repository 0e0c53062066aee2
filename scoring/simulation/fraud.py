"""What money buys on Weibo, added to a snapshot: followers, likes, reviews. Pure; what is given is kept."""

from datetime import datetime
from typing import Any

import numpy as np

from scoring.calendar import CHINA
from scoring.simulation import people, texts
from scoring.simulation.assumptions import declared
from scoring.simulation.people import DAY, Json, stamp

_FANS, _REVIEWERS = 7 * 10**12, 8 * 10**12  #: ids of bought accounts, apart from those of people
_MOST_SPEAKING = 40
_LIKED_POSTS = 10  #: over so many of the newest posts likes are spread


def with_bought_fans(snapshot: Json, fans: int, dice: np.random.Generator) -> Json:
    """So many followers more, all of one day within three months; a few of them are made to cheer."""
    now, user = fetched(snapshot), snapshot["user"]
    came = now - int(dice.integers(3, 80)) * DAY
    bought: Json = {**snapshot, "user": {**user, "followers_count": user["followers_count"] + fans}}
    if "history" in snapshot:
        bought["history"] = [
            {**each, "followers_count": each["followers_count"] + fans * (_at(each["at"]) >= came)}
            for each in snapshot["history"]
        ]
    cheering = min(_MOST_SPEAKING, int(fans * declared().values("fraud")["fans_that_speak"]))
    cheers = texts.phrases().words("bought", "cheers")
    said = [cheers[number] for number in dice.integers(0, len(cheers), cheering).tolist()]
    accounts = people.bought(dice, _FANS + user["id"] % 10**9 * 100, cheering, now)
    moments = dice.integers(max(came, now - 80 * DAY), now - 60, cheering).tolist()
    return _with_comments(bought, said, [each.shown() for each in accounts], moments)


def with_bought_likes(snapshot: Json, likes: int, dice: np.random.Generator) -> Json:
    """So many likes more, spread over the newest posts."""
    statuses = snapshot["statuses"]
    if not statuses:
        return snapshot
    targets = min(_LIKED_POSTS, len(statuses))
    parts = dice.multinomial(likes, [1 / targets] * targets).tolist()
    liked = [
        {**post, "attitudes_count": post["attitudes_count"] + more}
        for post, more in zip(statuses[:targets], parts, strict=True)
    ]
    return {**snapshot, "statuses": [*liked, *statuses[targets:]]}


def with_fake_reviews(snapshot: Json, reviews: int, dice: np.random.Generator) -> Json:
    """So many reviews more: praise in nearly the same words, within days, by accounts opened for it."""
    now = fetched(snapshot)
    span = int(declared().values("fraud")["burst_days"] * DAY)
    began = now - int(dice.integers(4, 90)) * DAY
    moments = np.minimum(began + dice.integers(0, span, reviews), now - 60).tolist()
    numbers = iter(dice.integers(0, 2**31, 2 * reviews + 2).tolist())
    said = [texts.bought_praise(numbers) for _ in range(reviews)]
    accounts = people.bought(dice, _REVIEWERS + snapshot["user"]["id"] % 10**9 * 1000, reviews, began)
    return _with_comments(snapshot, said, [each.shown() for each in accounts], moments)


def fetched(snapshot: Json) -> int:
    """When the snapshot was taken, in seconds of China's clock."""
    return _at(snapshot["fetched_at"])


def _at(written: str) -> int:
    there = datetime.fromisoformat(written).astimezone(CHINA)
    return people.moment(there.date(), there.hour) + there.minute * 60 + there.second


def _with_comments(snapshot: Json, said: list[str], users: list[Json], moments: list[int]) -> Json:
    """Comments under the newest post that was there when each was written; none where nothing was posted."""
    statuses = [{**post, "comments": list(post["comments"])} for post in snapshot["statuses"]]
    if not statuses:
        return snapshot
    ages = [people.stamped(post["created_at"]) for post in statuses]
    for n, (text, user, at) in enumerate(zip(said, users, moments, strict=True)):
        place = next((place for place, posted in enumerate(ages) if posted <= at), len(ages) - 1)
        written = max(at, ages[place] + 60)
        comment: dict[str, Any] = {
            "created_at": stamp(written),
            "id": user["id"] * 100 + n % 100,
            "text": text,
            "user": user,
        }
        statuses[place]["comments"].append(comment)
        statuses[place]["comments_count"] += 1
    return {**snapshot, "statuses": statuses}
