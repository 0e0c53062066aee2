"""The sandbox's own pages: who lives here, and a form to edit an account's description. No scripts."""

from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.sandbox.accounts import Account, accounts, find
from bot.sandbox.memory import MEMORY

LONGEST = 140  #: characters of a description
routes = web.RouteTableDef()


@routes.get("/")
async def index(request: web.Request) -> web.Response:
    return page("index.html", accounts=list(accounts().values()))


@routes.get("/profile/{screen_name}")
async def profile(request: web.Request) -> web.Response:
    account = _account(request)
    return page(
        "profile.html",
        account=account,
        description=request.app[MEMORY].description(account),
        longest=LONGEST,
        saved="saved" in request.query,
    )


@routes.post("/profile/{screen_name}")
async def edit(request: web.Request) -> web.Response:
    account = _account(request)
    form = await request.post()
    request.app[MEMORY].describe(account, str(form.get("description", "")).strip()[:LONGEST])
    raise web.HTTPSeeOther(f"/profile/{quote(account.screen_name)}?saved=1")


@routes.get("/style.css")
async def style(request: web.Request) -> web.Response:
    sheet = resources.files(__package__).joinpath("templates", "style.css").read_text(encoding="utf-8")
    return web.Response(text=sheet, content_type="text/css")


def page(name: str, *, status: int = 200, forms_to: str = "", **values: Any) -> web.Response:
    """One page; forms may lead to the sandbox and, when named, to one place more."""
    response = web.Response(
        text=_templates().get_template(name).render(values), content_type="text/html", status=status
    )
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {forms_to}".rstrip()
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _account(request: web.Request) -> Account:
    account = find(screen_name=request.match_info["screen_name"])
    if account is None:
        raise web.HTTPNotFound(text="没有这个账号。No such account.")
    return account


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("bot.sandbox"), autoescape=True, undefined=StrictUndefined)
