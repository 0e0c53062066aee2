"""Headers of every response: what a browser may load, where it may post, what it may keep."""

from aiohttp import web

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
A_YEAR = "public, max-age=31536000, immutable"


def attach(app: web.Application, https: bool) -> None:
    """Add the headers just before a response starts, so that streams, files and errors carry them too."""
    headers = HEADERS | HTTPS_ONLY if https else HEADERS

    async def add(request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)
        response.headers["Cache-Control"] = _keep(request, response)

    app.on_response_prepare.append(add)


def _keep(request: web.Request, response: web.StreamResponse) -> str:
    """Files named with their own hash may be kept for ever; everything else may hold personal data."""
    named = request.path.startswith("/static/") and "v" in request.query
    return A_YEAR if named and response.status < 400 else "no-store"
