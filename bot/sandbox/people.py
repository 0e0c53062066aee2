"""Users in the shape of `users/show`: the accounts themselves and the invented people who write to them."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.accounts import Account, Endorsement
from scoring.calendar import CHINA
from scoring.open_api import DAYS, MONTHS

Json = dict[str, Any]

PLACES = (
    "北京",
    "上海",
    "广东 深圳",
    "四川 成都",
    "浙江 杭州",
    "湖北 武汉",
    "云南 昆明",
    "江苏 南京",
    "陕西 西安",
    "其他",
)
FIRST = "阿 小 老 大 爱吃的 早起的 路过的 南方 北方 安静的 散步的 今日 半糖 不加班的 一只 周末".split()  # noqa: SIM905 -- one line to read
SECOND = "橘猫 林 周 土豆 云朵 山茶 鲸鱼 米粒 夏天 木木 栗子 海盐 青柠 可乐 月亮 团子 松果 小鹿".split()  # noqa: SIM905


@dataclass(frozen=True)
class Person:
    """Whoever can write on Weibo."""

    uid: int
    name: str
    opened: datetime
    followers: int
    friends: int
    mutual: int
    statuses: int
    location: str = "其他"
    description: str = ""
    gender: str = "n"
    verified_type: int = -1
    verified_reason: str = ""


def of_account(account: Account, at: datetime, description: str | None = None) -> Person:
    """The account as a person, with the description its user may have edited."""
    return Person(
        uid=account.uid,
        name=account.screen_name,
        opened=at - timedelta(days=account.age_days),
        followers=account.followers,
        friends=account.friends,
        mutual=account.mutual,
        statuses=account.statuses,
        location=account.location,
        description=account.description if description is None else description,
        gender=account.gender,
        verified_type=account.verified_type,
        verified_reason=account.verified_reason,
    )


def critic(endorsement: Endorsement, at: datetime) -> Person:
    """The large verified account that recommended a shop."""
    return Person(
        uid=endorsement.uid,
        name=endorsement.name,
        opened=at - timedelta(days=3400),
        followers=endorsement.followers,
        friends=880,
        mutual=402,
        statuses=16400,
        verified_type=0,
        verified_reason=endorsement.reason,
    )


def passer_by(account: Account, n: int, at: datetime) -> Person:
    """The nth ordinary author around an account; always the same one for the same n.

    A stranger opened the account less than a month ago and follows many who do not follow back.
    """
    dice = random.Random(f"{account.key}/person/{n}")  # noqa: S311 -- invented data, repeatable on purpose
    stranger = dice.random() < account.strangers
    age = dice.randint(4, 26) if stranger else dice.randint(260, 3600)
    friends = dice.randint(600, 1900) if stranger else dice.randint(40, 700)
    verified = not stranger and dice.random() < 0.05
    return Person(
        uid=9_900_000_000 + account.uid % 10_000 * 10_000 + n,
        name=_name(dice, stranger, n),
        opened=at - timedelta(days=age, minutes=dice.randint(0, 1400)),
        followers=dice.randint(0, 9) if stranger else int(dice.lognormvariate(5.2, 1.1)) + 5,
        friends=friends,
        mutual=dice.randint(0, 3) if stranger else int(friends * dice.uniform(0.2, 0.7)),
        statuses=dice.randint(0, 12) if stranger else dice.randint(30, 4200),
        location=dice.choice(PLACES),
        gender=dice.choice("mf"),
        verified_type=0 if verified else -1,
        verified_reason="微博原创视频博主" if verified else "",
    )


def shown(person: Person) -> Json:
    """The user object of the Open API."""
    return {
        "id": person.uid,
        "idstr": str(person.uid),
        "screen_name": person.name,
        "name": person.name,
        "province": "100",
        "city": "1000",
        "location": person.location,
        "description": person.description,
        "url": "",
        "profile_image_url": f"http://sandbox.invalid/{person.uid}/50/0/1",
        "domain": "",
        "gender": person.gender,
        "followers_count": person.followers,
        "friends_count": person.friends,
        "statuses_count": person.statuses,
        "favourites_count": person.statuses // 9,
        "created_at": stamp(person.opened),
        "following": False,
        "allow_all_act_msg": False,
        "geo_enabled": True,
        "verified": person.verified_type >= 0,
        "verified_type": person.verified_type,
        "allow_all_comment": True,
        "avatar_large": f"http://sandbox.invalid/{person.uid}/180/0/1",
        "verified_reason": person.verified_reason,
        "follow_me": False,
        "online_status": 0,
        "bi_followers_count": person.mutual,
    }


def stamp(moment: datetime) -> str:
    """A moment as Weibo writes it, whatever the locale.

    >>> from datetime import UTC
    >>> stamp(datetime(2011, 5, 31, 9, 46, 55, tzinfo=UTC))
    'Tue May 31 17:46:55 +0800 2011'
    """
    there = moment.astimezone(CHINA)
    return f"{DAYS[there.weekday()]} {MONTHS[there.month - 1]} {there:%d %H:%M:%S +0800 %Y}"


def _name(dice: random.Random, stranger: bool, n: int) -> str:
    if stranger:
        return f"用户{dice.randint(10**9, 10**10 - 1)}"
    return f"{dice.choice(FIRST)}{dice.choice(SECOND)}{n}"
