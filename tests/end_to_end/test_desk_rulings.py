"""A decision that takes two: proposed in one browser, confirmed in another, and the merchant hears of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot import app
from bot.access.staff import Role
from bot.visitors import contact_of
from tests.bot.desk.merchants import Merchant as Applicant
from tests.end_to_end.browser import Merchant, assembled_product, chromium, merchant
from tests.end_to_end.desk import colleague


class Clock:
    @property
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class Product:
    parts: app.Parts
    clock: Clock = field(default_factory=Clock)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as launched:
        yield launched


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[app.Parts]:
    async with assembled_product(tmp_path) as running:
        yield running


async def applicant(she: Merchant, parts: app.Parts) -> Applicant:
    """Whoever has this chat open, as somebody whose words need no typing."""
    [cookie] = [each for each in await she.page.context.cookies() if each.get("httpOnly")]
    return Applicant(Product(parts), contact_of(str(cookie.get("value"))))


async def asks_and_clears(mei: Merchant, she: Merchant) -> None:
    """A condition is issued, answered in the chat, seen at the desk and cleared."""
    case = mei.page.locator("#case")
    await case.get_by_text("附加条件").click()
    await case.get_by_role("button", name="向商家询问").click()
    await she.hears("最近三个月")
    await she.says("每月都在十二万左右")
    await expect(case.locator(".conditions-of")).to_contain_text("每月都在十二万左右")
    await case.locator(".conditions-of summary", has_text="确认满足").click()
    await case.locator("textarea[name=text]:visible").fill("流水已看过")
    await case.get_by_role("button", name="确认满足").click()
    await expect(case.locator(".conditions-of li")).to_have_class("cleared")


async def proposes(mei: Merchant) -> None:
    case = mei.page.locator("#case")
    await case.get_by_text("建议改变结果、额度或等级").click()
    await case.locator("input[name=limit]").fill("15000")
    await case.locator("textarea[name=comment]").fill("冬天淡季，先少借一点")
    await case.get_by_role("button", name="提出建议").click()
    await expect(case.locator(".proposal")).to_contain_text("须由另一位同事确认")


async def confirms(lin: Merchant) -> None:
    """Found in the queue, compared, and confirmed."""
    await lin.page.locator("#list .line", has_text="待第二人确认").click()
    limit = lin.page.locator(".proposal .compared tr", has_text="额度")
    await expect(limit).to_contain_text("¥15,000")
    assert await lin.troubles() == []
    await lin.page.locator(".proposal summary", has_text="确认").click()
    await lin.page.get_by_role("button", name="确认并告知商家").click()
    await expect(lin.page.locator(".proposal")).to_have_count(0)


async def test_one_proposes_another_confirms_and_the_merchant_gets_the_offer(
    browser: Browser, parts: app.Parts
) -> None:
    async with (
        merchant(browser, parts.settings.public_url) as she,
        colleague(browser, parts, "小梅", Role.AGENT) as mei,
        colleague(browser, parts, "小林", Role.REVIEWER) as lin,
    ):
        await she.opens()
        await expect(she.page.locator("#said > .bot").first).to_be_visible()
        id = await (await applicant(she, parts)).applies()
        await mei.page.goto(f"{mei.url}/conversations/{id}")
        await lin.page.goto(f"{lin.url}?view=decisions")
        await asks_and_clears(mei, she)
        await proposes(mei)
        assert await mei.troubles() == []
        await confirms(lin)

        await she.hears("同事看过您的申请，已经通过")
        await expect(she.page.locator(".card.offer").last).to_contain_text("15,000")
        assert she.complaints + mei.complaints + lin.complaints == []
