"""Everything an invented account shows on a given day, in the shapes of the Open API; no clock and no chance.

Feedback of an account is what others wrote about it in 180 days: comments and mentions, less those that are
about no purchase. With that reading `xiaoxia` has 46,000 followers and 410 pieces of feedback, 381 of them
good, one of these the recommendation by an account of 1,500,000 followers exactly 120 days ago.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.sandbox import feedback, people, posts
from bot.sandbox.accounts import Account, accounts
from bot.sandbox.people import Json
from scoring.sources import kept


@dataclass(frozen=True)
class Published:
    """What the API can give out about one account."""

    user: Json
    statuses: tuple[Json, ...]  #: newest first
    comments: dict[int, tuple[Json, ...]]  #: by id of the post, newest first
    mentions: tuple[Json, ...]


def published(account: Account, at: datetime, description: str | None = None) -> Published:
    """The account as it stands at that moment."""
    at = at.astimezone(UTC).replace(microsecond=0)
    owner = people.of_account(account, at, description)
    timeline = posts.timeline(account, at)
    said = feedback.comments(account, timeline, at)
    counts = Counter(comment.post for comment in said)
    statuses = {post.id: posts.status(post, counts[post.id]) for post in timeline}
    latest = {"status": statuses[timeline[0].id]} if timeline else {}
    user = people.shown(owner)
    return Published(
        user=user | latest,
        statuses=tuple(status | {"user": user} for status in statuses.values()),
        comments=_by_post(said, statuses),
        mentions=tuple(
            posts.with_user(mention.post, mention.author, 0) for mention in feedback.mentions(account, at)
        ),
    )


def snapshot(key: str, at: datetime) -> Json:
    """The same as a lender keeps it after fetching everything with the owner's leave."""
    if accounts()[key].fault:
        raise ValueError(f"{key} never answers, so there is nothing to keep of it")
    account = published(accounts()[key], at)
    return {
        "user": kept.user(account.user),
        "statuses": [
            kept.status(status)
            | {"comments": [kept.comment(comment) for comment in account.comments.get(status["id"], ())]}
            for status in account.statuses
        ],
        "mentions": [kept.mention(mention) for mention in account.mentions],
        "fetched_at": at.astimezone(UTC).isoformat(timespec="seconds"),
    }


def _by_post(said: tuple[feedback.Comment, ...], statuses: dict[int, Json]) -> dict[int, tuple[Json, ...]]:
    plain = {comment.id: _shown(comment) for comment in said}
    found: defaultdict[int, list[Json]] = defaultdict(list)
    for comment in said:
        answered = {"reply_comment": plain[comment.answers]} if comment.answers else {}
        found[comment.post].append(plain[comment.id] | {"status": statuses[comment.post]} | answered)
    return {post: tuple(comments) for post, comments in found.items()}


def _shown(comment: feedback.Comment) -> Json:
    return {
        "created_at": people.stamp(comment.at),
        "id": comment.id,
        "text": comment.text,
        "source": posts.SOURCE,
        "mid": str(comment.id),
        "user": people.shown(comment.author),
    }
