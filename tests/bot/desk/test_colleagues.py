"""Letting colleagues in and putting them out, and the links by which they come."""

import html
import re

import pyotp
import pytest

from bot.access import administering
from bot.access.staff import Role
from conversations.deeds import Deed
from tests.bot.desk.office import PASSWORD, Browser, Office, values

CHOSEN = {"password": PASSWORD, "again": PASSWORD}


def link_in(page: str) -> str:
    found = re.search(r"/desk/invitation/[\w-]{43}", page)
    assert found, page
    return found[0]


async def invited(office: Office, name: str = "Ann", role: Role = Role.AGENT) -> str:
    return f"/desk/invitation/{await administering.invite(office.access, name, role, 'operator')}"


async def fill(office: Office, browser: Browser, link: str, **chosen: str) -> tuple[int, str]:
    """What somebody does who opens a link: choose a password, scan the picture, type its code."""
    page = await browser.page(link)
    [sealed] = values(page, "secret")
    [secret] = re.findall(r'class="secret"[^>]*>(\w+)<', page)
    code = pyotp.TOTP(secret).at(office.clock.now)
    answer = await browser.post(link, **({"secret": sealed, "code": code} | CHOSEN | chosen))
    return answer.status, await answer.text()


async def test_an_administrator_invites_and_the_colleague_joins(office: Office) -> None:
    async with office.at_desk(Role.ADMINISTRATOR) as browser, office.browser() as anns:
        page = await (await browser.post("/desk/staff", name="Ann", role="reviewer")).text()
        status, codes = await fill(office, anns, link_in(page))

        assert status == 200
        assert len(re.findall(r"<li>[\w-]{19}</li>", codes)) == 10
        assert "Reviewer" in await anns.page("/desk")
    assert [entry.what for entry in await office.record()] == ["invited", "joined"]


async def test_a_link_opens_once(office: Office) -> None:
    link = await invited(office)
    async with office.browser() as browser, office.browser() as other:
        page = await other.page(link)
        assert (await fill(office, browser, link))[0] == 200

        assert (await other.get(link)).status == 404
        answer = await other.post(link, secret=values(page, "secret")[0], code="000000", **CHOSEN)
        assert answer.status == 404


async def test_looking_at_a_link_uses_nothing_up(office: Office) -> None:
    link = await invited(office)
    async with office.browser() as browser:
        for _ in range(3):
            await browser.page(link)

        assert (await fill(office, browser, link))[0] == 200


async def test_a_link_of_yesterday_does_not_open(office: Office) -> None:
    link = await invited(office)
    office.clock.pass_by(hours=24)
    async with office.browser() as browser:
        assert (await browser.get(link)).status == 404


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"code": "000000"}, "six digits do not fit"),
        ({"code": ""}, "six digits do not fit"),
        ({"again": "another one entirely"}, "two passwords differ"),
        ({"password": "bangbang1234", "again": "bangbang1234"}, "little more than a name"),
        ({"secret": "made up"}, "out of date"),
        ({"later": "on", "code": ""}, "six digits do not fit"),
    ],
)
async def test_what_will_not_do_is_said_and_the_link_stays(
    office: Office, chosen: dict[str, str], says: str
) -> None:
    link = await invited(office)
    async with office.browser() as browser:
        status, page = await fill(office, browser, link, **chosen)

        assert (status, says in page) == (422, True)
        assert (await fill(office, browser, link))[0] == 200


async def test_nobody_joins_under_anothers_name(office: Office) -> None:
    await office.member(name="Ann")
    async with office.at_desk(Role.ADMINISTRATOR) as browser:
        for name in ("ann", " ＡＮＮ ", "A\u200bnn"):
            answer = await browser.post("/desk/staff", name=name, role="agent")
            assert (answer.status, "has this name already" in await answer.text()) == (422, True)


async def test_two_links_of_one_name_make_one_account(office: Office) -> None:
    first, second = await invited(office), await invited(office)
    async with office.browser() as browser, office.browser() as other:
        assert (await fill(office, browser, first))[0] == 200

        assert "has this name already" in (await fill(office, other, second))[1]


async def test_the_first_administrator_chooses_a_name_and_no_second_one_can(office: Office) -> None:
    first = await administering.invite_first(office.access)
    again = await administering.invite_first(office.access)
    async with office.browser() as browser, office.browser() as other:
        assert (await other.get(f"/desk/invitation/{first}")).status == 404
        assert (await fill(office, browser, f"/desk/invitation/{again}", name="小李"))[0] == 200
        assert "小李" in await browser.page("/desk")

    assert await administering.invite_first(office.access) is None


async def test_a_demonstration_lets_the_first_one_in_without_a_second_step(demonstration: Office) -> None:
    link = f"/desk/invitation/{await administering.invite_first(demonstration.access)}"
    async with demonstration.browser() as browser:
        status, _ = await fill(demonstration, browser, link, name="小李", later="on", code="")

        assert status == 303
        assert "no second step" in await browser.page("/desk?language=en")


async def test_disabling_ends_everything_at_once(office: Office) -> None:
    ann = await office.member()
    async with office.at_desk(Role.ADMINISTRATOR) as browser, office.at_desk(ann) as anns:
        assert (await browser.post(f"/desk/staff/{ann.account.id}/disable")).status == 303

        assert (await anns.get("/desk")).status == 303
        assert (await anns.sign_in(ann, ann.code(office.clock))).status == 422
        assert (await browser.post(f"/desk/staff/{ann.account.id}/enable")).status == 303
        assert (await anns.sign_in(ann, ann.code(office.clock))).status == 303


async def test_a_role_counts_from_the_next_request_on(office: Office) -> None:
    ann = await office.member(Role.AGENT)
    async with office.at_desk(Role.ADMINISTRATOR) as browser, office.at_desk(ann) as anns:
        assert (await anns.get("/desk/activity")).status == 403
        await browser.post(f"/desk/staff/{ann.account.id}/role", role="auditor")

        assert (await anns.get("/desk/activity")).status == 200


async def test_the_last_administrator_stays(office: Office) -> None:
    root = await office.member(Role.ADMINISTRATOR)
    async with office.at_desk(root) as browser:
        for change, fields in (("disable", {}), ("role", {"role": "agent"})):
            answer = await browser.post(f"/desk/staff/{root.account.id}/{change}", **fields)
            assert (answer.status, "Nobody could administer" in await answer.text()) == (422, True)

        assert (await browser.get("/desk/staff")).status == 200


async def test_new_secrets_make_the_old_ones_worthless_before_they_are_chosen(office: Office) -> None:
    ann = await office.member(Role.REVIEWER)
    async with office.at_desk(Role.ADMINISTRATOR) as browser, office.at_desk(ann) as anns:
        page = await (await browser.post(f"/desk/staff/{ann.account.id}/reset")).text()
        assert (await anns.get("/desk")).status == 303
        assert (await anns.sign_in(ann, ann.code(office.clock))).status == 422

        assert (await fill(office, anns, link_in(page)))[0] == 200
        assert "Reviewer" in await anns.page("/desk")
    assert (await office.account(ann)).name == ann.account.name
    assert [entry.what for entry in await office.record(Deed.RESET)] == ["reset"]


async def test_a_fresh_proof_opens_administering_for_ten_minutes(office: Office) -> None:
    root = await office.member(Role.ADMINISTRATOR)
    async with office.at_desk(root) as browser:
        office.clock.pass_by(minutes=10)
        assert (await browser.get("/desk/staff")).headers["Location"] == "/desk/confirm?next=/desk/staff"
        refused = await browser.post("/desk/confirm?next=/desk/staff", proof="000000")
        assert refused.status == 422
        answer = await browser.post("/desk/confirm?next=/desk/staff", proof=root.code(office.clock))

        assert answer.headers["Location"] == "/desk/staff"
        assert (await browser.get("/desk/staff")).status == 200


async def test_the_second_step_is_set_up_anew_from_the_account_page(office: Office) -> None:
    ann = await office.member()
    async with office.at_desk(ann) as here, office.at_desk(ann) as there:
        page = await here.page("/desk/account/second-step")
        [sealed] = values(page, "secret")
        [secret] = re.findall(r'class="secret"[^>]*>(\w+)<', page)
        stolen = await there.post("/desk/account/second-step", secret=sealed, code="000000")
        assert stolen.status == 422  # a form of another session
        code = pyotp.TOTP(secret).at(office.clock.now)
        answer = await here.post("/desk/account/second-step", secret=sealed, code=code)

        assert "recovery codes" in await answer.text()
        assert (await there.get("/desk")).status == 303
    async with office.browser() as browser:
        assert (await browser.sign_in(ann, ann.code(office.clock))).status == 422


async def test_names_are_text_on_every_page(office: Office) -> None:
    name = '"><script>alert(1)</script>{{7*7}}'
    async with office.at_desk(await office.member(Role.ADMINISTRATOR, name=name)) as browser:
        for path in ("/desk", "/desk/account", "/desk/staff", "/desk/activity"):
            page = await browser.page(path)
            assert "<script>alert" not in page, path
            assert html.escape(name)[:20].replace("&quot;", "&#34;") in page, path
