"""The raw snapshots of an invented merchant's accounts, in the shape in which the API's are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from scoring.simulation import answers, feedback, fraud, people, texts, timeline
from scoring.simulation.assumptions import Assumptions
from scoring.simulation.columns import Row, one_share
from scoring.simulation.people import DAY, Json, Person
from scoring.simulation.shops import TRADES
from scoring.simulation.timeline import Scene

HOUR = 20  #: of the day, when all snapshots are taken
HISTORY_DAYS = 100
_FIRST_SHOP, _FIRST_OWNER = 5 * 10**9, 6 * 10**9
_ENTERPRISE = 2


@dataclass(frozen=True)
class Names:
    """What the two accounts are called; both are invented."""

    brand: str
    personal: str


def names(number: int, row: Row) -> Names:
    known = texts.phrases()
    places = answers.CITIES[int(row["tier"]) - 1]
    own = known.words("names", "personal")
    city = places[int(row["city"]) % len(places)]
    return Names(_shop_name(number, TRADES[int(row["trade"])], city), f"{own[number % len(own)]}_{number}")


def _shop_name(number: int, trade: str, city: str) -> str:
    """Of seven shops five have a Chinese name, one puts a Latin word to it, one's is all Latin.

    By the number alone, so that a name tells nothing else of a merchant: whatever moves with it is a leak.
    """
    known, place, kind = texts.phrases(), number % 20, number // 20
    chinese, latin = known.words(trade, "names"), known.words(trade, "latin_names")
    first = known.words("names", "first")[place]
    match number * 5 % 7:
        case 0:
            return f"{known.words('names', 'latin')[place]} {latin[kind % len(latin)]} {number}"
        case 1:
            return f"{city}{first} {latin[kind % len(latin)]} {number}"
        case _:
            return f"{city}{first}{chinese[kind % len(chinese)]}{number}"


@dataclass(frozen=True)
class Around:
    """One merchant as its accounts are drawn from."""

    number: int
    row: Row
    day: date
    assumed: Assumptions
    names: Names

    @property
    def now(self) -> int:
        return people.moment(self.day, HOUR)

    def scene(self, owner: str) -> Scene:
        first = _FIRST_SHOP if owner == "brand" else _FIRST_OWNER
        return Scene(first + self.number, TRADES[int(self.row["trade"])], owner, self.names.brand, self.now)

    @property
    def city(self) -> str:
        places = answers.CITIES[int(self.row["tier"]) - 1]
        return places[int(self.row["city"]) % len(places)]


def brand(dice: np.random.Generator, around: Around) -> Json:
    """The shop's account with its posts, comments and mentions, and what was bought for it."""
    row, scene, assumed = around.row, around.scene("brand"), around.assumed
    owner = _shop(dice, around, scene)
    numbers, chances = timeline.endless(dice), dice.standard_normal(9).tolist()
    habits = timeline.brand_habits(row, assumed.values("posts"), chances[8])
    posts = timeline.posts(dice, habits, scene, numbers)
    spoken = feedback.temper(row, assumed.values("feedback"), chances)
    said = feedback.comments(dice, posts, spoken, scene, owner)
    snapshot = _snapshot(around, owner, [timeline.status(*pair) for pair in zip(posts, said, strict=True)])
    snapshot["user"]["description"] = texts.post(scene.trade, "brand", "posts", "", numbers)
    praised = feedback.mentions(dice, _mentions(row, assumed), spoken, scene, _special(dice, around))
    snapshot |= {"mentions": praised, "history": _history(dice, around, row["followers"])}
    _together(snapshot, around)
    return _dressed_up(snapshot, row, dice)


def personal(dice: np.random.Generator, around: Around) -> Json:
    """The owner's account; nobody's mentions of it are looked for."""
    row, scene, assumed = around.row, around.scene("personal"), around.assumed
    owner = _owner(around)
    habits = timeline.personal_habits(row, assumed.values("posts"))
    posts = timeline.posts(dice, habits, scene, timeline.endless(dice))
    spoken = feedback.temper(row, assumed.values("feedback"), [0.0] * 8)
    said = feedback.comments(dice, posts, spoken, scene, owner)
    return _snapshot(around, owner, [timeline.status(*pair) for pair in zip(posts, said, strict=True)])


def _snapshot(around: Around, owner: Person, statuses: list[Json]) -> Json:
    user = owner.shown() | {"province": "100", "city": "1000", "description": ""}
    fetched_at = f"{around.day.isoformat()}T{HOUR:02d}:00:00+08:00"
    return {"user": user, "statuses": statuses, "mentions": [], "fetched_at": fetched_at}


def _shop(dice: np.random.Generator, around: Around, scene: Scene) -> Person:
    row = around.row
    friends = int(dice.integers(40, 900))
    months = row["months_open"] * row["account_share"]
    verified = row["verified"] > 0
    return Person(
        uid=scene.uid,
        name=around.names.brand,
        opened=around.now - int(months * 30.4 * DAY) - 3 * DAY,
        followers=int(row["followers"]),
        friends=friends,
        mutual=int(friends * _mutual(row, around.assumed.values("accounts"))),
        statuses=int(row["months_open"] * 6),
        location=around.city,
        verified_type=_ENTERPRISE if verified else -1,
        verified_reason=f"{around.names.brand}官方微博" if verified else "",
    )


def _owner(around: Around) -> Person:
    row = around.row
    friends = 60 + int(row["own_followers"] ** 0.7)
    return Person(
        uid=_FIRST_OWNER + around.number,
        name=around.names.personal,
        opened=around.now - int(row["own_account_months"] * 30.4 * DAY),
        followers=int(row["own_followers"]),
        friends=friends,
        mutual=int(friends * _mutual(row, around.assumed.values("accounts"))),
        statuses=int(row["own_account_months"] * 9),
        location=around.city,
    )


def _mutual(row: Row, given: Mapping[str, float]) -> float:
    logit = (
        given["mutual"]
        + given["mutual_by_honesty"] * row["honesty"]
        + given["mutual_by_activity"] * row["activity"]
        + 0.4 * row["mutual_chance"]
    )
    return one_share(logit)


def _mentions(row: Row, assumed: Assumptions) -> float:
    given = assumed.values("feedback")
    log = given["mentions_by_product"] * row["product"] + given["mentions_by_popularity"] * row["popularity"]
    return float(given["mentions"] * np.exp(log))


def _special(dice: np.random.Generator, around: Around) -> list[Person]:
    """Who else names the shop: a critic, and neighbours that are verified businesses of the same city."""
    row, uid = around.row, 9 * 10**12 + around.number * 10
    found = [people.critic(dice, uid, around.now)] if row["endorsed"] else []
    neighbours = min(5, int(dice.poisson(0.5 * np.exp(0.4 * row["honesty"] + 0.3 * row["activity"]))))
    first = texts.phrases().words("names", "first")
    for n in range(neighbours):
        found.append(
            Person(
                uid=uid + 1 + n,
                name=f"{around.city}{first[int(dice.integers(len(first)))]}",
                opened=around.now - int(dice.integers(400, 3000)) * DAY,
                followers=int(dice.integers(800, 40_000)),
                friends=300,
                mutual=160,
                statuses=900,
                location=around.city,
                verified_type=_ENTERPRISE,
            )
        )
    return found


def _history(dice: np.random.Generator, around: Around, followers: float) -> list[Json]:
    """Each day's followers, oldest first, grown to what they are by chance and by how much is posted."""
    growth = 0.0008 * np.exp(0.3 * around.row["activity"] + 0.2 * around.row["product"])
    gains = dice.poisson(min(growth * followers, 1e6), HISTORY_DAYS)
    counts = (followers - np.cumsum(gains[::-1])[::-1]).clip(1).astype(int).tolist()
    first = around.day - timedelta(days=HISTORY_DAYS)
    return [
        {"at": f"{(first + timedelta(days=n)).isoformat()}T12:00:00+08:00", "followers_count": count}
        for n, count in enumerate(counts)
    ]


def _together(snapshot: Json, around: Around) -> None:
    """The owner cheers under the shop's newest posts where the two speak to one another."""
    if not around.row["together"] or not around.row["personal"]:
        return
    user = _owner(around).shown()
    for n, post in enumerate(snapshot["statuses"][:2]):
        at = min(people.stamped(post["created_at"]) + 3_000, around.now - 60)
        comment = {"created_at": people.stamp(at), "id": user["id"] * 1000 + n, "text": "[心]", "user": user}
        post["comments"] = [*post["comments"], comment]
        post["comments_count"] += 1


def _dressed_up(snapshot: Json, row: Row, dice: np.random.Generator) -> Json:
    if row["bought_fans"]:
        snapshot = fraud.with_bought_fans(snapshot, int(row["fans_bought"] * row["followers"]), dice)
    if row["fake_reviews"]:
        snapshot = fraud.with_fake_reviews(snapshot, int(row["reviews_bought"]), dice)
    return snapshot
