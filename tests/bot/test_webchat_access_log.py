"""The operator's log names routes and outcomes, never an address that holds a code or a visitor's secret."""

import logging
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bot.access_log import RouteLogger
from tests.bot.site import site_in
from tests.bot.weibo_stand_in import WeiboStandIn


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/weibo/callback?code=c0de&state=5tate", "GET /weibo/callback 400"),
        ("/weibo/connect/5igned", "GET /weibo/connect/{signed} 400"),
        ("/no/such/5ecret", "GET - 404"),
    ],
)
async def test_a_line_names_the_route(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, path: str, line: str
) -> None:
    caplog.set_level(logging.INFO)
    async with site_in(tmp_path, WeiboStandIn()) as site:
        runner = web.AppRunner(site.app, access_log_class=RouteLogger)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as http, http.get(path):
            pass
        await runner.cleanup()

    assert line in caplog.text
    assert not [secret for secret in ("c0de", "5tate", "5igned", "5ecret") if secret in caplog.text]
