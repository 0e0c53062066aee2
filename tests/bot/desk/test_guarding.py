"""The message guard at the desk: what must not be said stays, what should not be goes out knowingly."""

import pytest

from bot.access.staff import Role
from conversations.deeds import Deed
from conversations.session import BOT
from tests.bot.desk.merchants import Merchant
from tests.bot.desk.office import Office
from tests.bot.desk.test_conversation import acted, deeds, told

BLOCKED = "先转 500 元保证金，马上放款"
WARNED = "名额有限，赶紧办"
FINE = "您好，资料收到了，正在看"


@pytest.fixture
def merchant(office: Office) -> Merchant:
    return Merchant(office)


async def said(office: Office, id: str) -> list[str]:
    return [m.text for m in await office.parts.turns.messages(id) if m.voice == "staff"]


async def test_what_must_not_be_said_is_held_back_and_kept_in_the_box(
    office: Office, merchant: Merchant
) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        page = await acted(browser, id, "say", text=BLOCKED, insist="yes")

    assert "never pay" in told(page)
    assert BLOCKED in page
    assert await said(office, id) == []
    assert Deed.OVERRODE not in await deeds(office)


async def test_what_should_not_be_said_goes_out_only_knowingly(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        page = await acted(browser, id, "say", text=WARNED)
        assert "pressing" in told(page)
        assert 'name="insist"' in page
        assert await said(office, id) == []

        page = await acted(browser, id, "say", text=WARNED, insist="yes")

    assert told(page) == ""
    assert await said(office, id) == [WARNED]
    assert (await deeds(office)).count(Deed.OVERRODE) == 1


async def test_plain_words_go_out_without_a_question(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        page = await acted(browser, id, "say", text=FINE)

    assert 'name="insist"' not in page
    assert await said(office, id) == [FINE]


async def test_a_correction_is_read_by_the_guard_too(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        await acted(browser, id, "say", text=FINE)
        n = str((await office.parts.turns.messages(id))[-1].n)
        page = await acted(browser, id, "edit", n=n, text=BLOCKED)

    assert "never pay" in told(page)
    assert await said(office, id) == [FINE]


async def test_nobody_corrects_the_words_of_another(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        await acted(browser, id, "say", text=FINE)
        messages = await office.parts.turns.messages(id)
        bots = next(m.n for m in messages if m.sender == BOT)
        page = await acted(browser, id, "edit", n=str(bots), text="别的话")
    async with office.at_desk(await office.member(Role.AGENT, "Lin")) as browser:
        other = await acted(browser, id, "edit", n=str(messages[-1].n), text="别的话")

    assert told(page)
    assert told(other)
    assert await said(office, id) == [FINE]
