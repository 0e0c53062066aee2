"""An account on a day as columns: arrays of days, counts and authors, and its texts read once.

Days are counted between calendar dates in China's zone. What is dated after the day is left out, but for an
hour by which clocks may differ, which counts as the day itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, wraps
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from scoring.calendar import SEASON_DAYS
from scoring.open_api import DAY_SECONDS
from scoring.reading.tone import Reader, Tone
from scoring.snapshot import Account

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BEHAVIOUR_DAYS = 90
FEEDBACK_DAYS = 180
YEAR_DAYS = 365
CHINA_SECONDS = 8 * 3600
SKEW_SECONDS = 3600  #: by which a clock elsewhere may be ahead
UNKNOWN = -1  #: in a column of counts
MONTH_DAYS = 30.4375


@dataclass(frozen=True)
class Posts:
    """Posts of a window, in the order in which they are stored."""

    at: Ints  #: seconds since 1970
    days: Ints  #: ago, 0 to the length of the window
    likes: Ints
    comments: Ints
    reposts: Ints
    counted: Flags
    original: Flags
    pictured: Flags
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def only(self, wanted: Flags) -> "Posts":
        """Some of them."""
        kept = np.flatnonzero(wanted)
        return Posts(
            at=self.at[kept],
            days=self.days[kept],
            likes=self.likes[kept],
            comments=self.comments[kept],
            reposts=self.reposts[kept],
            counted=self.counted[kept],
            original=self.original[kept],
            pictured=self.pictured[kept],
            texts=tuple(self.texts[place] for place in kept.tolist()),
        )

    @cached_property
    def interactions(self) -> Ints:
        return self.likes + self.comments + self.reposts


@dataclass(frozen=True)
class Remarks:
    """What others wrote in a year: comments, and mentions (`post` is -1)."""

    at: Ints
    days: Ints
    author: Ints  #: place in `Account.authors`
    post: Ints
    texts: tuple[str, ...]
    ids: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def mention(self) -> Flags:
        return self.post < 0


@dataclass(frozen=True)
class Authors:
    """Whoever wrote; `UNKNOWN` where a count or the opening is not shown."""

    followers: Ints
    friends: Ints
    statuses: Ints
    opened: Ints
    verified: Flags


@dataclass(frozen=True)
class View:
    """An account as seen on a day; `other` is the other account of the same merchant, where there is one."""

    account: Account
    day: date
    reader: Reader
    other: "View | None" = None
    found: dict[Callable[..., Any], Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def end(self) -> int:
        """The end of the day in China, in seconds since 1970."""
        return (self.day.toordinal() - _EPOCH + 1) * DAY_SECONDS - CHINA_SECONDS

    def days_ago(self, at: Ints) -> Ints:
        """Whole calendar days before the day; negative for what is yet to come."""
        ago: Ints = (self.end - 1 - at) // DAY_SECONDS
        slightly_ahead = (at >= self.end) & (at < self.end + SKEW_SECONDS)
        return np.where(slightly_ahead, 0, ago)

    @cached_property
    def posts(self) -> Posts:
        """Those of the behaviour window."""
        year = self._posts_of_year
        return year.only(year.days <= BEHAVIOUR_DAYS)

    @cached_property
    def settled_posts(self) -> Posts:
        """Those that tell of habits: of a year, as far back as they were read, without the last season."""
        year = self._posts_of_year
        return year.only(year.days > SEASON_DAYS)

    @cached_property
    def _posts_of_year(self) -> Posts:
        rows = self.account.posts
        days = self.days_ago(_ints([row.at for row in rows]))
        kept = np.flatnonzero((days >= 0) & (days <= YEAR_DAYS))
        chosen = [rows[place] for place in kept.tolist()]
        return Posts(
            at=_ints([row.at for row in chosen]),
            days=days[kept],
            likes=_ints([row.likes for row in chosen]),
            comments=_ints([row.comments_count for row in chosen]),
            reposts=_ints([row.reposts for row in chosen]),
            counted=_flags([row.counted for row in chosen]),
            original=_flags([row.original for row in chosen]),
            pictured=_flags([row.pictured for row in chosen]),
            texts=tuple(row.text for row in chosen),
        )

    @cached_property
    def remarks(self) -> Remarks:
        rows = self.account.remarks
        days = self.days_ago(_ints([row.at for row in rows]))
        kept = np.flatnonzero((days >= 0) & (days <= YEAR_DAYS))
        chosen = [rows[place] for place in kept.tolist()]
        return Remarks(
            at=_ints([row.at for row in chosen]),
            days=days[kept],
            author=_ints([row.author for row in chosen]),
            post=_ints([row.post for row in chosen]),
            texts=tuple(row.text for row in chosen),
            ids=tuple(row.id for row in chosen),
        )

    @cached_property
    def authors(self) -> Authors:
        shown = self.account.authors
        return Authors(
            followers=_known(shown.followers),
            friends=_known(shown.friends),
            statuses=_known(shown.statuses),
            opened=_known(shown.opened),
            verified=_flags(shown.verified),
        )

    @cached_property
    def tones(self) -> "Tones":
        """All that others wrote, read in one call."""
        read = self.reader.read(self.remarks.texts) if len(self.remarks) else []
        return Tones(
            remark=_flags([tone is not None for tone in read]),
            positive=_flags([tone is Tone.POSITIVE for tone in read]),
            negative=_flags([tone is Tone.NEGATIVE for tone in read]),
        )

    @cached_property
    def recent(self) -> Flags:
        """Which remarks are of the behaviour window."""
        return self.remarks.days <= BEHAVIOUR_DAYS

    @cached_property
    def settled(self) -> Flags:
        """Which remarks are older than a season."""
        return self.remarks.days > SEASON_DAYS

    @cached_property
    def settled_comments(self) -> Flags:
        """The comments among them, as far back as comments are read."""
        return self.settled & (self.remarks.days <= FEEDBACK_DAYS) & ~self.remarks.mention

    @cached_property
    def recent_comments(self) -> Flags:
        """Comments of the behaviour window."""
        return self.recent & ~self.remarks.mention


@dataclass(frozen=True)
class Tones:
    """What each remark says; a `remark` that is neither positive nor negative is neutral."""

    remark: Flags  #: whether it is a consumer's remark at all
    positive: Flags
    negative: Flags


T = TypeVar("T")


def once(find: Callable[[View], T]) -> Callable[[View], T]:
    """What several figures need of a view is found once."""

    @wraps(find)
    def kept(view: View) -> T:
        if find not in view.found:
            view.found[find] = find(view)
        known: T = view.found[find]
        return known

    return kept


_EPOCH = date(1970, 1, 1).toordinal()


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, np.int64)


def _known(values: Sequence[int | None]) -> Ints:
    return _ints([UNKNOWN if value is None else value for value in values])


def _flags(values: Sequence[bool]) -> Flags:
    return np.array(values, np.bool_)
