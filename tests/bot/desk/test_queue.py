"""The queue's page: who waits and why, what is found, and where a page goes on."""

import pytest

from bot.desk.noting import Noting
from conversations.deeds import Deed
from conversations.store.desk import queue
from tests.bot.desk.merchants import Merchant
from tests.bot.desk.office import Office
from tests.conversations.desk.rows import put, waiting


async def test_the_queue_tells_who_waits_why_and_since_when(office: Office) -> None:
    id = await Merchant(office).asks_for_a_person()
    office.clock.pass_by(minutes=7)
    async with office.at_desk() as browser:
        page = await browser.page("/desk")

    assert f'href="/desk/conversations/{id}"' in page
    assert "Asked for a person" in page
    assert ">7 min" in page


async def test_an_empty_queue_says_so(office: Office) -> None:
    async with office.at_desk() as browser:
        assert "Nobody waits for a person" in await browser.page("/desk")


async def test_a_thousand_who_wait_are_more_than_are_counted(office: Office) -> None:
    rows = [waiting(f"{n:032x}", minutes=n) for n in range(queue.MOST)]
    await office.access.store.write(lambda connection: put(connection, *rows))
    async with office.at_desk() as browser:
        page = await browser.page("/desk")

    assert ">999+<" in page


async def test_a_view_is_narrowed_by_why_somebody_waits(office: Office) -> None:
    id = await Merchant(office).asks_for_a_person()
    async with office.at_desk() as browser:
        stuck, asked = await browser.page("/desk?why=stuck"), await browser.page("/desk?why=asked")

    assert (id in stuck, id in asked) == (False, True)


async def test_words_find_a_conversation_and_that_is_on_record(office: Office) -> None:
    merchant = Merchant(office)
    id = await merchant.asks_for_a_person()
    await merchant.says("my phone is 138 0013 8000")
    office.clock.pass_by(minutes=1)
    await Noting(office.access.store, office.clock, office.parts.leading).round()
    async with office.at_desk() as browser:
        answer = await browser.post("/desk/search", words="13800138000")
        page = await answer.text()
        nothing = await (await browser.post("/desk/search", words="nowhere")).text()
        short = await (await browser.post("/desk/search", words="x")).text()

    assert f"/desk/conversations/{id}?found=1" in page
    assert "Nothing was found" in nothing
    assert "at least two Chinese characters" in short
    assert [entry.what for entry in await office.record()].count(Deed.SEARCHED) == 2


@pytest.mark.parametrize("query", ["view=none", "after=yesterday", "view=waiting&after=2026-11-23~x"])
async def test_an_address_of_nobody_s_making_is_refused(office: Office, query: str) -> None:
    async with office.at_desk() as browser:
        assert (await browser.get(f"/desk?{query}")).status == 400


async def test_replies_are_kept_for_everybody(office: Office) -> None:
    id = await Merchant(office).asks_for_a_person()
    async with office.at_desk() as mei, office.at_desk() as ann:
        kept = await mei.post("/desk/replies", short="/Hours", language="en", text="Open until {city} nine")
        shown = await ann.page(f"/desk/conversations/{id}")
        page = await ann.page("/desk/replies")
        await ann.post("/desk/replies/drop", short="hours", language="en")
        after = await mei.page("/desk/replies")

    assert kept.status == 303
    assert 'data-short="hours" data-text="Open until [city?] nine"' in shown
    assert ("/hours" in page, "/hours" in after) == (True, False)


@pytest.mark.parametrize(
    ("short", "text"), [("", "x"), ("a b", "x"), ("x" * 25, "x"), ("ok", ""), ("ok", "x" * 2001)]
)
async def test_a_reply_that_will_not_do_is_refused(office: Office, short: str, text: str) -> None:
    async with office.at_desk() as browser:
        answer = await browser.post("/desk/replies", short=short, language="en", text=text)

    assert answer.status == 422
