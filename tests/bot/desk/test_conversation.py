"""A conversation at the desk: who may do what to it, and what becomes of that."""

import asyncio
import re

import pytest

from bot.access.staff import Role
from bot.desk import acts
from conversations.deeds import Deed
from conversations.session import BOT
from conversations.store.desk import notes
from tests.bot.desk.merchants import Merchant
from tests.bot.desk.office import Browser, Office

RULED = ("decide", "propose", "confirm")
SCRIPT = {"HX-Request": "true", "HX-Request-Type": "partial"}


async def deeds(office: Office) -> list[str]:
    return [entry.what for entry in await office.record()]


def at(id: str, act: str = "") -> str:
    return f"/desk/conversations/{id}" + (f"/{act}" if act else "")


async def acted(browser: Browser, id: str, act: str, **fields: str) -> str:
    """The page after an act; without our script it is asked for anew."""
    answer = await browser.post(at(id, act), **fields)
    if answer.status == 303:
        return await browser.page(answer.headers["Location"])
    assert answer.status == 200
    return await answer.text()


def told(page: str) -> str:
    found = re.search(r'class="problem"[^>]*>([^<]*)<', page)
    return found[1] if found else ""


@pytest.fixture
def merchant(office: Office) -> Merchant:
    return Merchant(office)


async def test_a_page_shows_the_conversation_and_that_is_on_record(
    office: Office, merchant: Merchant
) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        page = await browser.page(at(id))

    assert "what is your role" in page.lower()
    assert 'class="tag why-asked"' in page
    assert (await deeds(office))[-1] == Deed.VIEWED


async def test_whoever_writes_has_the_word(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    mei = await office.member(name="Mei")
    async with office.at_desk(mei) as browser:
        page = await acted(browser, id, "say", text="Hello, this is Mei")

    assert (await merchant.session()).holder == mei.account.id
    assert (await merchant.heard())[-1] == ("Mei", "Hello, this is Mei")
    assert "You have the word" in page
    assert (await deeds(office))[-2:] == [Deed.WROTE, Deed.VIEWED]


async def test_of_two_who_take_over_at_once_one_wins_and_the_other_is_told_by_whom(
    office: Office, merchant: Merchant
) -> None:
    id = await merchant.asks_for_a_person()
    mei, ann = await office.member(name="Mei"), await office.member(name="Ann")
    async with office.at_desk(mei) as one, office.at_desk(ann) as other:
        pages = await asyncio.gather(acted(one, id, "take"), acted(other, id, "take"))

    winner = (await merchant.session()).holder_name
    loser = pages[1] if winner == "Mei" else pages[0]
    assert told(loser) == f"{winner} has this conversation."
    assert [told(page) for page in pages].count("") == 1
    assert (await deeds(office)).count(Deed.TAKEN_OVER) == 1


async def test_words_for_a_conversation_that_another_has_are_not_lost(
    office: Office, merchant: Merchant
) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk(await office.member(name="Mei")) as mei, office.at_desk() as other:
        await acted(mei, id, "take")
        page = await acted(other, id, "say", text="typed with care")

    assert told(page) == "Mei has this conversation."
    assert "typed with care</textarea>" in page
    assert "typed with care" not in [text for _, text in await merchant.heard()]


async def test_the_same_form_twice_is_one_message(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        for _ in range(2):
            await acted(browser, id, "say", text="once", once="0123456789abcdef")
        await acted(browser, id, "say", text="once")  # a browser that forgot its number is heard

    assert [text for _, text in await merchant.heard()].count("once") == 2


async def test_the_bot_goes_on_when_it_is_handed_back(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        await acted(browser, id, "take")
        page = await acted(browser, id, "hand-back")

    session = await merchant.session()
    assert (session.holder, session.person, session.waiting) == (BOT, None, "trade")
    assert "The bot has the word" in page


async def test_a_note_goes_with_a_conversation_that_is_released(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        await acted(browser, id, "take")
        page = await acted(browser, id, "release", note="call back after six")

    assert "call back after six" in page
    assert (await merchant.session()).person == "asked"
    assert "call back after six" not in str(await merchant.heard())


async def test_a_conversation_is_passed_on_to_a_colleague_who_is_told(
    office: Office, merchant: Merchant
) -> None:
    id = await merchant.asks_for_a_person()
    ann = await office.member(name="Ann")
    async with office.at_desk() as browser, office.at_desk(ann) as hers:
        await acted(browser, id, "take")
        await acted(browser, id, "transfer", to=ann.account.id, note="she knows them")
        named = await hers.page("/desk?view=mentions")

    assert (await merchant.session()).holder == ann.account.id
    assert at(id) in named


@pytest.mark.parametrize("to", ["", "nobody"])
async def test_nobody_who_may_not_talk_is_passed_a_conversation(
    office: Office, merchant: Merchant, to: str
) -> None:
    id, auditor = await merchant.asks_for_a_person(), await office.member(Role.AUDITOR)
    async with office.at_desk() as browser:
        await acted(browser, id, "take")
        page = await acted(browser, id, "transfer", to=to or auditor.account.id)

    assert "may talk" in told(page)


async def test_a_message_is_corrected_and_what_it_was_stays_known(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        await acted(browser, id, "say", text="thirty")
        n = len(await office.parts.turns.messages(id))
        page = await acted(browser, id, "edit", n=str(n), text="thirteen")

    assert re.search(r'class="was">.*?<p>thirty</p>.*?class="words">thirteen<', page, re.DOTALL)


async def test_an_answer_is_filled_in_for_the_merchant(office: Office, merchant: Merchant) -> None:
    await merchant.taps("agree", "owner", "cafe")
    async with office.at_desk(await office.member(name="Mei")) as browser:
        page = await acted(browser, merchant.id, "answer", step="rent", text="15000")
        wrong = await acted(browser, merchant.id, "answer", step="rent", text="blue")

    assert (await merchant.session()).value("rent") == 1_500_000
    assert re.search(r'id="answer-rent".*?15,000.*?<span class="tag source">Mei<', page, re.DOTALL)
    assert told(wrong) != ""


async def test_a_conversation_put_aside_leaves_the_queue(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        before = await browser.page("/desk")
        await acted(browser, id, "snooze", until="tomorrow")
        after, aside = await browser.page("/desk"), await browser.page("/desk?view=snoozed")

    assert (at(id) in before, at(id) in after, at(id) in aside) == (True, False, True)


async def test_labels_are_put_on_and_taken_off(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        on = await acted(browser, id, "label", label="  large   case ")
        off = await acted(browser, id, "label", off="large case")
        await acted(browser, id, "label", label="x" * 25)

    assert ("#large case" in on, "#large case" in off) == (True, False)
    assert (await deeds(office)).count(Deed.LABELLED) == 2


async def test_a_colleague_named_in_a_note_finds_it(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    ann = await office.member(name="Ann Lee")
    async with office.at_desk() as browser, office.at_desk(ann) as hers:
        await acted(browser, id, "note", text="@ann lee do you know them?")
        assert "Named" in await hers.page("/desk")
        await hers.page(at(id))
        seen = await hers.page("/desk")

    assert "Named" not in seen
    [note] = await office.access.store.read(lambda c: notes.of(c, id))
    assert note.text == "@ann lee do you know them?"
    assert "do you know them" not in str(await merchant.heard())


async def test_a_short_word_is_put_before_the_eyes_and_never_sent_unseen(
    office: Office, merchant: Merchant
) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk(await office.member(name="Mei")) as browser:
        page = await acted(browser, id, "say", text="/hello")

    assert "Hello, this is Mei." in page
    assert (await merchant.session()).holder == BOT


async def test_words_are_seen_as_the_merchant_will_see_them(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk(await office.member(name="Mei")) as browser:
        page = await acted(browser, id, "preview", text="<b>not sent</b>")

    assert re.search(r'class="as-seen".*?<b>Mei</b>.*?&lt;b&gt;not sent&lt;/b&gt;', page, re.DOTALL)
    assert (await merchant.session()).holder == BOT


@pytest.mark.parametrize(
    ("act", "fields", "why"),
    [
        ("say", {"text": "  "}, "nothing to send"),
        ("say", {"text": "x" * 4001}, "too long"),
        ("note", {"text": ""}, "nothing to send"),
        ("edit", {"text": "x", "n": "one"}, "not there"),
        ("snooze", {"until": "never"}, "until when"),
    ],
)
async def test_what_makes_no_act_is_refused_with_the_reason(
    office: Office, merchant: Merchant, act: str, fields: dict[str, str], why: str
) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        assert why in told(await acted(browser, id, act, **fields))


async def test_whoever_only_looks_sees_no_composer_and_no_number(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    await merchant.says("call 13800138000")
    async with office.at_desk(Role.AUDITOR) as browser:
        page = await browser.page(at(id))

    assert "may look and not write" in page
    assert "13800138000" not in page
    assert "<form" not in page.partition('id="head"')[2].partition('id="case"')[0]


async def test_our_script_gets_the_panes_alone(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    async with office.at_desk() as browser:
        moved = await (await browser.get(at(id), **SCRIPT)).text()
        browser.headers = SCRIPT
        answer = await browser.post(at(id, "take"))
        done = await answer.text()

    assert re.findall(r'<hx-partial hx-target="#(\w+)"', moved) == [
        "views",
        "list",
        "chat",
        "live",
        "problem",
    ]
    assert re.findall(r'<hx-partial hx-target="#(\w+)"', done) == [
        "views", "list", "head", "log", "composer", "case", "problem",
    ]  # fmt: skip
    assert answer.headers["HX-Trigger"] == "desk:take"


@pytest.mark.parametrize("path", ["0" * 32, "x", "0" * 33])
async def test_what_is_not_there_is_not_there(office: Office, path: str) -> None:
    async with office.at_desk(Role.ADMINISTRATOR) as browser:
        shown = await browser.get(at(path))
        posted = [await browser.post(at(path, act), text="x") for act in (*acts.ACTS, *RULED, "note", "seen")]

    assert shown.status == 404
    assert {answer.status for answer in posted} == {404}


async def test_a_conversation_that_was_erased_is_empty(office: Office, merchant: Merchant) -> None:
    id = await merchant.asks_for_a_person()
    await merchant.taps("/delete yes")
    async with office.at_desk() as browser:
        page = await browser.page(at(id))

    assert "what is your role" not in page.lower()
