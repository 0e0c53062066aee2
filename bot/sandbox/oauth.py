"""Authorisation as Weibo does it: a page that asks, a code on the way back, a token for the code."""

from collections.abc import Mapping
from urllib.parse import SplitResult, urlencode, urlsplit

from aiohttp import web

from bot.sandbox.accounts import accounts
from bot.sandbox.errors import Refused, sentences
from bot.sandbox.memory import MEMORY, SandboxConfig
from bot.sandbox.pages import page

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
routes = web.RouteTableDef()


@routes.get("/oauth2/authorize")
async def ask(request: web.Request) -> web.Response:
    """The page on which the sandbox's user says whose account, and yes or no."""
    asked = {
        name: request.query.get(name, "") for name in ("client_id", "redirect_uri", "response_type", "state")
    }
    problem = _problem(request.app[MEMORY].config, asked)
    if problem is None and asked["response_type"] != "code":
        problem = "10017"
    if problem:
        return page("problem.html", status=400, code=problem, says=sentences()[problem])
    offered = [account for account in accounts().values() if account.fault != "20003"]
    # Browsers hold the redirect that answers a form to the same rule as the form itself.
    origin = _origin(urlsplit(asked["redirect_uri"]))
    return page("authorize.html", forms_to=origin, asked=asked, accounts=offered)


@routes.post("/oauth2/authorize")
async def answer(request: web.Request) -> web.Response:
    """Back to the application with a code, or with the refusal."""
    form = {name: str(value) for name, value in (await request.post()).items()}
    problem = _problem(request.app[MEMORY].config, form)
    account = accounts().get(form.get("account", ""))
    agreed = form.get("answer") == "approve"
    if problem or (agreed and account is None):
        return page("problem.html", status=400, code=problem or "10013", says=sentences()[problem or "10013"])
    result = {"error": "access_denied", "error_code": "21330"}
    if agreed and account is not None:
        result = {"code": request.app[MEMORY].allow(account, form["redirect_uri"])}
    back = form["redirect_uri"]
    query = urlencode({"state": form.get("state", "")} | result)
    raise web.HTTPSeeOther(f"{back}{'&' if '?' in back else '?'}{query}")


@routes.post("/oauth2/access_token")
async def exchange(request: web.Request) -> web.Response:
    """A token for a code that was not used before."""
    memory = request.app[MEMORY]
    form = {name: str(value) for name, value in (await request.post()).items()}
    if (
        form.get("client_id") != memory.config.app_key
        or form.get("client_secret") != memory.config.app_secret
    ):
        raise Refused("21324")
    if form.get("grant_type") != "authorization_code":
        raise Refused("10017")
    token, grant = memory.exchange(form.get("code", ""), form.get("redirect_uri", ""))
    seconds = memory.config.token_seconds
    return web.json_response(
        {
            "access_token": token,
            "remind_in": str(seconds),
            "expires_in": seconds,
            "uid": str(grant.account.uid),
            "isRealName": "true",
        }
    )


@routes.post("/oauth2/revokeoauth2")
async def revoke(request: web.Request) -> web.Response:
    """The user takes the application's leave back."""
    form = await request.post()
    request.app[MEMORY].grant(str(form.get("access_token", ""))).revoked = True
    return web.json_response({"result": "true"})


def _problem(config: SandboxConfig, asked: Mapping[str, str]) -> str | None:
    if asked.get("client_id") != config.app_key:
        return "21324"
    return None if _known(config, asked.get("redirect_uri", "")) else "21322"


def _known(config: SandboxConfig, redirect_uri: str) -> bool:
    try:
        address = urlsplit(redirect_uri)
        sound = address.scheme in {"http", "https"} and address.port != 0 and not address.fragment
    except ValueError:
        return False
    return sound and (address.hostname in LOOPBACK or redirect_uri in config.redirect_uris)


def _origin(address: SplitResult) -> str:
    """Scheme, host and port, rebuilt from parsed parts so that nothing else reaches a header."""
    host = f"[{address.hostname}]" if ":" in (address.hostname or "") else address.hostname
    return f"{address.scheme}://{host}" + (f":{address.port}" if address.port else "")
