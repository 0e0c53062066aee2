"""Refusals as Weibo words them: a code, a sentence and the path that was asked."""

import json
from functools import cache
from importlib import resources

from aiohttp import web
from aiohttp.typedefs import Handler

BUSY = frozenset({"10001", "10002", "10003", "10009", "21331"})
FORBIDDEN = frozenset({"10004", "10005", "10014", "10022", "10023", "10024"})


class Refused(Exception):
    """Ends a call with one of the documented codes."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@web.middleware
async def as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer refusals, unknown addresses and wrong methods in the shape of the API."""
    try:
        return await handler(request)
    except Refused as refused:
        return refusal(refused.code, request.path)
    except web.HTTPNotFound:
        if not request.path.startswith("/2/"):
            raise
        return refusal("10020", request.path)
    except web.HTTPMethodNotAllowed:
        return refusal("10021", request.path)


def refusal(code: str, path: str) -> web.Response:
    """The official error object."""
    body = {"error": sentences()[code], "error_code": int(code), "request": path}
    return web.json_response(body, status=_status(code))


def _status(code: str) -> int:
    if code in BUSY:
        return 503
    if code in FORBIDDEN:
        return 403
    return 401 if code in {"21315", "21316", "21317", "21319", "21327", "21332"} else 400


@cache
def sentences() -> dict[str, str]:
    """What the API says with each code."""
    table = resources.files("scoring.sources").joinpath("weibo_errors.json")
    return {code: row["says"] for code, row in json.loads(table.read_text(encoding="utf-8")).items()}
