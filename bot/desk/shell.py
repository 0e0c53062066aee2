"""The frame of every page of the desk: navigation by right, the reader's language, what forms carry."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.access import rights
from bot.access.rights import Right
from bot.desk.gate import FORM_FIELD, FORM_HEADER, STAFF, VISIT
from bot.pages import Pages, preferred
from conversations import phrases, wording

#: name of a page (`desk.nav.<name>`), its address, and the right without which it is not shown
PLACES: tuple[tuple[str, str, Right], ...] = (
    ("queue", "/desk", Right.SEE),
    ("numbers", "/desk/numbers", Right.SEE),
    ("replies", "/desk/replies", Right.SEE),
    ("activity", "/desk/activity", Right.AUDIT),
    ("staff", "/desk/staff", Right.ADMINISTER),
)


@dataclass(frozen=True)
class Shell:
    """Renders pages of the desk; `demonstration` says so on each of them."""

    pages: Pages
    demonstration: bool

    def page(self, request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A whole page, or a fragment, for whoever asks; `here` names the page in the navigation."""
        frame = {"here": None, "said": _said(request), **self._frame(request)}
        return self.pages.page(template, self.language(request), status=status, **(frame | values))

    def fragment(self, request: web.Request, template: str, **values: Any) -> str:
        """Part of a page as text."""
        frame = {"here": None, "said": None, **self._frame(request)}
        return self.pages.fragment(template, self.language(request), **(frame | values))

    def language(self, request: web.Request) -> str:
        """The reader's own choice, else what the browser asks for; before signing in a link may choose."""
        visit = request.get(VISIT)
        if visit is not None and visit.account.language:
            return str(visit.account.language)
        return self.asked_language(request) or preferred(request)

    def asked_language(self, request: web.Request) -> str | None:
        """The language that a link of ours asked for."""
        asked = request.query.get("language")
        return asked if asked in wording.LANGUAGES else None

    def _frame(self, request: web.Request) -> dict[str, Any]:
        staff, visit = request.get(STAFF), request.get(VISIT)
        held = rights.RIGHTS[staff.role] if staff else frozenset[Right]()
        return {
            "staff": staff,
            "form": visit.form if visit else "",
            "form_field": FORM_FIELD,
            "form_header": FORM_HEADER,
            "may": {right.value: right in held for right in Right},
            "places": [(name, path) for name, path, right in PLACES if right in held],
            "no_second_step": visit is not None and visit.account.totp is None,
            "demonstration": self.demonstration,
        }


def _said(request: web.Request) -> str | None:
    """What the last form did, as its redirect tells: the name of a sentence of ours, or nothing."""
    key = f"desk.said.{request.query.get('said', '')}"
    return key if key in phrases.sentences("en") else None


def done(path: str, said: str | None = None) -> web.Response:
    """After a form: to a page, which says what was done (`desk.said.<said>`)."""
    return web.Response(status=303, headers={"Location": f"{path}?said={said}" if said else path})
