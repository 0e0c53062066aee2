"""Connecting an account: consent for it first, then Weibo, then back; each link counts once and only here."""

import html
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot import weibo_connect
from tests.bot.site import Site, Visitor, kept_in, link_in, site_in
from tests.bot.weibo_stand_in import WeiboStandIn

ANSWERS = [
    ("choice", "owner"),
    ("choice", "restaurant"),
    ("text", "昆明 2017年2月"),
    ("choice", "individual_business"),
]


@pytest.fixture
def weibo() -> WeiboStandIn:
    return WeiboStandIn()


@pytest.fixture
async def site(tmp_path: Path, weibo: WeiboStandIn) -> AsyncIterator[Site]:
    async with site_in(tmp_path, weibo) as opened:
        yield opened


@pytest.fixture
async def visitor(site: Site) -> AsyncIterator[Visitor]:
    async with site.visitor() as one:
        await one.agrees()
        for how, answer in ANSWERS:
            status, _ = await one.send(**{how: answer})
            assert status == 200
        yield one


async def leaves(visitor: Visitor) -> str:
    """From the chat to Weibo's door: the state that Weibo will bring back."""
    path = link_in(await visitor.page(), "/weibo/connect/")
    async with visitor.client.post(path) as answer:
        assert answer.status == 200
        door = html.unescape(link_in(await answer.text(), "/oauth2/authorize"))
    return parse_qs(urlsplit(door).query)["state"][0]


async def comes_back(visitor: Visitor, **query: str) -> tuple[int, str]:
    async with visitor.client.get("/weibo/callback", params=query) as answer:
        return answer.status, await answer.text()


async def keys(visitor: Visitor) -> list[str]:
    return [message["key"] for message in await visitor.messages()]


async def test_the_page_says_what_is_read_of_this_account_before_anything_is_asked(
    visitor: Visitor, weibo: WeiboStandIn
) -> None:
    page = await visitor.page(link_in(await visitor.page(), "/weibo/connect/"))

    assert all(part in page for part in ("授权读取店铺微博", "保留多久", "怎样撤回", "同意，去微博授权"))
    assert weibo.exchanged == []


async def test_an_owner_who_agrees_is_connected_and_the_conversation_goes_on(
    visitor: Visitor, weibo: WeiboStandIn
) -> None:
    status, page = await comes_back(visitor, state=await leaves(visitor), code="good")

    assert (status, 'href="/"' in page) == (200, True)
    assert (await keys(visitor))[-2:] == ["account.connected", "ask.personal_account"]
    assert weibo.agreed[0].kind == "brand"


async def test_each_account_has_a_consent_of_its_own(visitor: Visitor, weibo: WeiboStandIn) -> None:
    await comes_back(visitor, state=await leaves(visitor), code="good")
    assert "您的个人微博" in await visitor.page(link_in(await visitor.page(), "/weibo/connect/"))

    await comes_back(visitor, state=await leaves(visitor), code="other")

    assert weibo.agreed[1].kind == "personal"
    assert "咖啡&lt;b&gt;馆&lt;/b&gt;" in await visitor.page()


async def test_the_token_is_kept_sealed(visitor: Visitor, tmp_path: Path) -> None:
    await comes_back(visitor, state=await leaves(visitor), code="good")

    assert b"token-of-1001" not in kept_in(tmp_path)


async def test_an_owner_who_refuses_at_weibo_loses_nothing(visitor: Visitor, weibo: WeiboStandIn) -> None:
    status, page = await comes_back(visitor, state=await leaves(visitor), error="access_denied")

    assert (status, "没有完成授权" in page) == (200, True)
    assert (await keys(visitor))[-2:] == ["account.connect_refused", "ask.brand_account"]
    assert weibo.exchanged == []


async def test_weibo_being_down_is_a_fact_not_a_failure(visitor: Visitor) -> None:
    status, _ = await comes_back(visitor, state=await leaves(visitor), code="unknown")

    assert status == 200
    assert (await keys(visitor))[-2:] == ["account.connect_unavailable", "ask.brand_account"]


async def test_a_state_counts_once(visitor: Visitor) -> None:
    state = await leaves(visitor)
    cookie = {c.key: c.value for c in visitor.client.cookie_jar}
    await comes_back(visitor, state=state, code="good")
    visitor.client.cookie_jar.update_cookies(cookie)
    said = await visitor.messages()

    status, _ = await comes_back(visitor, state=state, code="other")

    assert status == 400
    assert await visitor.messages() == said


async def test_the_way_back_ends_in_the_browser_it_began_in(
    site: Site, visitor: Visitor, weibo: WeiboStandIn
) -> None:
    state = await leaves(visitor)

    async with site.visitor() as somebody_lured:
        status, _ = await comes_back(somebody_lured, state=state, code="good")

    assert (status, weibo.exchanged) == (400, [])


async def test_a_link_expires(site: Site, visitor: Visitor) -> None:
    path = link_in(await visitor.page(), "/weibo/connect/")
    state = await leaves(visitor)
    site.clock.pass_by(minutes=11)
    assert (await comes_back(visitor, state=state, code="good"))[0] == 400

    site.clock.pass_by(minutes=20)
    async with visitor.client.get(path) as answer:
        assert answer.status == 400
        assert "链接无效" in await answer.text()


@pytest.mark.parametrize("signed", ["x", "1.2.3", "...", "é", "%00", "999999999999999999.YQ.YQ"])
async def test_a_forged_link_opens_nothing(visitor: Visitor, signed: str) -> None:
    for path in (f"/weibo/connect/{signed}", f"/weibo/callback?code=good&state={signed}"):
        async with visitor.client.get(path) as answer:
            assert answer.status == 400


async def test_a_link_for_one_purpose_is_worthless_for_another(visitor: Visitor) -> None:
    signed = link_in(await visitor.page(), "/weibo/connect/").rsplit("/", 1)[1]

    assert (await comes_back(visitor, state=signed, code="good"))[0] == 400


async def test_a_link_to_a_conversation_that_is_gone_opens_nothing(site: Site, visitor: Visitor) -> None:
    ticket = weibo_connect.Ticket("no-such-conversation", "brand", "nonce")
    signed = site.signer.sign("weibo-connect", str(ticket), site.clock() + timedelta(minutes=5))

    async with visitor.client.get(f"/weibo/connect/{signed}") as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    "extra", ["next=https://evil.test", "redirect_uri=https://evil.test", "url=//evil.test"]
)
async def test_no_page_leads_where_the_address_says(visitor: Visitor, extra: str) -> None:
    path = link_in(await visitor.page(), "/weibo/connect/")
    for address in (f"/?{extra}", f"{path}?{extra}", f"/weibo/callback?{extra}", "/%2f%2fevil.test"):
        async with visitor.client.get(address, allow_redirects=False) as answer:
            assert "evil.test" not in answer.headers.get("Location", "") + await answer.text()


async def test_somebody_from_telegram_is_sent_back_there(site: Site, visitor: Visitor) -> None:
    path = link_in(await visitor.page(), "/weibo/connect/")
    async with site.visitor() as phone:
        async with phone.client.post(path) as answer:
            door = html.unescape(link_in(await answer.text(), "/oauth2/authorize"))
        _, page = await comes_back(phone, state=parse_qs(urlsplit(door).query)["state"][0], code="good")

    assert "Telegram" in page


async def test_links_exist_for_the_two_accounts_only(site: Site) -> None:
    resolve = weibo_connect.links(site.signer, "https://bangbang.test")
    now = datetime.now(site.clock().tzinfo)

    assert resolve("s", "weibo/brand", now).startswith("https://bangbang.test/weibo/connect/")
    with pytest.raises(LookupError):
        resolve("s", "weibo/somebody", now)


async def test_a_link_of_another_conversation_shows_nothing_and_leads_nowhere(
    site: Site, visitor: Visitor, weibo: WeiboStandIn
) -> None:
    path = link_in(await visitor.page(), "/weibo/connect/")
    async with site.visitor() as lured:
        await lured.agrees()
        for method in ("GET", "POST"):
            async with lured.client.request(method, path) as answer:
                page = await answer.text()
                assert answer.status == 400
                assert "链接无效" in page
                assert "/oauth2/authorize" not in page

    assert weibo.exchanged == []


async def test_a_browser_whose_own_conversation_is_gone_may_go_on(site: Site, visitor: Visitor) -> None:
    path = link_in(await visitor.page(), "/weibo/connect/")
    async with site.visitor() as phone, phone.client.get(path, cookies={"bangbang": "x" * 43}) as answer:
        assert answer.status == 200


async def test_the_page_says_which_conversation_the_account_is_for(site: Site, visitor: Visitor) -> None:
    path = link_in(await visitor.page(), "/weibo/connect/")
    ticket = site.signer.open("weibo-connect", path.rsplit("/", 1)[1], site.clock())

    assert weibo_connect.Ticket.parse(ticket).session_id[-4:] in await visitor.page(path)


async def test_no_other_site_agrees_for_an_owner(visitor: Visitor) -> None:
    path = link_in(await visitor.page(), "/weibo/connect/")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}):
        async with visitor.client.post(path, headers=headers) as answer:
            assert answer.status == 403


async def test_an_account_the_conversation_did_not_take_is_not_called_connected(visitor: Visitor) -> None:
    state = await leaves(visitor)
    await visitor.send(choice="/delete yes")

    status, page = await comes_back(visitor, state=state, code="good")

    assert (status, "没有完成授权" in page) == (200, True)
    assert "account.connected" not in await keys(visitor)
