"""Reads one Weibo account that its owner agreed to, and keeps only what `kept` allows.

Raises `ConsentMissing` before any socket is opened, `SourceUnavailable` when there is nothing to show; a
snapshot whose comments or mentions could not all be read is returned and marked partial.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp

from scoring.sources import kept, weibo_api
from scoring.sources.consent import Consent, ConsentMissing, require
from scoring.sources.handles import Handle
from scoring.sources.unavailable import Fact, SourceUnavailable
from scoring.sources.weibo_api import Json, Reader
from scoring.sources.weibo_wire import Allowance, Clock, Spent, WeiboConfig, Wire

POSTS_SINCE = timedelta(days=365)
COMMENTS_SINCE = timedelta(days=180)
#: Of the timeline, at most. Whoever posts more in a year is read in part: a season's posts must not crowd
#: out, unnoticed, what was before.
PAGES = 10
#: After one of these every further call would meet the same.
ENDING = frozenset(
    {Fact.RATE_LIMITED, Fact.TOKEN_EXPIRED, Fact.AUTHORISATION_WITHDRAWN, Fact.NEEDS_VERIFICATION}
)

__all__ = ["Clock", "ConsentMissing", "Snapshot", "Token", "WeiboClient", "WeiboConfig"]


@dataclass(frozen=True)
class Token:
    """Leave to read one user's data until a moment."""

    access_token: str = field(repr=False)
    uid: str
    expires_at: datetime


@dataclass(frozen=True)
class Snapshot:
    """An account as it was read, and how many calls that cost."""

    data: Json
    calls: int


class WeiboClient:
    """Weibo's Open API for one application; the session belongs to the caller."""

    def __init__(self, http: aiohttp.ClientSession, config: WeiboConfig, clock: Clock | None = None) -> None:
        self._config = config
        self._clock = clock or Clock()
        self._wire = Wire(http, config, self._clock)

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """Where to send the merchant to connect an account."""
        return weibo_api.authorize_url(self._config.api_url, self._config.app_key, redirect_uri, state)

    async def token(self, code: str, redirect_uri: str) -> Token:
        """Exchange the code of a callback; never tried twice, because a code works once."""
        request = weibo_api.token(self._config.app_key, self._config.app_secret, code, redirect_uri)
        data = await self._needed(request, self._wire.allowance(1))
        try:
            expires_at = self._clock.now() + timedelta(seconds=int(data["expires_in"]))
            return Token(str(data["access_token"]), str(data["uid"]), expires_at)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise self._wire.unavailable(Fact.UNREADABLE) from None

    async def user(self, account: Handle, *, consent: Consent | None, token: str | None = None) -> Json:
        """The account itself, without its posts."""
        require(consent, account, self._clock.now())
        return await self._user(account, self._reader(token), self._wire.allowance(self._config.tries))

    async def snapshot(
        self, account: Handle, *, consent: Consent | None, budget: int, token: str | None = None
    ) -> Snapshot:
        """The account with a year of posts, half a year of comments and, with its token, who mentions it."""
        require(consent, account, self._clock.now())
        reader, allowance = self._reader(token), self._wire.allowance(budget)
        try:
            return Snapshot(await self._everything(account, reader, allowance), allowance.used)
        except SourceUnavailable as refused:
            refused.calls = allowance.used
            raise

    async def _everything(self, account: Handle, reader: Reader, allowance: Allowance) -> Json:
        user = await self._user(account, reader, allowance)
        posts, all_posts = await self._timeline(account, reader, allowance)
        mentions, all_mentions = await self._mentions(reader, allowance)
        statuses, all_comments = await self._with_comments(posts, reader, allowance)
        data: Json = {"user": user, "statuses": statuses, "mentions": mentions}
        data["fetched_at"] = self._clock.now().astimezone(UTC).isoformat(timespec="seconds")
        if reader.token is None:
            data["mentions_read"] = False  # nobody else may see them: unknown, not none
        if not (all_posts and all_mentions and all_comments):
            data["partial"] = True
        return data

    def _reader(self, token: str | None) -> Reader:
        return Reader(self._config.app_key, token)

    async def _user(self, account: Handle, reader: Reader, allowance: Allowance) -> Json:
        user = await self._needed(reader.user(account), allowance)
        if not weibo_api.is_account(user, account):
            raise self._wire.unavailable(Fact.UNREADABLE)
        return kept.user(user)

    async def _timeline(
        self, account: Handle, reader: Reader, allowance: Allowance
    ) -> tuple[list[Json], bool]:
        """Posts of a year, newest first; false when not all of them came."""
        posts: list[Json] = []
        for page in range(1, PAGES + 1):
            request = reader.timeline(account, page)
            data = await (self._needed(request, allowance) if page == 1 else self._wanted(request, allowance))
            found = None if data is None else weibo_api.items(data, "statuses")
            if found is None and page == 1:
                raise self._wire.unavailable(Fact.UNREADABLE)
            if found is None:
                return posts, False
            recent = [kept.status(post) for post in found if "id" in post and self._within(post, POSTS_SINCE)]
            posts += recent
            if len(found) < weibo_api.TIMELINE_PAGE or len(recent) < len(found):
                return posts, True
        return posts, False

    async def _mentions(self, reader: Reader, allowance: Allowance) -> tuple[list[Json], bool]:
        if reader.token is None:
            return [], True
        data = await self._wanted(reader.mentions(), allowance)
        found = None if data is None else weibo_api.items(data, "statuses")
        if found is None:
            return [], False
        return [kept.mention(post) for post in found if self._within(post, POSTS_SINCE)], True

    async def _with_comments(
        self, posts: Sequence[Json], reader: Reader, allowance: Allowance
    ) -> tuple[list[Json], bool]:
        """The posts with their comments, a few at a time, newest first while the allowance lasts."""
        turn = asyncio.Semaphore(self._config.at_once)

        async def comments(post: Json) -> list[Json] | None:
            if not post.get("comments_count") or not self._within(post, COMMENTS_SINCE):
                return []
            async with turn:
                data = await self._wanted(reader.comments(post["id"]), allowance)
            found = None if data is None else weibo_api.items(data, "comments")
            return None if found is None else [kept.comment(comment) for comment in found]

        read = await asyncio.gather(*(comments(post) for post in posts))
        statuses = [{**post, "comments": said or []} for post, said in zip(posts, read, strict=True)]
        return statuses, None not in read

    async def _needed(self, request: weibo_api.Request, allowance: Allowance) -> Json:
        """Without this answer there is no snapshot."""
        try:
            return await self._wire.ask(request, allowance)
        except Spent:
            fact = Fact.RATE_LIMITED if allowance.used >= allowance.calls else Fact.TIMED_OUT
            raise self._wire.unavailable(fact) from None

    async def _wanted(self, request: weibo_api.Request, allowance: Allowance) -> Json | None:
        """Without this answer the snapshot is partial."""
        try:
            return await self._wire.ask(request, allowance)
        except Spent:
            return None
        except SourceUnavailable as refused:
            if refused.unavailable.fact in ENDING:
                allowance.end()
            return None

    def _within(self, post: Json, span: timedelta) -> bool:
        written = weibo_api.read_time(post.get("created_at"))
        return written is not None and self._clock.now() - written <= span
