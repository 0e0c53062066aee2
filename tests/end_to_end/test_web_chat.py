"""A merchant's whole way in a real browser, and everything that may come between."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect

from tests.bot.sample_messages import POLYGLOT
from tests.end_to_end.browser import DESKTOP, Merchant, chromium, merchant, product

TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
TOO_SMALL = """[...document.querySelectorAll("button, summary, a, .chip, textarea")]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.matches(".skip"))
    .filter((one) => Math.min(one.getBoundingClientRect().height, one.getBoundingClientRect().width) < 44)
    .map((one) => one.outerHTML)"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as launched:
        yield launched


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with product(tmp_path) as address:
        yield address


async def answers_until_accounts(she: Merchant) -> None:
    await she.taps("同意")
    await she.taps("老板")
    await she.taps("餐饮")
    await she.hears("哪年哪月开业")
    await she.says("昆明 2017年2月")
    await she.taps("个体")
    await she.hears("店铺的微博账号")


async def answers_until_check(she: Merchant) -> None:
    await she.hears("上个月店里")
    for question, answer in (
        ("平时一天", "13万"),
        ("房租", "37单 120元 30天"),
        ("领工资的人", "15000"),
        ("欠", "6.5人 29900"),
    ):
        await she.says(answer)
        await she.hears(question)
    await she.taps("没有")
    await she.hears("这次想借多少")
    await she.says("10万 12期")
    await she.ticks("进货/原料", "工资", "房租")
    await she.taps("选好了")
    await she.hears("请核对一遍")


async def accepts_the_first_offer(she: Merchant) -> None:
    """Choose, name the licence, read the cost statement as long as it takes, accept."""
    await she.page.locator(".offer .button").first.click()
    await she.says("91350100M000100Y43")
    read = she.page.get_by_role("button", name="我已看完")
    await expect(read).to_be_disabled()
    await she.page.clock.run_for(11_000)
    await read.click()
    await she.taps("接受")
    await expect(she.page.locator(".receipt .code")).to_be_visible()


async def looks_right(she: Merchant) -> None:
    assert await she.troubles() == []
    assert await she.page.evaluate(TOO_WIDE) is False
    assert await she.page.evaluate(TOO_SMALL) == []


async def test_from_the_first_word_to_acceptance(browser: Browser, url: str) -> None:
    """Weibo authorised twice, a reload in the middle, no complaint from the browser or axe."""
    async with merchant(browser, url) as she:
        await she.page.clock.install()
        await she.opens()
        await answers_until_accounts(she)
        await she.connects("xiaoxia")
        await she.page.reload()
        await she.connects("xiaoxia_personal")
        await answers_until_check(she)
        await looks_right(she)
        await she.taps("都对，提交")
        await she.hears("店里有多少张桌子")
        await looks_right(she)
        await she.taps("先到这里")
        await she.page.locator(".offer details summary").first.click()
        await looks_right(she)
        assert len(await she.page.locator(".offer").first.screenshot()) > 10_000

        await accepts_the_first_offer(she)

        await looks_right(she)
        assert she.complaints == []


async def test_two_tabs_follow_one_conversation(browser: Browser, url: str) -> None:
    async with merchant(browser, url) as she:
        await she.opens()
        await she.hears("开始前")
        other = Merchant(await she.page.context.new_page(), url)
        await other.opens()
        await other.taps("同意")
        await other.hears("您在店里的身份")
        await she.hears("您在店里的身份")
        await she.taps("老板")

        await other.hears("您的店是做哪一行的")
        said = await other.page.locator("#said > li").count()
        await expect(she.page.locator("#said > li")).to_have_count(said)
        assert she.complaints + other.complaints == []


async def test_a_message_that_cannot_leave_waits_and_counts_once(browser: Browser, url: str) -> None:
    async with merchant(browser, url) as she:
        await she.opens()
        await she.taps("同意")
        await she.taps("老板")
        await she.hears("您的店是做哪一行的")
        await she.page.context.set_offline(True)
        await she.says("餐饮")
        await expect(she.page.locator("#sending .state")).to_have_text("发送中…")
        await she.page.context.set_offline(False)

        await she.hears("哪年哪月开业")
        await expect(she.page.locator("#sending > li")).to_have_count(0)
        assert await she.page.locator("#said > .merchant", has_text="餐饮").count() == 1


async def test_a_message_given_up_is_sent_by_a_tap(browser: Browser, url: str) -> None:
    async with merchant(browser, url) as she:
        await she.page.clock.install()
        await she.opens()
        await she.hears("开始前")
        await she.page.route("**/chat/messages", lambda route: route.abort())
        await she.says("同意")
        for _ in range(12):
            await she.page.clock.run_for(4_000)
        await expect(she.page.locator(".retry")).to_be_visible()
        await she.page.unroute("**/chat/messages")
        await she.page.locator(".retry").click()

        await she.hears("您在店里的身份")


async def test_what_was_typed_while_we_are_busy_is_sent_again_by_itself(browser: Browser, url: str) -> None:
    async def busy(route: Route) -> None:
        problem = {"error": {"code": "busy", "message": "现在人有点多。"}}
        await route.fulfill(status=503, headers={"Retry-After": "1"}, json=problem)

    async with merchant(browser, url) as she:
        await she.opens()
        await she.hears("开始前")
        await she.page.route("**/chat/messages", busy, times=2)
        await she.says("同意")

        await expect(she.page.locator("#sending .words")).to_have_text("同意")
        await she.hears("您在店里的身份")
        await expect(she.page.locator("#sending > li")).to_have_count(0)


async def test_markup_that_a_merchant_writes_stays_text(browser: Browser, url: str) -> None:
    async with merchant(browser, url) as she:
        she.page.on("dialog", lambda dialog: she.complaints.append(dialog.message))
        await she.opens()
        await she.taps("同意")
        await she.hears("您在店里的身份")
        await she.says(POLYGLOT)
        await expect(she.page.locator("#said > .merchant .words").last).to_have_text(POLYGLOT)
        await she.page.reload()

        await expect(she.page.locator("#said > .merchant .words").last).to_have_text(POLYGLOT)
        assert await she.page.locator("#said img, #said script, #said svg").count() == 0
        assert she.complaints == []


async def test_the_keyboard_is_enough(browser: Browser, url: str) -> None:
    """Skip link, chips, menu and composer, without a pointer; an unfinished Chinese word is not sent."""
    async with merchant(browser, url, DESKTOP) as she:
        await she.opens()
        await she.hears("开始前")
        press = she.page.keyboard.press
        await press("Tab")
        await press("Enter")
        await she.page.keyboard.type("同意")
        await she.page.locator("#words").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
        await expect(she.page.locator("#words")).to_have_value("同意")
        await press("Enter")
        await she.hears("您在店里的身份")

        await she.page.locator(".menu summary").focus()
        await press("Enter")
        await expect(she.page.get_by_role("button", name="进度")).to_be_visible()
        await press("Escape")
        await expect(she.page.get_by_role("button", name="进度")).to_be_hidden()
        await she.page.get_by_role("button", name="老板").focus()
        await press("Space")

        await she.hears("您的店是做哪一行的")
        assert await she.troubles() == []


async def test_another_language_is_a_tap_away(browser: Browser, url: str) -> None:
    async with merchant(browser, url, DESKTOP, color_scheme="dark") as she:
        await she.opens()
        await she.hears("开始前")
        await she.page.locator(".wide").get_by_role("button", name="English").click()
        await she.hears("Before we start")

        assert await she.page.locator("html").get_attribute("lang") == "en"
        assert await she.troubles() == []
        assert she.complaints == []


async def test_the_page_works_without_its_script(browser: Browser, url: str) -> None:
    async with merchant(browser, url, java_script_enabled=False) as she:
        await she.opens()
        await she.page.get_by_role("button", name="开始").click()
        await she.taps("同意")
        await she.page.locator("#words").fill("老板")
        await she.page.get_by_role("button", name="发送").click()

        await she.hears("您的店是做哪一行的")


@pytest.mark.parametrize("path", ["/no/such/page", "/weibo/callback?state=forged"])
async def test_small_pages_are_sound_too(browser: Browser, url: str, path: str) -> None:
    async with merchant(browser, url) as she:
        await she.page.goto(url + path)

        assert await she.page.get_by_role("link", name="回到对话").is_visible()
        assert await she.troubles() == []
