"""Signing in: who gets in, who does not, and that nobody learns from the answer which accounts exist."""

import asyncio
from pathlib import Path

import pytest

from bot.access.staff import Role
from conversations.deeds import Deed
from conversations.store import staff as accounts
from tests.bot.desk.office import PASSWORD, Browser, Member, Office, office_in


async def told(browser: Browser, login: str, password: str, code: str) -> tuple[int, str]:
    """Status and page of a try, without what differs with what was typed."""
    answer = await browser.post("/desk/sign-in", login=login, password=password, code=code)
    page = await answer.text()
    return answer.status, page.replace(f'value="{login}"', "")


async def test_password_and_code_let_in_and_begin_a_session(office: Office) -> None:
    ann = await office.member(name="Ann")
    async with office.browser() as browser:
        answer = await browser.sign_in(ann, ann.code(office.clock))

        assert (answer.status, answer.headers["Location"]) == (303, "/desk")
        cookie = answer.headers["Set-Cookie"]
        assert all(part in cookie for part in ("desk=", "HttpOnly", "Path=/", "SameSite=Lax"))
        assert "Ann" in await browser.page("/desk")
        assert [entry.what for entry in await office.record()] == ["signed_in"]


async def test_on_https_cookies_belong_to_this_host_and_travel_sealed_only(tmp_path: Path) -> None:
    async with office_in(tmp_path, public_url="https://desk.example") as office:
        ann = await office.member()
        async with office.browser(Origin="https://desk.example") as browser:
            answer = await browser.sign_in(ann, ann.code(office.clock))

    cookies = answer.headers.getall("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["__Host-desk", "__Host-desk-known"]
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


async def test_a_name_is_found_however_it_is_typed(office: Office) -> None:
    ann = await office.member(name="Ann Lee")
    async with office.browser() as browser:
        code = ann.code(office.clock)
        answer = await browser.post("/desk/sign-in", login="  ann LEE ", password=PASSWORD, code=code)

        assert answer.status == 303


async def test_every_wrong_try_is_answered_alike(office: Office) -> None:
    """Unknown name, wrong password, wrong code, no code, disabled, no second step: one answer."""
    ann = await office.member(name="ann")
    await office.member(name="gone", disabled=office.clock.now)
    await office.member(name="bare", totp=None)
    code = ann.code(office.clock)
    tries = [
        ("nobody", PASSWORD, code),
        ("ann", "something else entirely", code),
        ("ann", PASSWORD, "000000"),
        ("ann", PASSWORD, ""),
        ("gone", PASSWORD, code),
        ("bare", PASSWORD, ""),
    ]
    answers = set()
    for n, given in enumerate(tries):
        async with office.browser(**{"X-Forwarded-For": f"10.0.0.{n}"}) as browser:
            answers.add(await told(browser, *given))

    assert len(answers) == 1
    assert answers.pop()[0] == 422
    whys = [entry.facts.partition('"why":"')[2].partition('"')[0] for entry in await office.record()]
    assert whys == ["unknown", "password", "code", "code", "disabled", "code"]


async def test_a_code_is_taken_once(office: Office) -> None:
    ann = await office.member()
    code = ann.code(office.clock)
    async with office.browser() as browser, office.browser() as other:
        assert (await browser.sign_in(ann, code)).status == 303
        assert (await other.sign_in(ann, code)).status == 422

        office.clock.pass_by(seconds=30)
        assert (await other.sign_in(ann, ann.code(office.clock))).status == 303


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 303), (30, 303), (60, 422)])
async def test_a_phone_may_be_half_a_minute_wrong(office: Office, seconds: int, status: int) -> None:
    ann = await office.member()
    office.clock.pass_by(seconds=seconds)
    code = ann.code(office.clock)
    office.clock.pass_by(seconds=-seconds)
    async with office.browser() as browser:
        assert (await browser.sign_in(ann, code)).status == status


async def test_a_recovery_code_stands_in_once(office: Office) -> None:
    ann = await office.member(Role.ADMINISTRATOR)
    async with office.at_desk(ann) as browser:
        page = await (await browser.post("/desk/account/codes")).text()
    code = page.partition("<li>")[2].partition("</li>")[0]
    async with office.browser() as browser, office.browser() as other:
        assert (await browser.sign_in(ann, code.upper())).status == 303
        assert (await other.sign_in(ann, code)).status == 422

    left = await office.access.store.read(lambda c: accounts.codes_left(c, ann.account.id))
    assert left == 9
    assert [entry.facts for entry in await office.record(Deed.RECOVERY_CODE_USED)] == ['{"left":9}']


async def test_the_sixth_try_in_five_minutes_is_refused_even_with_the_right_password(office: Office) -> None:
    ann = await office.member()
    for n in range(5):
        async with office.browser(**{"X-Forwarded-For": f"10.0.0.{n}"}) as browser:
            assert (await browser.sign_in(ann, "000000")).status == 422

    async with office.browser(**{"X-Forwarded-For": "10.0.0.9"}) as browser:
        assert (await browser.sign_in(ann, ann.code(office.clock))).status == 429
        office.clock.pass_by(minutes=5)
        assert (await browser.sign_in(ann, ann.code(office.clock))).status == 303
    assert len(await office.record(Deed.LOCKED_OUT)) == 1


async def test_nobody_can_hold_a_known_browser_out(office: Office) -> None:
    """Merchants read the names of staff, and could lock an account for ever."""
    ann, bob = await office.member(), await office.member()
    async with office.browser() as anns, office.browser() as bobs:
        await anns.sign_in(ann, ann.code(office.clock))
        await bobs.sign_in(bob, bob.code(office.clock))
        for n in range(5):
            async with office.browser(**{"X-Forwarded-For": f"10.0.0.{n}"}) as stranger:
                await stranger.sign_in(ann, "000000")
        office.clock.pass_by(seconds=30)

        assert (await bobs.sign_in(ann, ann.code(office.clock))).status == 429  # known, but for bob
        assert (await anns.sign_in(ann, ann.code(office.clock))).status == 303
        for _ in range(5):
            assert (await anns.sign_in(ann, "000000")).status == 422
        assert (await anns.sign_in(ann, "000000")).status == 429


async def test_a_name_that_nobody_has_is_locked_alike(office: Office) -> None:
    nobody = Member((await office.member()).account, "")
    object.__setattr__(nobody.account, "name", "nobody at all")
    for n in range(6):
        async with office.browser(**{"X-Forwarded-For": f"10.0.0.{n}"}) as browser:
            status = (await browser.sign_in(nobody, "000000")).status

    assert status == 429


async def test_an_address_is_locked_whichever_names_it_tries(office: Office) -> None:
    ann, bob = await office.member(), await office.member()
    async with office.browser() as browser:
        for n in range(5):
            await told(browser, f"name {n}", "wrong wrong wrong", "")

        assert (await browser.sign_in(ann, ann.code(office.clock))).status == 429
    async with office.browser(**{"X-Forwarded-For": "10.1.1.1"}) as elsewhere:
        assert (await elsewhere.sign_in(bob, bob.code(office.clock))).status == 303


async def test_tries_at_once_count_as_many(office: Office) -> None:
    ann = await office.member()
    async with office.browser() as browser:
        answers = await asyncio.gather(*(browser.sign_in(ann, "000000") for _ in range(12)))

    assert sorted(answer.status for answer in answers) == [422] * 5 + [429] * 7


async def test_a_try_for_which_there_was_no_time_is_none(office: Office) -> None:
    ann = await office.member()
    office.access.passwords.abreast = 0
    async with office.browser() as browser:
        for _ in range(6):
            assert (await browser.sign_in(ann, ann.code(office.clock))).status == 503
        office.access.passwords.abreast = 1

        assert (await browser.sign_in(ann, ann.code(office.clock))).status == 303


async def test_who_signs_in_begins_anew(office: Office) -> None:
    ann = await office.member()
    async with office.browser() as browser:
        for _ in range(2):
            for _ in range(4):
                assert (await browser.sign_in(ann, "000000")).status == 422
            assert (await browser.sign_in(ann, ann.code(office.clock))).status == 303
            office.clock.pass_by(minutes=5)


async def test_a_session_is_new_at_every_sign_in_and_the_old_one_ends(office: Office) -> None:
    ann = await office.member()
    async with office.at_desk(ann) as browser, office.browser() as thief:
        planted = browser.token
        assert planted is not None
        await browser.sign_in(ann, ann.code(office.clock))
        thief.take(planted)

        assert browser.token != planted
        assert (await browser.get("/desk")).status == 200
        assert (await thief.get("/desk")).status == 303


async def test_nothing_that_was_typed_is_kept(office: Office) -> None:
    async with office.browser() as browser:
        await told(browser, "a name typed wrong", "a password typed wrong", "123456")

    kept = [entry.facts + entry.who for entry in await office.record()]
    assert len(kept) == 1
    assert "typed wrong" not in kept[0]


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example", "/chat", "/desk\\@evil", "javascript:1"]
)
async def test_signing_in_leads_nowhere_else(office: Office, where: str) -> None:
    ann = await office.member()
    async with office.browser() as browser:
        code = ann.code(office.clock)
        fields = {"login": ann.account.name, "password": PASSWORD, "code": code}
        answer = await browser.client.post(
            "/desk/sign-in", params={"next": where}, data=fields, allow_redirects=False,
            headers={"Origin": str(browser.base.origin())},
        )  # fmt: skip

        assert (answer.status, answer.headers["Location"]) == (303, "/desk")


async def test_a_demonstration_lets_the_second_step_wait_and_says_so(demonstration: Office) -> None:
    bare = await demonstration.member(totp=None)
    async with demonstration.browser() as browser:
        assert (await browser.sign_in(bare, "")).status == 303
        assert "no second step" in await browser.page("/desk")
