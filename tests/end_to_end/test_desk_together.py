"""Two colleagues and a merchant at once, in real browsers: one speaker, live pages, and nothing that runs."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from bot import app
from bot.access.staff import Role
from tests.bot.sample_messages import POLYGLOT
from tests.end_to_end.browser import Merchant, assembled_product, chromium, merchant
from tests.end_to_end.desk import OPENING, Visitor, colleague

PAGES = (
    "", "?view=all", "/conversations/{id}", "/numbers", "/replies", "/account", "/staff", "/activity",
    "/confirm",
)  # fmt: skip
SCRIPTS = (
    POLYGLOT,
    "<script>alert(3)</script>",
    '"><img src=x onerror=alert(4)>',
    "'><svg/onload=alert(5)>",
    "javascript:alert(6)",
    "</template></textarea><iframe srcdoc='<script>alert(7)</script>'>",
    "<b hx-get=/desk hx-trigger=load>8</b>",
)
#: what such words would have left in a page that does not escape them
LEFT = """document.querySelectorAll("[onerror], [onload], [onclick], iframe, [srcdoc], b[hx-get]").length
    + [...document.links].filter((one) => one.href.startsWith("javascript:")).length"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as launched:
        yield launched


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[app.Parts]:
    async with assembled_product(tmp_path) as running:
        yield running


async def comes_in(she: Merchant) -> None:
    """A merchant in the web chat who wants a person."""
    await she.opens()
    await she.taps("同意")
    await she.taps("老板")
    await she.hears("哪一行")
    await she.says("人工")
    await she.hears("同事")


async def comes_slowly(route: Route) -> None:
    await asyncio.sleep(0.3)
    await route.continue_()


async def opens_the_first(he: Merchant) -> None:
    """By the keyboard alone."""
    await expect(he.page.locator("#list .line")).to_have_count(1)
    await he.page.keyboard.press("j")
    await he.page.keyboard.press("Enter")
    await expect(he.page.locator(".holder.bot")).to_be_visible()


async def writes(he: Merchant, text: str) -> None:
    await he.page.keyboard.press("Escape")
    await he.page.keyboard.press("e")
    await expect(he.page.locator("#reply")).to_be_focused()
    await he.page.keyboard.insert_text(text)
    await he.page.keyboard.press("Enter")


def line(page: Page, text: str) -> Any:
    return page.locator("#log", has_text=text)


async def test_one_of_two_wins_the_word_and_everybody_sees_at_once_what_follows(
    browser: Browser, parts: app.Parts
) -> None:
    async with (
        merchant(browser, parts.settings.public_url) as she,
        colleague(browser, parts, "林") as lin,
        colleague(browser, parts, "梅") as mei,
    ):
        await mei.page.route("**/hx-sse*", comes_slowly)
        await asyncio.gather(lin.opens(), mei.opens(), comes_in(she))
        await asyncio.gather(opens_the_first(lin), opens_the_first(mei))
        await asyncio.gather(lin.page.keyboard.press("t"), mei.page.keyboard.press("t"))
        await expect(mei.page.locator(".holder.mine, .holder.theirs")).to_be_visible()
        mine = await mei.page.locator(".holder.mine").count()
        (winner, name), (loser, _) = ((mei, "梅"), (lin, "林"))[:: 1 if mine else -1]

        await expect(winner.page.locator(".holder.mine")).to_be_visible()
        await expect(loser.page.locator(".holder.theirs")).to_contain_text(name)
        await expect(loser.page.locator("#compose [data-send]")).to_be_disabled()
        await she.page.locator("#said", has_text=f"我是同事{name}").wait_for()
        said = await she.page.locator("#said > .bot").count()

        await she.says("在吗？我想问一下利率")
        for page in (winner.page, loser.page):
            await expect(line(page, "在吗？我想问一下利率")).to_be_visible()
        await writes(winner, "在的，年化利率在合同里写明。")
        await she.page.locator("#said", has_text="年化利率在合同里写明").wait_for()
        await expect(line(loser.page, "年化利率在合同里写明")).to_be_visible()
        assert await she.page.locator("#said > .bot").count() <= said

        await winner.page.keyboard.press("Escape")
        await winner.page.keyboard.press("b")
        await she.hears("哪一行")
        await expect(loser.page.locator(".holder.bot")).to_be_visible()

        assert she.complaints + mei.complaints + lin.complaints == []


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_no_page_of_the_desk_keeps_anybody_out(
    browser: Browser, parts: app.Parts, language: str
) -> None:
    id = await Visitor(parts).hears_and_says(*OPENING, "/human")
    async with colleague(browser, parts, "Li", Role.ADMINISTRATOR, language) as she:
        for path in PAGES:
            await she.page.goto(f"{she.url}{path.format(id=id)}")
            assert await she.troubles() == [], path
        assert she.complaints == []


async def test_what_strangers_and_colleagues_write_is_never_run(browser: Browser, parts: app.Parts) -> None:
    ran: list[str] = []
    visitor = Visitor(parts)
    id = await visitor.hears_and_says(*OPENING, *SCRIPTS, "/human")
    await visitor.connects(POLYGLOT, _account_of(POLYGLOT))
    await visitor.is_decided()
    await visitor.has_shown(_account_of(POLYGLOT))
    async with colleague(browser, parts, POLYGLOT[-40:], Role.ADMINISTRATOR) as she:
        she.page.on("dialog", lambda dialog: ran.append(dialog.message))
        await _keeps_a_reply(she, POLYGLOT)
        await she.page.goto(f"{she.url}/conversations/{id}")
        await _writes_everywhere(she)
        await she.page.locator("#part-evidence > summary").click()
        await expect(she.page.locator("#evidence .seen")).to_have_count(1)
        assert await she.page.evaluate(LEFT) == 0
        for path in ("?view=mine", "?view=all", "/replies", "/staff", "/activity"):
            await she.page.goto(f"{she.url}{path}")
            assert await she.page.evaluate(LEFT) == 0, path

        assert (ran, she.complaints) == ([], [])


async def _keeps_a_reply(she: Merchant, text: str) -> None:
    await she.page.goto(f"{she.url}/replies")
    await she.page.fill("input[name=short]", "evil")
    await she.page.fill("textarea[name=text]", text)
    await she.page.locator("form[action='/desk/replies'] button").click()


async def _writes_everywhere(she: Merchant) -> None:
    """To the merchant, to colleagues, and on a label."""
    for text in SCRIPTS:
        await writes(she, text)
        await expect(she.page.locator("#reply")).to_have_value("")
    await she.page.locator("#reply").fill(POLYGLOT)
    await she.page.locator("[data-note]").click()
    await expect(she.page.locator("#reply")).to_have_value("")
    await she.page.keyboard.press("Escape")
    await she.page.keyboard.press("l")
    await she.page.keyboard.insert_text("<img onerror=alert()>")
    await she.page.keyboard.press("Enter")
    await expect(she.page.locator(".head .label")).to_have_count(1)


def _account_of(text: str) -> dict[str, Any]:
    """What a hostile owner and hostile visitors put everywhere on an account."""
    at = "Mon Nov 23 20:00:00 +0800 2026"
    visitor = {"id": 2, "screen_name": text, "description": text, "followers_count": 9}
    comment = {"id": 3, "created_at": at, "text": text, "user": visitor}
    post = {"id": 4, "created_at": at, "text": text, "attitudes_count": 5, "comments": [comment]}
    owner = {"id": 1, "screen_name": text, "location": text, "description": text, "followers_count": 7}
    return {"user": owner, "statuses": [post], "mentions": [{**comment, "id": 5}]}
