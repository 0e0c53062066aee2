"""What a merchant writes to break the desk: kept as it was, shown as words, run by nobody."""

from conversations.store.clean import clean
from tests.bot.desk.merchants import Merchant
from tests.bot.desk.office import Office
from tests.hostile import NAUGHTY
from tests.outline import outline

TRIED = [
    text for kind in ("markup", "templates", "statements", "formulas", "signs") for text in NAUGHTY[kind]
]


async def asks(office: Office, *texts: str) -> Merchant:
    """Wants a person and writes to them."""
    merchant = Merchant(office)
    await merchant.asks_for_a_person()
    await merchant.says(*texts)
    return merchant


async def test_words_are_kept_and_shown_as_they_were_sent(office: Office) -> None:
    quiet = await asks(office, *("x" for _ in TRIED))
    merchant = await asks(office, *TRIED)

    async with office.at_desk() as browser:
        harmless = await browser.page(f"/desk/conversations/{quiet.id}")
        page = await browser.page(f"/desk/conversations/{merchant.id}")

    said = [m.text for m in await office.parts.turns.messages(merchant.id) if m.voice == "merchant"]
    assert said[-len(TRIED) :] == [clean(text) for text in TRIED]
    assert outline(page) <= outline(harmless)
    assert "<script>alert" not in page


async def test_a_search_for_such_words_is_a_search(office: Office) -> None:
    await asks(office, "x")
    async with office.at_desk() as browser:
        harmless = await (await browser.ask("GET", "/desk", params={"q": "x"})).text()
        for text in TRIED[::4]:
            answer = await browser.ask("GET", "/desk", params={"q": clean(text)})
            assert answer.status == 200, text
            assert outline(await answer.text()) <= outline(harmless) | outline(await browser.page("/desk")), (
                text
            )
