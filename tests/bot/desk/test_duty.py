"""Whether a person is promised for later, or soon, follows from who is at the desk."""

from datetime import timedelta

import pytest

from bot.access import rights
from bot.access.rights import Right
from bot.access.staff import Role
from conversations.store import staff, staff_sessions, telegram_accounts
from tests.bot.desk.merchants import Merchant
from tests.bot.desk.office import Office


async def answered(office: Office) -> str:
    """What a merchant hears who asks for a person now."""
    merchant = Merchant(office)
    await merchant.asks_for_a_person()
    promise = "a colleague will reply here once on duty"
    absent = "No colleague is at the desk just now"
    [heard] = [
        "promised" if promise in message.text else "absent"
        for message in await office.parts.turns.messages(merchant.id)
        if promise in message.text or absent in message.text
    ]
    return heard


async def test_with_nobody_signed_in_it_is_said_so_and_words_may_be_left(office: Office) -> None:
    assert await answered(office) == "absent"


@pytest.mark.parametrize("role", [Role.AGENT, Role.REVIEWER, Role.ADMINISTRATOR])
async def test_a_colleague_who_is_signed_in_is_promised(office: Office, role: Role) -> None:
    async with office.at_desk(role):
        assert await answered(office) == "promised"


async def test_an_auditor_answers_nobody(office: Office) -> None:
    async with office.at_desk(Role.AUDITOR):
        assert await answered(office) == "absent"


@pytest.mark.parametrize("gone", [staff_sessions.IDLE, staff_sessions.LONGEST])
async def test_who_has_not_been_seen_since_is_not_there(office: Office, gone: timedelta) -> None:
    async with office.at_desk():
        office.clock.pass_by(seconds=gone.total_seconds())
        assert await answered(office) == "absent"


@pytest.mark.parametrize(("role", "heard"), [(Role.AGENT, "promised"), (Role.AUDITOR, "absent")])
async def test_a_colleague_in_the_group_on_telegram_is_told_at_once(
    office: Office, role: Role, heard: str
) -> None:
    member = await office.member(role)
    await office.access.store.write(
        lambda c: telegram_accounts.link(c, 77, member.account.id, office.clock.now)
    )
    assert await answered(office) == heard


def test_who_answers_nobody_has_no_right_to_talk() -> None:
    assert [role for role in Role if not rights.may(role, Right.TALK)] == [staff.READS_ONLY]


async def test_who_is_disabled_is_not_there(office: Office) -> None:
    await office.token(await office.member(disabled=office.clock.now))
    assert await answered(office) == "absent"
