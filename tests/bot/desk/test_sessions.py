"""When a session ends, and that whatever ends it does so at once, open streams included."""

import asyncio
from datetime import timedelta

import pytest

from bot.access import administering, sessions
from bot.access.staff import Role
from bot.desk.gate import Gate, Visit
from bot.visitors import Proxies
from conversations.store import staff_sessions
from tests.bot.desk.office import PASSWORD, Browser, Office

NEW = "nine quiet rivers turn"


async def visit(office: Office, browser: Browser) -> tuple[Gate, Visit]:
    """What the gate knows of this browser, as a handler of a stream is given it."""
    gate = Gate(office.access, str(browser.base), Proxies("127.0.0.0/8"))
    request = _Request({gate.cookie: browser.token or ""})
    found = await gate.visit(request)  # type: ignore[arg-type]  # all that is looked at are the cookies
    assert found is not None
    return gate, found


class _Request:
    def __init__(self, cookies: dict[str, str]) -> None:
        self.cookies, self.headers = cookies, dict[str, str]()


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 303)])
async def test_half_an_hour_of_quiet_ends_it(office: Office, minutes: int, status: int) -> None:
    async with office.at_desk() as browser:
        office.clock.pass_by(minutes=minutes)

        assert (await browser.get("/desk")).status == status


@pytest.mark.parametrize(("minutes", "status"), [(719, 200), (720, 303)])
async def test_twelve_hours_end_it_however_busy(office: Office, minutes: int, status: int) -> None:
    token = await office.token(await office.member(), timedelta(minutes=minutes))
    async with office.browser() as browser:
        browser.take(token)

        assert (await browser.get("/desk")).status == status


async def test_whoever_is_busy_stays(office: Office) -> None:
    async with office.at_desk() as browser:
        for _ in range(3):
            office.clock.pass_by(minutes=29)
            assert (await browser.get("/desk")).status == 200


@pytest.mark.parametrize("header", [("X-Quiet", "1"), ("Accept", "text/event-stream")])
async def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(
    office: Office, header: tuple[str, str]
) -> None:
    async with office.at_desk() as browser:
        office.clock.pass_by(minutes=20)
        assert (await browser.get("/desk", **dict([header]))).status == 200
        office.clock.pass_by(minutes=10)

        assert (await browser.get("/desk")).status == 303


async def test_signing_out_ends_this_session_only(office: Office) -> None:
    ann = await office.member()
    async with office.at_desk(ann) as here, office.at_desk(ann) as there:
        before = here.token
        answer = await here.post("/desk/sign-out")
        assert answer.headers["Location"] == "/desk/sign-in?said=signed_out"
        assert here.token is None
        here.take(before or "")

        assert (await here.get("/desk")).status == 303
        assert (await there.get("/desk")).status == 200


async def test_a_new_password_ends_every_other_session(office: Office) -> None:
    ann = await office.member()
    async with office.at_desk(ann) as here, office.at_desk(ann) as there:
        answer = await here.post("/desk/account/password", old=PASSWORD, password=NEW, again=NEW)

        assert answer.headers["Location"] == "/desk/account?said=password_changed"
        assert (await here.get("/desk")).status == 200
        assert (await there.get("/desk")).status == 303
    async with office.browser() as browser:
        assert (await browser.sign_in(ann, ann.code(office.clock))).status == 422
        assert (await browser.sign_in(ann, ann.code(office.clock), NEW)).status == 303


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"old": "not the old one", "password": NEW, "again": NEW}, "password or code is wrong"),
        ({"old": PASSWORD, "password": NEW, "again": f"{NEW}!"}, "two passwords differ"),
        ({"old": PASSWORD, "password": "short", "again": "short"}, "at least 12"),
        ({"old": PASSWORD, "password": "password1234", "again": "password1234"}, "commonest"),
    ],
)
async def test_a_password_that_will_not_do_changes_nothing(
    office: Office, fields: dict[str, str], says: str
) -> None:
    ann = await office.member()
    async with office.at_desk(ann) as browser:
        answer = await browser.post("/desk/account/password", **fields)

        assert answer.status == 422
        assert says in await answer.text()
    assert (await office.account(ann)).password == ann.account.password


async def test_guessing_the_old_password_is_locked_like_signing_in(office: Office) -> None:
    async with office.at_desk() as browser:
        for _ in range(6):
            answer = await browser.post("/desk/account/password", old="no no no", password=NEW, again=NEW)

        assert "Too many tries" in await answer.text()


async def test_everywhere_means_here_too(office: Office) -> None:
    ann = await office.member()
    async with office.at_desk(ann) as here, office.at_desk(ann) as there:
        assert (await here.post("/desk/account/sessions")).headers["Location"].startswith("/desk/sign-in")

        assert (await there.get("/desk")).status == 303


async def test_one_of_several_can_be_ended_and_nobody_elses(office: Office) -> None:
    ann, bob = await office.member(), await office.member()
    async with office.at_desk(ann) as here, office.at_desk(ann) as there, office.at_desk(bob) as bobs:
        for browser in (there, bobs):
            shown = sessions.kept(browser.token or "")[:16]
            await here.post("/desk/account/sessions", session=shown)

        assert (await here.get("/desk")).status == 200
        assert (await there.get("/desk")).status == 303
        assert (await bobs.get("/desk")).status == 200


async def test_an_open_page_is_over_as_soon_as_its_session_is(office: Office) -> None:
    """A stream asks once and stays: it is told when signing out, a new role or a closed account end it."""
    root = await office.member(Role.ADMINISTRATOR)
    await office.member(Role.ADMINISTRATOR)
    ends = (
        lambda id: administering.disable(office.access, id, root.account.id),
        lambda id: administering.set_role(office.access, id, Role.AUDITOR, root.account.id),
        lambda id: office.access.store.write(lambda c: staff_sessions.end_all(c, id)),
    )
    for end in ends:
        ann = await office.member()
        async with office.at_desk(ann) as browser, asyncio.timeout(5):
            gate, seen = await visit(office, browser)
            over = asyncio.create_task(gate.over(seen))
            await asyncio.sleep(0)
            await end(ann.account.id)
            await over


async def test_an_open_page_does_not_outlive_the_quiet(office: Office) -> None:
    async with office.at_desk() as browser, asyncio.timeout(5):
        gate, seen = await visit(office, browser)
        over = asyncio.create_task(gate.over(seen))
        office.clock.pass_by(minutes=30)

        await over


async def test_sessions_are_kept_hashed(office: Office) -> None:
    async with office.at_desk() as browser:
        kept = sessions.kept(browser.token or "")
        found = await office.access.store.read(lambda c: staff_sessions.find(c, kept))

    assert found is not None
    assert str(browser.token) not in str(found)


async def test_a_page_that_a_script_asks_for_is_refused_and_not_redirected(office: Office) -> None:
    """What was typed stays where it is."""
    async with office.browser() as browser:
        answer = await browser.get("/desk", **{"HX-Request": "true"})

        assert answer.status == 401
        assert (await answer.text()).startswith('<p class="problem"')
