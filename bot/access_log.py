"""One line per request for the operator: the route and the outcome, never the address that was asked for.

Addresses of authorisation pages carry codes and signed names of conversations; they must not reach a log.
"""

import logging

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger


class RouteLogger(AbstractAccessLogger):
    """For `web.AppRunner(app, access_log_class=RouteLogger)`."""

    @property
    def enabled(self) -> bool:
        """Whether anybody reads the lines; aiohttp then saves itself the trouble."""
        return self.logger.isEnabledFor(logging.INFO)

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        self.logger.info("%s %s %d %.3f", request.method, _route(request), response.status, time)


def _route(request: web.BaseRequest) -> str:
    """The route's pattern; a request too broken to be routed has none."""
    try:
        resource = request.match_info.route.resource if isinstance(request, web.Request) else None
    except AssertionError:
        return "-"
    return resource.canonical if resource else "-"
