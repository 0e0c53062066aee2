"""Staff at work from a Telegram group, through the whole product over real HTTP."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import update

from conversations.deeds import Deed
from conversations.session import BOT
from conversations.store.desk import queue
from conversations.tables import SESSIONS
from tests.telegram_peer.waiting import until

if TYPE_CHECKING:
    from tests.telegram_peer.peer import Peer
from tests.end_to_end.shift import GROUP, Shift, en, on_shift


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
