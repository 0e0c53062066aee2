"""Staff at work from a Telegram group, through the whole product over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from bot.access.staff import Role
from conversations import wording
from conversations.deeds import Deed
from conversations.session import BOT, Session
from conversations.store import telegram_accounts
from conversations.store.desk import chat, queue
from conversations.store.desk.chat import Chat
from conversations.tables import SESSIONS
from tests import telegram_peer
from tests.bot.desk.office import Member, Office, office_in
from tests.telegram_peer.waiting import until

if TYPE_CHECKING:
    from tests.telegram_peer.forum import Topic
    from tests.telegram_peer.peer import Peer
    from tests.telegram_peer.person import Person

GROUP = -100500


def en(key: str, **values: str) -> str:
    return wording.phrase(key, "en", **values)


@pytest.fixture
async def peer() -> "AsyncIterator[Peer]":
    async with telegram_peer.running() as peer:
        yield peer


@dataclass
class Shift:
    """The product with its group, and people in it."""

    office: Office
    peer: "Peer"

    async def colleague(self, name: str, role: Role = Role.AGENT) -> "tuple[Member, Person]":
        """Somebody of the staff whose account on Telegram is known."""
        member, person = await self.office.member(role, name), self.peer.person("en")
        now = self.office.clock.now
        await self.office.access.store.write(
            lambda c: telegram_accounts.link(c, person.id, member.account.id, now)
        )
        return member, person

    async def merchant(self) -> "Person":
        """Somebody who has begun and wants a person."""
        person = self.peer.person("en")
        person.says("/start")
        await person.hears("18")
        person.taps(en("choice.agree"))
        await person.hears(en("ask.role"))
        person.says("/human")
        await person.hears(en("human.noted"))
        return person

    async def topic(self, words: str = "Application: ") -> "Topic":
        """The newest topic, once it says this; by itself how the application stands."""

        def found() -> "Topic | None":
            topic = self.peer.forum.newest
            return topic if topic and words in topic.text else None

        return await until(found, otherwise=lambda: f"no {words!r} in {self.peer.forum.topics}")

    async def session(self, merchant: "Person") -> Session:
        found = await self.office.parts.turns.session_of(merchant.contact)
        assert found is not None
        return found

    async def chat(self, merchant: "Person") -> Chat:
        id = (await self.session(merchant)).id
        found = await self.office.parts.store.read(lambda c: chat.read(c, id))
        assert found is not None
        return found

    async def held_by(self, merchant: "Person", who: str) -> None:
        while (await self.session(merchant)).holder != who:
            await until(lambda: True)

    async def deeds(self) -> list[str]:
        return [entry.what for entry in await self.office.record()]


@asynccontextmanager
async def on_shift(folder: Path, peer: "Peer") -> AsyncIterator[Shift]:
    async with office_in(
        folder, telegram_token="42:TEST", telegram_api_url=peer.url, telegram_desk=GROUP
    ) as office:
        yield Shift(office, peer)


@pytest.fixture
async def shift(peer: "Peer", tmp_path: Path) -> AsyncIterator[Shift]:
    async with on_shift(tmp_path, peer) as opened:
        yield opened


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


async def test_a_colleague_takes_the_word_answers_notes_and_hands_back(shift: Shift, peer: "Peer") -> None:
    member, mei = await shift.colleague("Mei")
    merchant = await shift.merchant()
    topic = await shift.topic(en("ask.role").splitlines()[0])
    assert topic.name == "Unnamed shop · Asked for a person"
    assert f"/desk/conversations/{(await shift.session(merchant)).id}" in topic.posts[0]

    mei.writes("/claim", topic.thread)
    await merchant.hears(en("colleague.joined", name="Mei"))
    said = mei.writes("Good day, what is unclear?", topic.thread)
    await merchant.hears("Good day, what is unclear?")
    merchant.says("My phone is 138 1234 5678")
    await shift.topic("138••••••78")
    mei.writes("// @Ann calls tomorrow", topic.thread)
    await until(lambda: len(peer.forum.marked) == 3)
    mei.writes("/back", topic.thread)
    await merchant.hears("has handed back")
    await until(lambda: topic.closed)

    shown = await shift.chat(merchant)
    [line] = await shift.office.parts.store.read(
        lambda c: queue.lines(c, [shown.session.id], member.account.id)
    )
    assert (shown.session.holder, line.unread) == (BOT, 0)
    assert [(note.by, note.text) for note in shown.notes] == [(member.account.id, "@Ann calls tomorrow")]
    assert "calls tomorrow" not in str(merchant.replies)
    assert said["text"] not in topic.text
    assert "calls tomorrow" not in topic.text
    assert en("colleague.joined", name="Mei") in topic.text
    assert await shift.deeds() == [Deed.TAKEN_OVER, Deed.WROTE, Deed.NOTED, Deed.HANDED_BACK]


async def test_a_merchant_who_wants_a_person_again_is_told_of_in_the_same_topic(
    shift: Shift, peer: "Peer"
) -> None:
    _, mei = await shift.colleague("Mei")
    merchant = await shift.merchant()
    topic = await shift.topic(en("ask.role").splitlines()[0])
    mei.writes("/claim", topic.thread)
    mei.writes("/back", topic.thread)
    await until(lambda: topic.closed)
    merchant.says("/human")
    await shift.topic("A person is wanted again")

    assert list(peer.forum.topics) == [topic.thread]
    assert not topic.closed


async def test_of_two_colleagues_the_second_is_told_who_has_the_word(shift: Shift, peer: "Peer") -> None:
    (member, mei), (_, ann) = await shift.colleague("Mei"), await shift.colleague("Ann")
    merchant = await shift.merchant()
    topic = await shift.topic()
    mei.writes("I am here", topic.thread)
    await merchant.hears("I am here")
    ann.writes("Me too", topic.thread)
    await shift.topic(en("desk.refused.held", name="Mei"))
    ann.writes("/back", topic.thread)
    await until(lambda: topic.posts.count(en("desk.refused.held", name="Mei")) == 2)

    assert (await shift.session(merchant)).holder == member.account.id
    assert "Me too" not in merchant.replies[-1]


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


async def test_what_the_guard_holds_back_is_not_sent_and_a_warning_can_be_overridden(
    shift: Shift, peer: "Peer"
) -> None:
    _, mei = await shift.colleague("Mei")
    merchant = await shift.merchant()
    topic = await shift.topic()
    blocked = mei.writes("Approval is guaranteed", topic.thread)
    await shift.topic(en("guard.promise"))
    mei.writes("/send", topic.thread, reply_to_message=blocked)
    await until(lambda: topic.text.count(en("guard.promise")) == 2)
    warned = mei.writes("Please decide today or the offer is gone", topic.thread)
    await shift.topic("reply to your message with /send")
    assert (await shift.session(merchant)).holder == BOT
    mei.writes("/send", topic.thread, reply_to_message=warned)
    await merchant.hears("Please decide today")

    assert "guaranteed" not in str(merchant.replies)
    assert (await shift.deeds())[:3] == [Deed.OVERRODE, Deed.TAKEN_OVER, Deed.WROTE]


async def test_an_update_that_comes_again_changes_nothing(shift: Shift, peer: "Peer") -> None:
    _, mei = await shift.colleague("Mei")
    merchant = await shift.merchant()
    topic = await shift.topic()
    for text in ("Once only", "// noted once"):
        mei.writes(text, topic.thread)
        for _ in range(3):
            peer.mailbox.put_again(peer.mailbox.sent[-1], chat=GROUP)
    mei.writes("Then this", topic.thread)
    await merchant.hears("Then this")

    assert str(merchant.replies).count("Once only") == 1
    assert len((await shift.chat(merchant)).notes) == 1
    assert (await shift.deeds()).count(Deed.NOTED) == 1


async def test_what_was_written_can_be_corrected_there(shift: Shift, peer: "Peer") -> None:
    _, mei = await shift.colleague("Mei")
    merchant = await shift.merchant()
    topic = await shift.topic()
    said = mei.writes("Ten o'clock", topic.thread)
    await merchant.hears("Ten o'clock")
    mei.corrects(said, "Eleven o'clock")
    await until(lambda: "Eleven o'clock" in str(merchant.replies))

    assert "Ten o'clock" not in str(merchant.replies)
    assert (await shift.deeds())[-1] == Deed.EDITED


async def test_what_is_no_text_is_not_passed_on(shift: Shift, peer: "Peer") -> None:
    """A picture is answered; that a topic was closed is none of a merchant's business."""
    _, mei = await shift.colleague("Mei")
    merchant = await shift.merchant()
    topic = await shift.topic()
    before = len(merchant.replies)
    mei.does(topic.thread, forum_topic_closed={})
    mei.does(topic.thread, photo=[{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}])
    mei.writes("/status", topic.thread)
    await shift.topic(en("desk.group.unknown"))

    assert topic.text.count(en("desk.group.only_text")) == 1
    assert len(merchant.replies) == before


async def test_a_topic_that_somebody_deleted_is_made_anew(shift: Shift, peer: "Peer") -> None:
    await shift.colleague("Mei")
    merchant = await shift.merchant()
    old = await shift.topic(en("ask.role").splitlines()[0])
    peer.forum.drop(old.thread)
    merchant.says("Is anybody there?")
    new = await shift.topic("Is anybody there?")

    assert new.thread != old.thread
    assert new.name == old.name
    assert "Application: Applying" in new.posts[0]


async def test_after_a_restart_a_topic_goes_on_where_it_was(peer: "Peer", tmp_path: Path) -> None:
    async with on_shift(tmp_path, peer) as shift:
        _, mei = await shift.colleague("Mei")
        merchant = await shift.merchant()
        topic = await shift.topic(en("ask.role").splitlines()[0])
        before = len(topic.posts)
    mei.writes("Here I am", topic.thread)
    merchant.says("After you")
    async with on_shift(tmp_path, peer) as shift:
        await merchant.hears("Here I am")
        await shift.topic("After you")

    assert list(peer.forum.topics) == [topic.thread]
    assert "After you" not in "".join(topic.posts[:before])
    assert topic.text.count(en("human.noted")) == 1


async def test_an_answer_that_was_lost_is_told_again_and_patience_is_obeyed(
    shift: Shift, peer: "Peer"
) -> None:
    _, mei = await shift.colleague("Mei")
    merchant = await shift.merchant()
    topic = await shift.topic()
    mei.writes("/claim", topic.thread)  # the bot has nothing to say now
    await shift.topic(en("colleague.joined", name="Mei"))
    peer.faults.cut_after.add("sendmessage")
    merchant.says("At least once")
    await until(lambda: topic.text.count("At least once") == 2)
    peer.faults.flood[GROUP] = 1
    merchant.says("And this")
    await shift.topic("And this")

    assert topic.text.index("At least once") < topic.text.index("And this")


async def test_what_a_merchant_has_erased_is_gone_from_the_group_too(shift: Shift, peer: "Peer") -> None:
    _, mei = await shift.colleague("Mei")
    merchant = await shift.merchant()
    topic = await shift.topic(en("ask.role").splitlines()[0])
    mei.writes("I am here", topic.thread)
    await merchant.hears("I am here")
    merchant.says("/delete")
    await merchant.hears(en("delete.sure"))
    merchant.says("/delete yes")
    await until(lambda: topic.thread not in peer.forum.topics)


async def test_a_bot_that_may_not_delete_goes_on_with_other_topics(shift: Shift, peer: "Peer") -> None:
    peer.forum.may_delete = False
    await shift.colleague("Mei")
    first = await shift.merchant()
    old = await shift.topic()
    first.says("/delete yes")
    await first.hears(en("delete.done"))
    other = await shift.merchant()
    other.says("I am new here")
    new = await shift.topic("I am new here")

    assert list(peer.forum.topics) == [old.thread, new.thread]


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


async def test_what_colleagues_say_outside_topics_is_theirs(shift: Shift, peer: "Peer") -> None:
    _, mei = await shift.colleague("Mei")
    mei.writes("Lunch?")
    await shift.merchant()
    await shift.topic()

    assert peer.forum.general == []
    assert await shift.office.parts.turns.session_of(mei.contact) is None


async def test_words_that_fail_are_told_of_and_hold_up_nobody(shift: Shift, peer: "Peer") -> None:
    _, mei = await shift.colleague("Mei")
    broken = await shift.merchant()
    topic = await shift.topic()
    id = (await shift.session(broken)).id
    unreadable = update(SESSIONS).where(SESSIONS.c.id == id).values(state="{")
    await shift.office.parts.store.write(lambda c: c.execute(unreadable))
    mei.writes("Hello", topic.thread)
    await until(lambda: en("desk.group.trouble") in topic.text)
    mei.writes("/link abcd-efgh")
    await until(lambda: peer.forum.general)

    assert broken.replies[-1] != "Hello"
