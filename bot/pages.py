"""Pages: templates filled in one language, every value escaped; no template decides anything."""

import hashlib
import uuid
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot import figures
from conversations import wording

if TYPE_CHECKING:
    import jinja2

HERE = Path(__file__).parent
STATIC = HERE / "static"
FILTERS = ("yuan", "percent", "clock", "moment", "lately", "browser", "safe_url")


@dataclass(frozen=True)
class Pages:
    """Renders templates; `sandbox` is the address of the made-up Weibo, shown in a banner."""

    sandbox: str | None = None

    def fragment(self, template: str, language: str, **values: Any) -> str:
        """Part of a page as text."""
        common = {"t": partial(_phrase, language), "language": language, "sandbox": self.sandbox}
        return _templates().get_template(template).render(common | values)

    def page(self, template: str, language: str, *, status: int = 200, **values: Any) -> web.Response:
        text = self.fragment(template, language, **values)
        return web.Response(text=text, status=status, content_type="text/html")

    def notice(self, language: str, about: str, status: int, home: str = "/") -> web.Response:
        """A small page that says what happened ("missing", "broken", ...) and how to go on."""
        return self.page("notice.html", language, status=status, about=about, home=home)


def preferred(request: web.Request) -> str:
    """The language the browser asks for first."""
    first = request.headers.get("Accept-Language", "").partition(",")[0]
    return wording.closest(first.partition(";")[0].strip() or None)


def static() -> web.StaticDef:
    return web.static("/static", STATIC)


def _phrase(language: str, key: str, /, **values: Any) -> str:
    return wording.phrase(key, language, **values)


@cache
def _templates() -> "jinja2.Environment":
    import jinja2  # the first page needs it, a start does not

    found = jinja2.FileSystemLoader(HERE / "templates")
    environment = jinja2.Environment(
        loader=found, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(asset=_asset, fresh_id=lambda: str(uuid.uuid4()))
    environment.filters.update({name: getattr(figures, name) for name in FILTERS})
    return environment


@cache
def _asset(name: str) -> str:
    """The address of a static file, new whenever its content is."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
