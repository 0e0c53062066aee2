"""Every route of the desk × everybody who may ask: what the table says, and never more.

Generated from the router, so that a new route is in here before anybody thinks of it.
"""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiohttp import web

from bot import app
from bot.access import rights, sessions
from bot.access.staff import Role
from bot.desk import routes
from bot.desk.routes import RULES, Rule, Undeclared
from conversations.store import staff as accounts
from conversations.store import staff_sessions
from tests.bot.desk.office import Browser, Office

UNKNOWN = "0" * 32  #: what a route's address names in these tests is never there
STRANGERS = ("nobody", "visitor", "idle", "overdue", "disabled", "signed out", "made up")
REFUSED = {303, 401}


def address(pattern: str) -> str:
    return re.sub(r"\{\w+\}", UNKNOWN, pattern)


@asynccontextmanager
async def everybody(office: Office) -> AsyncIterator[dict[str, Browser]]:
    """Each role at the desk, and each kind of stranger."""
    async with AsyncExitStack() as stack:
        there = {name: await stack.enter_async_context(office.browser()) for name in STRANGERS}
        await there["visitor"].client.post("/chat/sessions")
        there["made up"].take("A" * 43)
        there["idle"].take(await office.token(await office.member(Role.ADMINISTRATOR)))
        office.clock.pass_by(minutes=30)
        long_ago = await office.token(await office.member(Role.ADMINISTRATOR), staff_sessions.LONGEST)
        there["overdue"].take(long_ago)
        gone = await office.member(Role.ADMINISTRATOR)
        there["signed out"].take(await office.token(gone))
        await there["signed out"].post("/desk/sign-out")
        there["disabled"].take(await office.token(gone))
        now = office.clock.now
        await office.access.store.write(lambda c: accounts.change(c, gone.account.id, disabled=now))
        there |= {role: await stack.enter_async_context(office.at_desk(role)) for role in Role}
        yield there


async def asked(browser: Browser, method: str, path: str, form: str | None = None) -> int:
    if method == "POST":
        return (await browser.post(address(path), form)).status
    return (await browser.ask(method, address(path))).status


def of_the_desk(site: web.Application) -> list[tuple[str, str]]:
    return sorted(set(routes.declared(site.router.routes())))


async def test_the_table_and_the_router_name_the_same_routes(office: Office) -> None:
    there = of_the_desk(app.application(office.parts))

    assert {(method, path) for method, path in there if method != "HEAD"} == set(RULES)


async def test_no_stranger_gets_in_anywhere(office: Office) -> None:
    """Without a session, with one that has ended in any way, with a visitor's cookie: 0 successes."""
    closed = [each for each in of_the_desk(office.server.app) if _rule(*each).right is not None]
    async with everybody(office) as there:
        answers = {(name, *each): await asked(there[name], *each) for each in closed for name in STRANGERS}

    assert len(answers) >= len(STRANGERS) * 20
    assert {told: status for told, status in answers.items() if status not in REFUSED} == {}


async def test_every_role_may_what_its_rights_say_and_nothing_else(office: Office) -> None:
    """What a role may not do is 403; what it may do is anything else, for there is nothing to do it to."""
    wrong = {}
    for role in Role:
        async with office.at_desk(role) as browser:
            for method, path in of_the_desk(office.server.app):
                right = _rule(method, path).right
                if right is not None and path not in ENDS:
                    status = await asked(browser, method, path)
                    if (status == 403) == rights.may(role, right) or status >= 500:
                        wrong[method, path, role] = status

    assert wrong == {}


async def test_no_change_is_made_for_a_page_of_another_session_or_site(office: Office) -> None:
    """A missing form token, a made up one, a colleague's, another site's Origin, none at all: 403."""
    wrong = {}
    async with office.at_desk(Role.ADMINISTRATOR) as browser, office.at_desk(Role.ADMINISTRATOR) as other:
        colleagues = await other.form()
        base = {"Origin": str(browser.base.origin())}
        own = {"form": await browser.form()}
        for method, path in of_the_desk(office.server.app):
            if method == "POST":
                tries = [(base, {}), (base, {"form": "A" * 43}), (base, {"form": colleagues})]
                tries = tries if _rule(method, path).right else []
                tries += [({"Origin": "https://evil.example"}, own), ({"Origin": "null"}, own), ({}, own)]
                tries += [({**base, "Sec-Fetch-Site": "cross-site"}, own)]
                for headers, fields in tries:
                    answer = await browser.ask("POST", address(path), data=fields, headers=headers)
                    if answer.status != 403:
                        wrong[path, str(headers), str(fields)] = answer.status

    assert wrong == {}


async def test_what_administers_asks_for_a_proof_that_is_fresh(office: Office) -> None:
    fresh = [each for each in of_the_desk(office.server.app) if _rule(*each).fresh]
    async with office.at_desk(Role.ADMINISTRATOR) as browser:
        office.clock.pass_by(seconds=sessions.FRESH.total_seconds())
        answers = {each: await asked(browser, *each) for each in fresh}

        assert len(fresh) >= 8
        assert set(answers.values()) == {303}
        where = (await browser.get("/desk/staff")).headers["Location"]
        assert where == "/desk/confirm?next=/desk/staff"


async def test_a_staff_cookie_opens_no_chat_and_a_visitors_cookie_no_desk(office: Office) -> None:
    async with office.at_desk(Role.ADMINISTRATOR) as browser, office.browser() as visitor:
        for path in ("/chat/messages", "/chat/stream"):
            assert (await browser.get(path)).status == 401
        assert (await browser.client.post("/chat/messages", json={})).status == 401
        await visitor.client.post("/chat/sessions")
        [cookie] = visitor.client.cookie_jar
        visitor.take(cookie.value)

        assert (await visitor.get("/desk")).status == 303


async def test_only_the_methods_of_the_table_are_answered(office: Office) -> None:
    async with office.at_desk(Role.ADMINISTRATOR) as browser:
        for path in {path for _, path in of_the_desk(office.server.app)}:
            for method in ("PUT", "DELETE"):
                assert await asked(browser, method, path) == 405, (method, path)


async def test_every_page_is_kept_by_nobody_and_framed_by_nobody(office: Office) -> None:
    async with office.at_desk(Role.ADMINISTRATOR) as browser:
        for path in [path for method, path in RULES if method == "GET"]:
            answer = await browser.get(address(path))

            assert answer.headers["Cache-Control"] == "no-store", path
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy


def test_a_route_without_a_right_fails_the_start() -> None:
    site = web.Application()
    site.router.add_get("/desk/forgotten", _forgotten)

    with pytest.raises(Undeclared, match="GET /desk/forgotten"):
        routes.check(site.router.routes())


ENDS = {"/desk/sign-out", "/desk/account/sessions"}  #: every role may, and then is gone


def _rule(method: str, path: str) -> Rule:
    found = routes.rule(method, path)
    assert found is not None, f"{method} {path} has no rule"
    return found


async def _forgotten(_request: web.Request) -> web.Response:
    return web.Response()
