"""Everybody around an invented account, in the API's shape: customers, critics, bought accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from scoring.open_api import DAYS, MONTHS

Json = dict[str, Any]

DAY = 86_400  #: seconds; moments here are seconds of China's clock since the year 1
_PLACES = (
    "北京",
    "上海",
    "广东 深圳",
    "四川 成都",
    "浙江 杭州",
    "湖北 武汉",
    "云南 昆明",
    "江苏 南京",
    "其他",
)
_FIRST = (
    "阿",
    "小",
    "老",
    "大",
    "爱吃的",
    "早起的",
    "南方",
    "北方",
    "一只",
    "半糖",
    "今日",
    "快乐",
    "安静的",
    "路过的",
)
_SECOND = (
    "橘猫",
    "林",
    "周",
    "土豆",
    "云朵",
    "山茶",
    "鲸鱼",
    "米粒",
    "夏天",
    "栗子",
    "海盐",
    "青柠",
    "月亮",
    "团子",
    "松果",
    "小鹿",
)
_SECONDS = [f"{number:02d}" for number in range(60)]
_MINUTES = [f"{minute // 60:02d}:{minute % 60:02d}:" for minute in range(24 * 60)]
_LATIN = "abcdefghijklmnopqrstuvwxyz0123456789"
_REASON = "微博原创博主"


@dataclass(frozen=True)
class Person:
    """Whoever writes on Weibo; `opened` is a moment."""

    uid: int
    name: str
    opened: int
    followers: int
    friends: int
    mutual: int
    statuses: int
    location: str = "其他"
    verified_type: int = -1
    verified_reason: str = ""

    def shown(self) -> Json:
        """The user object, with the fields that a snapshot keeps."""
        return {
            "id": self.uid,
            "idstr": str(self.uid),
            "screen_name": self.name,
            "location": self.location,
            "followers_count": self.followers,
            "friends_count": self.friends,
            "statuses_count": self.statuses,
            "created_at": stamp(self.opened),
            "verified": self.verified_type >= 0,
            "verified_type": self.verified_type,
            "verified_reason": self.verified_reason,
            "bi_followers_count": self.mutual,
        }


def moment(day: date, hour: int = 0) -> int:
    """That hour of a day, in seconds."""
    return day.toordinal() * DAY + hour * 3600


@lru_cache(maxsize=20_000)
def _stamped_day(ordinal: int) -> tuple[str, str]:
    day = date.fromordinal(ordinal)
    return f"{DAYS[day.weekday()]} {MONTHS[day.month - 1]} {day.day:02d} ", f" +0800 {day.year}"


def stamp(at: int) -> str:
    """A moment as Weibo writes it, whatever the locale.

    >>> stamp(moment(date(2011, 5, 31), 17) + 46 * 60 + 55)
    'Tue May 31 17:46:55 +0800 2011'
    """
    before, after = _stamped_day(at // DAY)
    second = at % DAY
    return before + _MINUTES[second // 60] + _SECONDS[second % 60] + after


def stamped(written: str) -> int:
    """The moment that `stamp` wrote.

    >>> stamp(stamped("Tue May 31 17:46:55 +0800 2011"))
    'Tue May 31 17:46:55 +0800 2011'
    """
    _, month, day, clock, _, year = written.split()
    hour, minute, second = (int(part) for part in clock.split(":"))
    return moment(date(int(year), MONTHS.index(month) + 1, int(day)), hour) + minute * 60 + second


def ordinary(dice: np.random.Generator, first_uid: int, count: int, at: int) -> list[Json]:
    """So many customers and passers-by as users; their accounts are half a year old and more."""
    ages = dice.integers(200, 4200, count)
    followers = (5 + np.exp(5.0 + 1.1 * dice.standard_normal(count))).astype(int)
    friends = dice.integers(40, 700, count)
    mutual = (friends * dice.uniform(0.2, 0.7, count)).astype(int)
    statuses, choices = dice.integers(20, 4200, count), dice.integers(0, 2**31, count)
    opened = at - ages * DAY - choices % DAY
    columns = (column.tolist() for column in (choices, opened, followers, friends, mutual, statuses))
    return [_customer(first_uid + n, *values) for n, values in enumerate(zip(*columns, strict=True))]


def _customer(  # noqa: PLR0913, PLR0917 -- one of hundreds, so no object is made in between
    uid: int, choice: int, opened: int, followers: int, friends: int, mutual: int, statuses: int
) -> Json:
    verified = choice % 19 == 0
    return {
        "id": uid,
        "idstr": str(uid),
        "screen_name": f"{_FIRST[choice % 14]}{_SECOND[choice // 14 % 16]}{choice // 224 % 1000}",
        "location": _PLACES[choice % 9],
        "followers_count": followers,
        "friends_count": friends,
        "statuses_count": statuses,
        "created_at": stamp(opened),
        "verified": verified,
        "verified_type": 0 if verified else -1,
        "verified_reason": _REASON if verified else "",
        "bi_followers_count": mutual,
    }


def bought(dice: np.random.Generator, first_uid: int, count: int, at: int) -> Sequence[Person]:
    """So many accounts made to be sold: fresh, with a random name, following many and followed by few."""
    ages, choices = dice.integers(3, 27, count).tolist(), dice.integers(0, 2**31, count).tolist()
    friends = dice.integers(600, 1900, count).tolist()
    return [
        Person(
            uid=first_uid + n,
            name=_random_name(choice),
            opened=at - ages[n] * DAY - choice % DAY,
            followers=choice % 9,
            friends=friends[n],
            mutual=choice % 3,
            statuses=choice % 12,
        )
        for n, choice in enumerate(choices)
    ]


def _random_name(choice: int) -> str:
    if choice % 2:
        return f"用户{10**9 + choice}"
    return "".join(_LATIN[choice // 36**place % 36] for place in range(6)) + str(choice % 10**5)


def critic(dice: np.random.Generator, uid: int, at: int) -> Person:
    """A verified account above a million followers."""
    return Person(
        uid=uid,
        name="吃遍" + _SECOND[int(dice.integers(16))],
        opened=at - int(dice.integers(2000, 4500)) * DAY,
        followers=int(dice.integers(1_050_000, 9_000_000)),
        friends=880,
        mutual=402,
        statuses=16_400,
        verified_type=0,
        verified_reason="美食旅行博主",
    )
