"""From the one-time link on, as a new member of staff would, in a real browser: no complaint of it or axe."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pyotp
import pytest
from playwright.async_api import Browser, expect

from bot import app
from bot.access import administering
from tests.end_to_end.browser import Merchant, assembled_product, chromium, merchant

TABLET = {"width": 820, "height": 1180}
PASSWORD = "seven grey herons wade"
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
TOO_SMALL = """[...document.querySelectorAll("button, summary, a, select, input:not([type=hidden])")]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest(".skip, .unseen, .tick"))
    .filter((one) => !one.matches(".inline, td a, .secret a") && one.getBoundingClientRect().height < 44)
    .map((one) => one.outerHTML)"""
PAGES = ("desk", "desk/account", "desk/account/second-step", "desk/staff", "desk/activity", "desk/confirm")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as launched:
        yield launched


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[app.Parts]:
    async with assembled_product(tmp_path) as running:
        yield running


async def link(parts: app.Parts) -> str:
    token = await administering.invite_first(parts.access)
    return f"{parts.settings.public_url}/desk/invitation/{token}"


async def looks_right(she: Merchant) -> None:
    assert await she.troubles() == [], she.page.url
    assert await she.page.evaluate(TOO_WIDE) is False, she.page.url
    assert await she.page.evaluate(TOO_SMALL) == [], she.page.url


async def joins(she: Merchant, name: str) -> str:
    """Fill in what the link's page asks for; the app's secret."""
    secret = await she.page.locator(".secret").text_content() or ""
    if await she.page.locator("input[name=name]").count():
        await she.page.fill("input[name=name]", name)
    await she.page.fill("input[name=password]", PASSWORD)
    await she.page.fill("input[name=again]", PASSWORD)
    await she.page.fill("input[name=code]", pyotp.TOTP(secret).now())
    await she.page.locator("button.button").click()
    await expect(she.page.locator(".codes li")).to_have_count(10)
    return secret


async def test_a_new_administrator_comes_in_and_every_page_is_sound(
    browser: Browser, parts: app.Parts
) -> None:
    async with merchant(browser, await link(parts), TABLET) as she:
        await she.opens()
        await looks_right(she)
        await joins(she, "小李")
        await looks_right(she)
        schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
        for scheme in schemes:
            await she.page.emulate_media(color_scheme=scheme)
            for path in PAGES:
                await she.page.goto(f"{parts.settings.public_url}/{path}")
                await looks_right(she)

        assert she.complaints == []


async def test_a_colleague_is_invited_signs_in_and_is_put_out(browser: Browser, parts: app.Parts) -> None:
    """Two browsers; what the one does counts for the other's next step."""
    async with merchant(browser, await link(parts)) as she, merchant(browser, "") as he:
        await she.opens()
        await joins(she, "小李")
        await she.page.goto(f"{parts.settings.public_url}/desk/staff")
        await she.page.fill("section input[name=name]", "小王")
        await she.page.get_by_role("button", name="生成链接").click()
        he.url = await she.page.locator(".secret a").get_attribute("href") or ""
        await he.opens()
        await joins(he, "")
        await he.page.get_by_role("link", name="已经保存").click()
        await expect(he.page.locator(".self")).to_contain_text("小王")
        await expect(he.page.locator("nav a", has_text="员工")).to_have_count(0)

        await she.page.goto(f"{parts.settings.public_url}/desk/staff")
        await she.page.get_by_role("button", name="停用 小王").click()
        await expect(she.page.locator(".said")).to_contain_text("已停用")
        await he.page.reload()

        await expect(he.page.get_by_role("heading", name="登录客服台")).to_be_visible()
        assert she.complaints + he.complaints == []


async def test_the_keyboard_is_enough_to_sign_in_and_out(browser: Browser, parts: app.Parts) -> None:
    async with merchant(browser, await link(parts)) as she:
        await she.opens()
        await joins(she, "小李")
        await she.page.goto(f"{parts.settings.public_url}/desk/sign-in")
        await she.page.keyboard.press("Tab")
        await expect(she.page.locator(".skip")).to_be_focused()
        await she.page.get_by_role("button", name="退出").focus()
        await she.page.keyboard.press("Enter")
        await expect(she.page.locator("input[name=login]")).to_be_focused()
        await she.page.keyboard.type("小李")
        for words in (PASSWORD, "000000"):
            await she.page.keyboard.press("Tab")
            await she.page.keyboard.type(words)
        await she.page.keyboard.press("Enter")

        await expect(she.page.get_by_role("alert")).to_contain_text("没有成功")
        await expect(she.page.locator("input[name=password]")).to_be_focused()
