"""Weibo's Open API v2 as values: requests to send, answers to read. No I/O but loading its own table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from scoring.open_api import MONTHS
from scoring.sources.handles import Handle
from scoring.sources.unavailable import Fact

Json = dict[str, Any]

TIMELINE_PAGE = 100  #: the most posts one call gives
COMMENTS_PAGE = 200  #: the most comments one call gives


@dataclass(frozen=True)
class Request:
    """One call; secrets travel in `form` or `token`, so that no address ever holds them."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None  #: a POST when given
    token: str | None = field(default=None, repr=False)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"OAuth2 {self.token}"} if self.token else {}


@dataclass(frozen=True)
class Problem:
    """What an answer was instead of data, and whether asking again may help."""

    fact: Fact
    code: str | None = None
    retry: bool = False


TIMED_OUT = Problem(Fact.TIMED_OUT, retry=True)
UNREADABLE = Problem(Fact.UNREADABLE)


def authorize_url(api_url: str, app_key: str, redirect_uri: str, state: str) -> str:
    """Where the merchant's browser goes to say yes or no."""
    query = {"client_id": app_key, "response_type": "code", "redirect_uri": redirect_uri, "state": state}
    return f"{api_url}/oauth2/authorize?{urlencode(query)}"


def token(app_key: str, app_secret: str, code: str, redirect_uri: str) -> Request:
    form = {
        "client_id": app_key,
        "client_secret": app_secret,
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
    }
    return Request("/oauth2/access_token", form=form)


@dataclass(frozen=True)
class Reader:
    """On whose behalf data is read: the user's, by their token, or only the application's."""

    app_key: str
    token: str | None = field(default=None, repr=False)

    def user(self, account: Handle) -> Request:
        return self._get("/2/users/show.json", _naming(account))

    def timeline(self, account: Handle, page: int) -> Request:
        paging = {"count": str(TIMELINE_PAGE), "page": str(page)}
        return self._get("/2/statuses/user_timeline.json", _naming(account) | paging)

    def comments(self, status: int) -> Request:
        return self._get(
            "/2/comments/show.json", {"id": str(status), "count": str(COMMENTS_PAGE), "page": "1"}
        )

    def mentions(self) -> Request:
        """Those of the token's own user; there is no such call on the application's behalf."""
        return self._get("/2/statuses/mentions.json", {"count": "200", "page": "1"})

    def _get(self, path: str, query: Mapping[str, str]) -> Request:
        source = {} if self.token else {"source": self.app_key}
        return Request(path, {**query, **source}, token=self.token)


def read(status: int, body: bytes) -> Json | Problem:
    """An answer as data, or what was the matter with it.

    >>> read(400, b'{"error": "expired_token", "error_code": 21327}')
    Problem(fact=<Fact.TOKEN_EXPIRED: 'token_expired'>, code='21327', retry=False)
    """
    data = _parsed(body)
    if data is not None and "error_code" in data:
        return problem(data["error_code"])
    if status == 429:
        return Problem(Fact.RATE_LIMITED, retry=True)
    if status >= 500:
        return Problem(Fact.SERVICE_UNAVAILABLE, str(status), retry=True)
    return UNREADABLE if data is None or status != 200 else data


def problem(code: object) -> Problem:
    """The meaning of an error code, which comes as a number or as text with words behind it.

    >>> problem("10023:User requests out of rate limit!").fact.value
    'rate_limited'
    >>> problem(99999)
    Problem(fact=<Fact.SERVICE_UNAVAILABLE: 'service_unavailable'>, code='99999', retry=False)
    """
    digits = str(code).strip()[:5]
    known = errors().get(digits)
    return known or Problem(Fact.SERVICE_UNAVAILABLE, str(code)[:40])


@cache
def errors() -> dict[str, Problem]:
    """Every documented code with our reading of it."""
    table = json.loads(resources.files(__package__).joinpath("weibo_errors.json").read_text(encoding="utf-8"))
    return {code: Problem(Fact(row["fact"]), code, row["retry"]) for code, row in table.items()}


def is_account(user: Mapping[str, Any], account: Handle) -> bool:
    """Whether the user object is the account that was asked for.

    >>> is_account({"id": 7, "screen_name": "Zaku"}, Handle(screen_name="zaku"))
    True
    """
    if account.uid is not None:
        return str(user.get("id")) == account.uid
    return str(user.get("screen_name")).casefold() == str(account.screen_name).casefold()


def items(data: Mapping[str, Any], name: str) -> tuple[Json, ...] | None:
    """The objects of a list; None when there is no list, which is not the same as an empty one."""
    found = data.get(name)
    return tuple(item for item in found if isinstance(item, dict)) if isinstance(found, list) else None


def read_time(text: object) -> datetime | None:
    """A moment as Weibo writes it, whatever the locale.

    >>> read_time("Tue May 31 17:46:55 +0800 2011").isoformat()
    '2011-05-31T17:46:55+08:00'
    """
    try:
        _, month, day, time, zone, year = str(text).split()
        offset = timezone(timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[3:])))
        hour, minute, second = (int(part) for part in time.split(":"))
        return datetime(int(year), MONTHS.index(month) + 1, int(day), hour, minute, second, tzinfo=offset)
    except (ValueError, IndexError):
        return None


def _naming(account: Handle) -> dict[str, str]:
    return {"uid": account.uid} if account.uid is not None else {"screen_name": str(account.screen_name)}


def _parsed(body: bytes) -> Json | None:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
