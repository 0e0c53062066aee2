"""What the posts of the shop's account tell of when, where and what the shop is, to hold answers against.

City level only; nothing is read of the people who write or comment.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scoring import open_api
from scoring.application import Application
from scoring.calendar import SEASON_DAYS
from scoring.months import Month
from scoring.snapshot import Account
from scoring.verdicts import FAIL, PASS, WARN, worst

CLOSE = 12  #: months that opening and the account's beginning may lie apart
DOUBTED, CONTRADICTED = (5, 3), (10, 2)  #: at least so many posts, and one in so many of all


@dataclass(frozen=True)
class Words:
    """Names of cities with what stands around them, and words of each trade."""

    any_city: re.Pattern[str]
    around: re.Pattern[str]  #: a city's name where it says where the shop is
    trades: Mapping[str, tuple[str, ...]]
    akin: Mapping[str, frozenset[str]]  #: the trades that speak of this one's things, itself included

    def city(self, text: str) -> str | None:
        """The first known city in a text."""
        found = self.any_city.search(text)
        return found[0] if found else None


@dataclass(frozen=True)
class Trail:
    """The month the account is known from, and in how many of its posts each city and trade is spoken of."""

    since: Month | None
    posts: int
    cities: Mapping[str, int]
    trades: Mapping[str, int]
    known: Words


def words(raw: bytes) -> Words:
    """Read the packaged file."""
    data = tomllib.loads(raw.decode())
    cities = tuple(data["cities"].split())
    any_city, before, after = (
        "|".join(map(re.escape, part)) for part in (cities, data["before"], data["after"])
    )
    around = re.compile(f"(?:{before})(?P<behind>{any_city})|(?P<ahead>{any_city})(?:{after})")
    trades = {trade: tuple(those) for trade, those in data["trades"].items()}
    akin = {trade: frozenset({trade, *_kin(trade, data["akin"])}) for trade in trades}
    return Words(re.compile(any_city), around, trades, akin)


def _kin(trade: str, families: Iterable[list[str]]) -> Iterable[str]:
    return (name for family in families if trade in family for name in family)


def follow(account: Account, known: Words, day: date) -> Trail:
    """What is told by the posts that the account wrote itself.

    By those older than a season, where there are enough to contradict: one post written for the application
    clears up nothing.
    """
    own = [post for post in account.posts if post.original]
    settled = [post for post in own if (day - open_api.china_day(post.at)).days > SEASON_DAYS]
    texts = [post.text for post in (settled if len(settled) >= DOUBTED[0] else own)]
    return Trail(
        Month.of(account.first_seen) if account.first_seen else None,
        len(texts),
        _counted(_cities(text, known) for text in texts),
        _counted(_trades(text, known) for text in texts),
        known,
    )


def _counted(found: Iterable[set[str]]) -> Mapping[str, int]:
    return Counter(name for names in found for name in names)


def _cities(text: str, known: Words) -> set[str]:
    return {match["behind"] or match["ahead"] for match in known.around.finditer(text)}


def _trades(text: str, known: Words) -> set[str]:
    return {trade for trade, those in known.trades.items() if any(word in text for word in those)}


def agreement(trail: Trail, application: Application) -> tuple[int | None, str]:
    """X12: months from opening to the account's beginning, and the worst verdict of month, city and trade."""
    gap, known, city = None, trail.known, trail.known.city(application.city or "")
    if trail.since is not None and application.opened is not None:
        gap = application.opened.until(trail.since)
    return gap, worst(
        *([] if gap is None else [WARN if abs(gap) > CLOSE else PASS]),
        *_held(trail.cities, {city} if city else (), trail.posts),
        *_held(trail.trades, known.akin.get(application.trade or "", ()), trail.posts),
    )


def _held(spoken: Mapping[str, int], answered: Collection[str], posts: int) -> list[str]:
    """Whether posts speak of what was answered; of another alone, and often, they contradict it."""
    if not answered or not spoken:
        return []
    if not spoken.keys().isdisjoint(answered):
        return [PASS]
    often = max(spoken.values())
    for verdict, (least, part) in ((FAIL, CONTRADICTED), (WARN, DOUBTED)):
        if often >= least and often * part >= posts:
            return [verdict]
    return [PASS]
