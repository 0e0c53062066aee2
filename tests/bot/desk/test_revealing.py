"""Personal data is masked by role, and shown in full only with a line on the record."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.access.staff import Role
from bot.desk import masking
from conversations.deeds import Deed
from conversations.session import Answer, Session
from conversations.store import sessions
from conversations.store.ledger import Ledger
from tests.bot.desk.office import Office
from tests.conversations.toy import SHOP, START

MERCHANT = replace(
    Session("0" * 32),
    answers={
        "personal_account": Answer("@小夏Xia", "@小夏Xia", START),
        "licence_number": Answer("91350100M000100Y43", "", START),
        "city": Answer("昆明", "昆明", START),
    },
)
REVEAL = f"/desk/conversations/{MERCHANT.id}/reveal"


@pytest.fixture
async def desk(office: Office) -> Office:
    def body(connection: Connection) -> None:
        ledger = Ledger(connection)
        sessions.begin(ledger, SHOP, MERCHANT, 0, START)
        ledger.flush()

    await office.access.store.write(body)
    return office


@pytest.mark.parametrize("role", [Role.AGENT, Role.REVIEWER, Role.ADMINISTRATOR])
async def test_who_works_with_merchants_may_reveal_and_it_is_on_record(desk: Office, role: Role) -> None:
    async with desk.at_desk(role) as browser:
        answer = await browser.post(REVEAL, field="personal_account")

        assert "@小夏Xia" in await answer.text()
    [row] = await desk.record(Deed.REVEALED)
    assert (row.session_id, row.facts) == (MERCHANT.id, '{"field":"personal_account"}')


async def test_an_auditor_reveals_nothing(desk: Office) -> None:
    async with desk.at_desk(Role.AUDITOR) as browser:
        answer = await browser.post(REVEAL, field="personal_account")

        assert (answer.status, "小夏" in await answer.text()) == (403, False)
    assert await desk.record(Deed.REVEALED) == []
    assert [row.what for row in await desk.record()] == ["denied"]


@pytest.mark.parametrize(("field", "status"), [("city", 422), ("", 422), ("brand_account", 422)])
async def test_what_is_not_masked_is_not_revealed(desk: Office, field: str, status: int) -> None:
    async with desk.at_desk() as browser:
        assert (await browser.post(REVEAL, field=field)).status == status


async def test_nobodys_data_is_missing_and_leaves_no_line(desk: Office) -> None:
    async with desk.at_desk() as browser:
        answer = await browser.post(f"/desk/conversations/{'1' * 32}/reveal", field="licence_number")

        assert answer.status == 404
    assert await desk.record(Deed.REVEALED) == []


@pytest.mark.parametrize(
    ("step", "value", "at_work", "auditing"),
    [
        ("personal_account", "@小夏Xia", "@小••", "@小••"),
        ("licence_number", "91350100M000100Y43", "••••••••••••••0Y43", "••••••••••••••0Y43"),
        ("brand_account", "@小夏雲味小館", "@小夏雲味小館", "@小••"),
        ("city", "昆明", "昆明", "昆明"),
    ],
)
def test_what_is_masked_for_whom(step: str, value: str, at_work: str, auditing: str) -> None:
    assert masking.answer(step, value, reveals=True) == at_work
    assert masking.answer(step, value, reveals=False) == auditing


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("我电话 138 1234 5678", "我电话 138••••••78"),
        ("+86-13812345678", "861••••••••78"),
        ("身份证110101199003074514", "身份证••••••••••••••4514"),
        ("证号91350100M000100Y43。", "证号••••••••••••••0Y43。"),
        ("写信 ann.lee@shop.example", "写信 a••"),
        ("我是@小夏Xia", "我是@小••"),
        ("13万，37单 120元 30天", "13万，37单 120元 30天"),
        ("上月 130,000.50 元", "上月 130,000.50 元"),
        ("2017-02-14 开业", "2017-02-14 开业"),
    ],
)
def test_free_text_shows_no_number_address_or_handle_to_an_auditor(said: str, shown: str) -> None:
    assert masking.words(said, reveals=False) == shown
    assert masking.words(said, reveals=True) == said
