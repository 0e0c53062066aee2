"""Who is known as a colleague in the Telegram group, and for how long; nobody else reaches a merchant."""

from typing import TYPE_CHECKING

from bot.access.staff import Role
from conversations.deeds import Deed
from conversations.session import BOT
from conversations.store import telegram_accounts
from tests.telegram_peer.waiting import until

if TYPE_CHECKING:
    from tests.telegram_peer.peer import Peer
from tests.end_to_end.shift import Shift, en


async def test_a_colleague_is_known_by_a_code_from_the_desk_once(shift: Shift, peer: "Peer") -> None:
    mei, other = peer.person("en"), peer.person("en")
    member = await shift.office.member(name="Mei")
    async with shift.office.at_desk(member) as browser:
        answer = await browser.post("/desk/account/telegram")
        line = (await answer.text()).split("<li>/link ")[1].split("<")[0]
        message = mei.writes(f"/link {line}")
        await until(lambda: peer.forum.general)
        other.writes(f"/link {line}")
        await until(lambda: len(peer.forum.general) > 1)
        page = await browser.page("/desk/account")

    assert peer.forum.general[0] == en("desk.group.linked", name="Mei")
    assert peer.forum.general[1].startswith("This code does not fit")
    assert en("desk.group.is_linked") in page
    await until(lambda: message["message_id"] not in peer.forum.written)
    assert await shift.deeds() == [Deed.LINKED]


async def test_a_code_lasts_ten_minutes(shift: Shift, peer: "Peer") -> None:
    async with shift.office.at_desk() as browser:
        answer = await browser.post("/desk/account/telegram")
    line = (await answer.text()).split("<li>/link ")[1].split("<")[0]
    shift.office.clock.pass_by(minutes=10)
    peer.person("en").writes(f"/link {line}")
    await until(lambda: peer.forum.general)

    assert peer.forum.general[0].startswith("This code does not fit")


async def test_who_is_not_known_reaches_nobody_and_is_told_once(shift: Shift, peer: "Peer") -> None:
    _, mei = await shift.colleague("Mei")
    merchant, stranger = await shift.merchant(), peer.person("en")
    topic = await shift.topic()
    stranger.writes("Hello, I lend too", topic.thread)
    stranger.writes("/claim", topic.thread)
    stranger.writes("// me", topic.thread)
    await shift.topic("I do not know who you are")
    mei.writes("I am here", topic.thread)
    await merchant.hears("I am here")

    assert topic.text.count("I do not know who you are") == 1
    assert "I lend too" not in str(merchant.replies)
    assert (await shift.chat(merchant)).notes == []


async def test_a_role_that_only_reads_may_not_write_and_that_is_on_record(shift: Shift, peer: "Peer") -> None:
    _, auditor = await shift.colleague("Au", Role.AUDITOR)
    merchant = await shift.merchant()
    topic = await shift.topic()
    auditor.writes("Hello", topic.thread)
    await shift.topic(en("desk.group.may_not"))

    assert (await shift.session(merchant)).holder == BOT
    assert await shift.deeds() == [Deed.DENIED]


async def test_a_disabled_colleague_is_a_stranger(shift: Shift, peer: "Peer") -> None:
    member, mei = await shift.colleague("Mei", Role.ADMINISTRATOR)
    other, _ = await shift.colleague("Ann", Role.ADMINISTRATOR)
    await shift.merchant()
    topic = await shift.topic()
    async with shift.office.at_desk(other) as browser:
        await browser.post(f"/desk/staff/{member.account.id}/disable")
    mei.writes("/claim", topic.thread)
    await shift.topic("I do not know who you are")

    assert Deed.TAKEN_OVER not in await shift.deeds()


async def test_new_secrets_are_for_telegram_too(shift: Shift) -> None:
    """Who lost their phone has lost what they are known by in the group."""
    member, _ = await shift.colleague("Mei")
    admin = await shift.office.member(Role.ADMINISTRATOR)
    async with shift.office.at_desk(admin) as browser:
        await browser.post(f"/desk/staff/{member.account.id}/reset")
    id = member.account.id

    assert not await shift.office.access.store.read(lambda c: telegram_accounts.linked(c, id))


async def test_an_account_can_be_unlinked_at_the_desk(shift: Shift) -> None:
    member, _ = await shift.colleague("Mei")
    async with shift.office.at_desk(member) as browser:
        assert en("desk.group.is_linked") in await browser.page("/desk/account")
        await browser.post("/desk/account/telegram/unlink")

        assert en("desk.group.is_linked") not in await browser.page("/desk/account")
    assert await shift.deeds() == [Deed.UNLINKED]
