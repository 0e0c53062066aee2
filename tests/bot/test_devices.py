"""The pages by which a browser passes its conversation on, and takes one up."""

import html
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.device_links import LASTS
from tests.bot.site import BOT, Site, Visitor, kept_in, link_in, site_in
from tests.bot.weibo_stand_in import WeiboStandIn


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with site_in(tmp_path, WeiboStandIn()) as opened:
        yield opened


@pytest.fixture
async def visitor(site: Site) -> AsyncIterator[Visitor]:
    """Somebody who has agreed, said who they are, and wants to go on elsewhere."""
    async with site.visitor() as one:
        await one.agrees()
        await one.send(choice="owner")
        await one.send(text="/device")
        yield one


async def own_page(visitor: Visitor) -> str:
    """Where the newest button of the chat leads."""
    buttons = [choice for message in await visitor.messages() for choice in message["choices"]]
    return urlsplit(str([each["url"] for each in buttons if each["id"] == "device"][-1])).path


async def link(visitor: Visitor) -> str:
    """The path of a fresh link for another browser."""
    return link_in(await visitor.page(await own_page(visitor)), "/device/")


async def follows(visitor: Visitor, path: str, **headers: str) -> int:
    async with visitor.client.post(path, headers=headers, allow_redirects=False) as answer:
        return answer.status


async def keys(visitor: Visitor) -> list[str]:
    return [message["key"] for message in await visitor.messages()]


async def test_the_chat_shows_the_way_to_another_device_beside_the_open_question(visitor: Visitor) -> None:
    assert link_in(await visitor.page("/"), "/device/of/") == await own_page(visitor)


async def test_a_browser_with_nothing_takes_up_the_conversation(site: Site, visitor: Visitor) -> None:
    path = await link(visitor)
    async with site.visitor() as other:
        assert await follows(other, path) == 303

        assert await keys(other) == await keys(visitor)
        assert (await keys(other))[-3:] == ["device.moved", "recap.applying", "ask.trade"]


async def test_what_either_browser_says_is_one_conversation(site: Site, visitor: Visitor) -> None:
    async with site.visitor() as other:
        await follows(other, await link(visitor))
        await other.send(choice="restaurant")
        await visitor.send(text="昆明 2017年2月")

        assert await visitor.messages() == await other.messages()
        assert (await keys(visitor))[-1] == "ask.licence"


async def test_looking_at_a_link_uses_nothing_up(site: Site, visitor: Visitor) -> None:
    path = await link(visitor)
    async with site.visitor() as previewing:
        await previewing.page(path)
        await previewing.page(path)
    async with site.visitor() as other:
        assert await follows(other, path) == 303


async def test_a_link_counts_once(site: Site, visitor: Visitor) -> None:
    path = await link(visitor)
    async with site.visitor() as other, site.visitor() as third:
        assert await follows(other, path) == 303
        assert await follows(third, path) == 400

        assert (await third.client.get("/chat/messages")).status == 401


async def test_who_follows_a_link_twice_stays_where_it_led(site: Site, visitor: Visitor) -> None:
    path = await link(visitor)
    async with site.visitor() as other:
        await follows(other, path)
        before = await keys(other)

        assert await follows(other, path) == 303
        assert await keys(other) == before


async def test_a_link_ends_with_its_minutes(site: Site, visitor: Visitor) -> None:
    path = await link(visitor)
    site.clock.pass_by(seconds=LASTS.total_seconds() + 1)
    async with site.visitor() as other:
        assert await follows(other, path) == 400


async def test_no_other_site_makes_a_browser_follow_a_link(site: Site, visitor: Visitor) -> None:
    path = await link(visitor)
    async with site.visitor() as other:
        assert await follows(other, path, **{"Sec-Fetch-Site": "cross-site"}) == 403
        assert await follows(other, path) == 303


async def test_links_are_shown_to_the_browser_that_holds_the_conversation_alone(
    site: Site, visitor: Visitor
) -> None:
    path = await own_page(visitor)
    async with site.visitor() as stranger:
        assert (await stranger.client.get(path)).status == 403
        await stranger.agrees()
        assert (await stranger.client.get(path)).status == 403


async def test_the_page_leads_to_telegram_by_a_link_of_its_own(site: Site, visitor: Visitor) -> None:
    page = await visitor.page(await own_page(visitor))
    address = html.unescape(page.partition(f'href="{BOT}?start=')[2].partition('"')[0])
    session = await site.turns.session(site.links.opened(address).session_id)

    assert session is not None
    assert session.value("role") == "owner"


async def test_no_link_is_ever_stored(tmp_path: Path, site: Site, visitor: Visitor) -> None:
    path = await link(visitor)
    async with site.visitor() as other:
        await follows(other, path)

    assert path.rpartition("/")[2].encode() not in kept_in(tmp_path)


async def test_an_application_that_a_browser_held_before_can_be_gone_back_to(
    site: Site, visitor: Visitor
) -> None:
    async with site.visitor() as other:
        await other.agrees()
        await other.send(choice="partner")
        page = await other.page(path := await link(visitor), **{"Accept-Language": "en"})
        await follows(other, path)

        assert "原样留着" in page
        assert (await keys(other))[-3:] == ["device.moved_from", "recap.applying", "ask.trade"]
        await other.send(choice="/device other")
        assert (await keys(other)).count("ask.role") == 1
        assert (await keys(other))[-3:] == ["device.moved_from", "recap.applying", "ask.trade"]
        assert [m["text"] for m in await other.messages() if m["from"] == "merchant"][1] == "合伙人"
