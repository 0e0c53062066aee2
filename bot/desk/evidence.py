"""Of what an account showed, the posts and comments that weigh most: for the eye, never for a score. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from scoring import snapshot
from scoring.calendar import day
from scoring.reading.tone import Reader, Tone
from scoring.snapshot import Account, Post, Remark

POSTS = 3  #: shown of each account: those that drew most
REMARKS = 3  #: shown of each kind
RECENT = 180 * 86_400  #: seconds before the newest comment in which comments count as feedback
LONGEST = 160  #: characters of a text


@dataclass(frozen=True)
class Shown:
    """A post or a comment; `weight` is what made it matter: what it drew, or how many follow its author."""

    on: date
    text: str
    weight: int = 0


@dataclass(frozen=True)
class Seen:
    """What one account shows."""

    side: str
    name: str = ""
    followers: int | None = None
    posts: tuple[Shown, ...] = ()
    recommending: tuple[Shown, ...] = ()  #: posts by others that name it
    praising: tuple[Shown, ...] = ()
    complaining: tuple[Shown, ...] = ()
    unavailable: str | None = None


def of(snapshots: Mapping[str, Mapping[str, Any]], reader: Reader) -> list[Seen]:
    """The accounts that were read, the shop's first."""
    sides = [side for side in ("brand", "personal") if side in snapshots]
    return [_seen(side, snapshot.read(snapshots[side]), reader) for side in sides]


def _seen(side: str, found: Account | snapshot.Unavailable | None, reader: Reader) -> Seen:
    if not isinstance(found, Account):
        return Seen(side, unavailable=found.reason if found else "unreadable")
    comments = _recent([remark for remark in found.remarks if remark.post >= 0])
    tones = reader.read([remark.text for remark in comments])
    praise = [remark for remark, tone in zip(comments, tones, strict=True) if tone is Tone.POSITIVE]
    blame = [remark for remark, tone in zip(comments, tones, strict=True) if tone is Tone.NEGATIVE]
    return Seen(
        side,
        found.name,
        found.followers,
        posts=tuple(_post(post) for post in sorted(found.posts, key=_drew)[:POSTS]),
        recommending=_by_reach(found, [remark for remark in found.remarks if remark.post < 0]),
        praising=_by_reach(found, praise),
        complaining=tuple(_remark(found, remark) for remark in sorted(blame, key=_newest)[:REMARKS]),
    )


def _recent(remarks: Sequence[Remark]) -> list[Remark]:
    newest = max((remark.at for remark in remarks), default=0)
    return [remark for remark in remarks if remark.at > newest - RECENT]


def _drew(post: Post) -> tuple[int, int]:
    return -post.interactions, -post.at


def _newest(remark: Remark) -> int:
    return -remark.at


def _by_reach(account: Account, remarks: Sequence[Remark]) -> tuple[Shown, ...]:
    shown = [_remark(account, remark) for remark in remarks]
    return tuple(sorted(shown, key=lambda one: (-one.weight, -one.on.toordinal()))[:REMARKS])


def _remark(account: Account, remark: Remark) -> Shown:
    return Shown(_day(remark.at), _cut(remark.text), account.authors.followers[remark.author] or 0)


def _post(post: Post) -> Shown:
    return Shown(_day(post.at), _cut(post.text), post.interactions)


def _day(at: int) -> date:
    return day(datetime.fromtimestamp(at, UTC))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
