"""What a browser gets when something cannot be done: a code and a sentence, never a trace of the inside."""

import logging

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.pages import Pages, preferred
from conversations import wording
from conversations.gathering import Busy
from conversations.store.database import AWAY

log = logging.getLogger(__name__)

WHILE_BUSY, WHILE_AWAY = 2, 5  #: seconds after which a browser may try again
NOTICES = {403: "forbidden", 404: "missing", 405: "missing", 413: "too_large"}


class Refusal(Exception):
    """The request is at fault; `code` names how, and `web.error.<code>` says so in the visitor's language."""

    def __init__(self, status: int, code: str, *, language: str | None = None, retry_after: int = 0) -> None:
        super().__init__(code)
        self.status, self.code, self.language = status, code, language
        self.headers = {"Retry-After": str(retry_after)} if retry_after else {}


def middleware(pages: Pages) -> Middleware:
    """Turns refusals, unknown routes and crashes into JSON for programs and small pages for people."""

    @web.middleware
    async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            return _answer(pages, request, refusal)
        except web.HTTPException as error:
            if error.status < 400 or error.text != f"{error.status}: {error.reason}":
                raise
            return _answer(pages, request, Refusal(error.status, NOTICES.get(error.status, "bad_request")))
        except Busy:
            return _answer(pages, request, Refusal(503, "busy", retry_after=WHILE_BUSY))
        except AWAY as error:
            log.warning("the database is away: %s", type(error).__name__)
            return _answer(pages, request, Refusal(503, "away", retry_after=WHILE_AWAY))
        except Exception:
            log.exception("request failed: %s", request.match_info.route.resource)
            return _answer(pages, request, Refusal(500, "broken"))

    return refuse


def _answer(pages: Pages, request: web.Request, refusal: Refusal) -> web.Response:
    language = refusal.language or preferred(request)
    if _is_program(request):
        message = wording.phrase(f"web.error.{refusal.code}", language)
        problem = {"error": {"code": refusal.code, "message": message}}
        response = web.json_response(problem, status=refusal.status)
    elif "HX-Request" in request.headers:
        text = pages.fragment("problem.html", language, about=refusal.code)
        response = web.Response(text=text, status=refusal.status, content_type="text/html")
    else:
        home = "/desk" if request.path.startswith("/desk") else "/"
        response = pages.notice(language, refusal.code, refusal.status, home)
    response.headers.update(refusal.headers)
    return response


def _is_program(request: web.Request) -> bool:
    """The chat's routes are called by scripts unless they ask for a page; all others by people."""
    accepts = request.headers.get("Accept", "")
    return "application/json" in accepts or (request.path.startswith("/chat/") and "text/html" not in accepts)
