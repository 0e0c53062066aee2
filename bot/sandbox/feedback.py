"""What others write about an account: as many comments and mentions of each meaning as declared."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.accounts import Account, Endorsement, read
from bot.sandbox.people import Person, critic, of_account, passer_by
from bot.sandbox.posts import Post
from scoring.calendar import CHINA

#: The few texts a bought wave of praise repeats.
COPIED = (
    "环境好服务好技术好，五星好评",
    "服务好环境好技术好，五星好评",
    "环境好，服务好，技术好，五星好评！",
    "技术好服务好，五星好评",
)


@dataclass(frozen=True)
class Comment:
    """One comment under a post; `label` is what it means, which the API never tells."""

    id: int
    post: int
    at: datetime
    text: str
    author: Person
    label: str
    answers: int | None = None  #: id of the comment it replies to


@dataclass(frozen=True)
class Mention:
    """Somebody else's post about the account; always praise."""

    post: Post
    author: Person


def comments(account: Account, posts: Sequence[Post], at: datetime) -> tuple[Comment, ...]:
    """All comments under these posts, the owner's answers among them, newest first."""
    if not posts:
        return ()
    dice = random.Random(f"{account.key}/comments")  # noqa: S311 -- invented data, repeatable on purpose
    written = [
        _comment(n, account, label, text, (posts, at, dice))
        for n, (label, text) in enumerate(_said(account, dice))
    ]
    answers = [
        _answer(account, said, at, dice)
        for said in written
        if said.label != "not_feedback" and dice.random() < account.answered
    ]
    return tuple(sorted(written + answers, key=lambda said: (said.at, said.id), reverse=True))


def mentions(account: Account, at: datetime) -> tuple[Mention, ...]:
    """Posts by others that name the account, newest first; the endorsement is one of them."""
    dice = random.Random(f"{account.key}/mentions")  # noqa: S311 -- invented data, repeatable on purpose
    ordinary = account.mentions - (account.endorsement is not None)
    texts = phrases(account.trade, "positive", max(0, ordinary), dice)
    found = [_mention(account, n, text, at, dice) for n, text in enumerate(texts)]
    if account.endorsement:
        found.append(_endorsement(account, account.endorsement, at))
    return tuple(sorted(found, key=lambda mention: mention.post.at, reverse=True))


def phrases(trade: str, label: str, count: int, dice: random.Random) -> list[str]:
    """So many different texts of one meaning; the same words twice only where nothing was bought."""
    if label == "not_feedback":
        return [dice.choice(read("comments.toml")["common"][label]) for _ in range(count)]
    seen: dict[str, None] = {}
    while len(seen) < count:
        seen.setdefault(_phrase(trade, label, dice))
    return list(seen)


def _phrase(trade: str, label: str, dice: random.Random) -> str:
    pools = read("comments.toml")
    parts: list[str] = [dice.choice(pools[trade][label]).format(thing=dice.choice(pools[trade]["things"]))]
    if dice.random() < 0.7:
        parts.insert(dice.randint(0, 1), dice.choice(pools["common"][label]))
    ending: str = dice.choice(pools["common"]["endings"][label])
    return "，".join(parts) + ending


def _said(account: Account, dice: random.Random) -> Iterator[tuple[str, str]]:
    for label in ("positive", "neutral", "negative", "not_feedback"):
        count = getattr(account, label) - (account.mentions if label == "positive" else 0)
        copied = round(count * account.copied) if label == "positive" else 0
        yield from ((label, dice.choice(COPIED)) for _ in range(copied))
        yield from ((label, text) for text in phrases(account.trade, label, count - copied, dice))


def _comment(
    n: int, account: Account, label: str, text: str, around: tuple[Sequence[Post], datetime, random.Random]
) -> Comment:
    posts, at, dice = around
    within = account.negative_within if label == "negative" else None
    recent = [post for post in posts if within is None or at - post.at <= timedelta(days=within)]
    post = dice.choice(recent)
    feedbacks = account.positive + account.neutral + account.negative
    regulars = max(1, round(feedbacks * account.crowd))
    author = passer_by(account, dice.randint(1, regulars), at)
    return Comment(
        id=account.uid * 100_000 + 50_000 + n,
        post=post.id,
        at=_later(post.at, at, dice.expovariate(1 / 9), author),
        text=text,
        author=author,
        label=label,
    )


def _later(moment: datetime, at: datetime, hours: float, author: Person) -> datetime:
    """Some hours later, after the author's account was opened and before now."""
    written = moment + timedelta(hours=hours, minutes=1)
    opened = author.opened + timedelta(hours=1)
    return min(max(written, opened), at - timedelta(minutes=2)).replace(microsecond=0)


def _answer(account: Account, said: Comment, at: datetime, dice: random.Random) -> Comment:
    owner = of_account(account, at)
    return Comment(
        id=said.id + 20_000,
        post=said.post,
        at=min(said.at + timedelta(hours=dice.uniform(0.2, 40)), at - timedelta(minutes=1)).replace(
            microsecond=0
        ),
        text=f"回复@{said.author.name}:{dice.choice(('谢谢', '收到', '知道了', '明白'))}",
        author=owner,
        label="answer",
        answers=said.id,
    )


def _mention(account: Account, n: int, text: str, at: datetime, dice: random.Random) -> Mention:
    author = passer_by(account, dice.randint(1, account.mentions * 2), at)
    age = min(timedelta(days=dice.randint(2, 176)), at - author.opened - timedelta(days=1))
    posted = (at - age).astimezone(CHINA).replace(hour=dice.randint(9, 20), second=0, microsecond=0)
    post = Post(
        id=account.uid * 100_000 + 90_000 + n,
        at=min(posted, at - timedelta(minutes=5)),
        text=f"@{account.screen_name} {text}",
        likes=dice.randint(0, 20),
        reposts=dice.randint(0, 2),
        picture=dice.random() < 0.5,
    )
    return Mention(post, author)


def _endorsement(account: Account, endorsement: Endorsement, at: datetime) -> Mention:
    post = Post(
        id=account.uid * 100_000 + 99_999,
        at=at - timedelta(days=endorsement.days),
        text=endorsement.text,
        likes=5200,
        reposts=860,
        picture=True,
    )
    return Mention(post, critic(endorsement, at))
