"""The web chat's routes: a conversation over HTTP, each message once, stored before it is acknowledged."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.site import Site, Visitor, site_in
from tests.bot.weibo_stand_in import WeiboStandIn


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with site_in(tmp_path, WeiboStandIn()) as opened:
        yield opened


@pytest.fixture
async def visitor(site: Site) -> AsyncIterator[Visitor]:
    async with site.visitor() as one:
        yield one


async def test_a_new_visitor_is_greeted_and_asked_for_consent(visitor: Visitor) -> None:
    begun = await visitor.start()

    assert begun == {"language": "zh-Hans", "waiting": "consent"}
    assert [(m["id"], m["kind"]) for m in await visitor.messages()] == [(1, "say"), (2, "ask")]


async def test_a_message_has_the_published_shape(visitor: Visitor) -> None:
    await visitor.start()

    message = (await visitor.messages(after=1))[0]

    assert set(message) == {"id", "kind", "step", "key", "text", "choices", "data", "from", "at"}
    assert {"id": "agree", "label": message["choices"][0]["label"]} in message["choices"]


@pytest.mark.parametrize(
    ("asks_for", "gets"), [("en-GB,en;q=0.8", "en"), ("zh-TW", "zh-Hant"), ("zh-CN", "zh-Hans")]
)
async def test_the_browser_s_language_is_spoken(site: Site, asks_for: str, gets: str) -> None:
    async with site.visitor(**{"Accept-Language": asks_for}) as visitor:
        assert (await visitor.start())["language"] == gets
        assert f'<html lang="{gets}">' in await visitor.page()


async def test_the_same_id_twice_is_one_message(visitor: Visitor) -> None:
    await visitor.start()
    id = str(uuid.uuid4())

    first = await visitor.send(id, choice="agree")
    said = await visitor.messages()
    again = await visitor.send(id.upper(), choice="agree")

    assert [first[1]["fresh"], again[1]["fresh"]] == [True, False]
    assert await visitor.messages() == said


async def test_answers_move_the_conversation_on(visitor: Visitor) -> None:
    await visitor.agrees()

    assert (await visitor.send(choice="owner", asked="role"))[1]["waiting"] == "trade"
    assert (await visitor.send(text="餐馆"))[1]["waiting"] == "city"
    assert [m["text"] for m in await visitor.messages() if m["from"] == "merchant"][-1] == "餐馆"


async def test_starting_again_resumes_without_repeating_the_greeting(visitor: Visitor) -> None:
    await visitor.agrees()
    said = await visitor.messages()

    assert (await visitor.start())["waiting"] == "role"
    assert await visitor.messages() == said


async def test_a_visitor_back_after_a_while_gets_one_recap(site: Site, visitor: Visitor) -> None:
    await visitor.agrees()
    said = await visitor.messages()
    site.clock.pass_by(hours=8)

    assert 'data-begin="yes"' in await visitor.page()
    await visitor.start()
    await visitor.start()

    recap = await visitor.messages(after=said[-1]["id"])
    assert [message["key"] for message in recap] == ["recap.applying", "ask.role"]


async def test_the_page_holds_the_transcript_and_the_open_question(visitor: Visitor) -> None:
    await visitor.agrees()

    page = await visitor.page()

    assert page.count("data-keyboard") == 1
    assert 'value="owner"' in page
    assert 'value="agree"' not in page, "an answered question keeps no buttons"


async def test_rows_of_the_page_and_of_the_news_are_the_same(visitor: Visitor) -> None:
    await visitor.agrees()
    after = (await visitor.messages())[-1]["id"] - 1

    news = await visitor.page(f"/chat/messages?after={after}")

    assert f'data-last="{after + 1}"' in news
    assert 'value="owner"' in news
    assert "<html" not in news


async def test_a_form_without_script_sends_and_comes_back_to_the_page(visitor: Visitor) -> None:
    form = {"Accept": "text/html"}
    async with visitor.client.post("/chat/sessions", headers=form, allow_redirects=False) as begun:
        assert (begun.status, begun.headers["Location"]) == (303, "/#newest")

    fields = {"id": str(uuid.uuid4()), "choice": "agree", "asked": "consent", "text": ""}
    async with visitor.client.post("/chat/messages", data=fields, allow_redirects=False) as sent:
        assert (sent.status, sent.headers["Location"]) == (303, "/#newest")

    assert 'value="owner"' in await visitor.page()


async def test_boxes_ticked_in_a_form_are_one_answer(site: Site, visitor: Visitor) -> None:
    await visitor.agrees()
    fields = [("id", str(uuid.uuid4())), ("text", "进货"), ("text", "房租")]

    await visitor.client.post("/chat/messages", data=fields, allow_redirects=False)

    said = [message["text"] for message in await visitor.messages() if message["from"] == "merchant"]
    assert said[-1] == "进货、房租"


async def test_what_a_database_cannot_hold_is_replaced(visitor: Visitor) -> None:
    await visitor.agrees()

    status, _ = await visitor.send(text="a\x00b\ud83d")

    assert status == 200
    assert (await visitor.messages())[-3]["text"] in ("a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}",)


async def test_after_erasure_the_page_is_empty_of_what_was_said(visitor: Visitor) -> None:
    await visitor.agrees()
    await visitor.send(text="我的秘密")
    await visitor.send(choice="/delete yes")

    assert "我的秘密" not in await visitor.page()
