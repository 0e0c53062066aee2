"""The reading half of the Open API v2: users, posts, comments, mentions."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from bot.sandbox.accounts import Account, find
from bot.sandbox.errors import Refused
from bot.sandbox.memory import MEMORY, Grant
from bot.sandbox.people import Json

routes = web.RouteTableDef()


@routes.get("/2/users/show.json")
async def users_show(request: web.Request) -> web.Response:
    _caller(request)
    account = await _reached(request, _target(request))
    return web.json_response(request.app[MEMORY].published(account).user)


@routes.get("/2/statuses/user_timeline.json")
async def user_timeline(request: web.Request) -> web.Response:
    _caller(request)
    account = await _reached(request, _target(request))
    return _page(request, "statuses", request.app[MEMORY].published(account).statuses, most=100)


@routes.get("/2/comments/show.json")
async def comments_show(request: web.Request) -> web.Response:
    _caller(request)
    post = _number(request, "id")
    account = find(uid=str(post // 100_000))
    if account is None:
        raise Refused("20101")
    published = request.app[MEMORY].published(await _reached(request, account))
    if all(status["id"] != post for status in published.statuses):
        raise Refused("20101")
    return _page(request, "comments", published.comments.get(post, ()), most=200)


@routes.get("/2/statuses/mentions.json")
async def mentions(request: web.Request) -> web.Response:
    grant = _caller(request)
    if grant is None:
        raise Refused("21301")
    account = await _reached(request, grant.account)
    return _page(request, "statuses", request.app[MEMORY].published(account).mentions, most=200)


def _caller(request: web.Request) -> Grant | None:
    """The token's grant, or none for an application that names itself; neither is refused."""
    memory = request.app[MEMORY]
    header = request.headers.get("Authorization", "")
    token = (
        header.removeprefix("OAuth2 ") if header.startswith("OAuth2 ") else request.query.get("access_token")
    )
    if token:
        return memory.grant(token)
    if not request.query.get("source"):
        raise Refused("10006")
    if request.query["source"] != memory.config.app_key:
        raise Refused("10005")
    return None


def _target(request: web.Request) -> Account:
    uid, screen_name = request.query.get("uid"), request.query.get("screen_name")
    if not uid and not screen_name:
        raise Refused("10016")
    if uid and not uid.isdecimal():
        raise Refused("10017")
    account = find(uid=uid) if uid else find(screen_name=screen_name)
    if account is None:
        raise Refused("20003")
    return account


async def _reached(request: web.Request, account: Account) -> Account:
    """The account, after the call was counted and unless it is one of those that never answer."""
    memory = request.app[MEMORY]
    memory.count(account)
    if account.fault == "slow":
        await asyncio.sleep(memory.config.slow_seconds)
        raise Refused("10002")
    if account.fault:
        raise Refused(account.fault)
    return account


def _page(request: web.Request, name: str, items: Sequence[Json], most: int) -> web.Response:
    count, page = _number(request, "count", 20 if most == 100 else 50), _number(request, "page", 1)
    if not 1 <= count <= most or page < 1:
        raise Refused("10017")
    shown = items[(page - 1) * count : page * count]
    return web.json_response(
        {name: shown, "previous_cursor": 0, "next_cursor": 0, "total_number": len(items)}
    )


def _number(request: web.Request, name: str, default: int | None = None) -> int:
    text = request.query.get(name)
    if text is None and default is None:
        raise Refused("10016")
    if text is not None and not (text.isdecimal() and len(text) <= 18):
        raise Refused("10017")
    return int(text) if text is not None else default or 0
