"""The staff's group: what a topic says, how much is sent there, and what its refusals mean."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.telegram.group import posts
from bot.telegram.group.allowance import Allowance
from bot.telegram.group.posts import Post, Talk
from bot.telegram.group.supergroup import Denied, Gone, Supergroup
from bot.telegram.transport import Flooded
from conversations.store.desk.notes import Note
from tests.bot.telegram.builders import NOW, journal
from tests.bot.telegram.fakes import Wire, refusal

STAFF = {"sender": "s1", "kind": "staff", "key": "colleague.said"}


@dataclass
class Time:
    """Passes only while somebody sleeps."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def allowance(self) -> Allowance:
        return Allowance(lambda: self.now, self.sleep)


async def test_the_twenty_first_message_waits_for_the_minute_to_end() -> None:
    time = Time()
    allowance = time.allowance()
    for _ in range(20):
        await allowance.turn()
    assert time.slept == []
    await allowance.turn()

    assert time.slept == [60.0]


async def test_some_messages_are_spared_for_those_who_must_not_wait() -> None:
    time = Time()
    allowance = time.allowance()
    for _ in range(16):
        await allowance.turn(4)
    await allowance.turn()
    assert time.slept == []
    await allowance.turn(4)

    assert time.slept == [60.0]


async def test_the_patience_that_telegram_asks_for_is_had() -> None:
    time = Time()
    allowance = time.allowance()
    allowance.hold(7)
    allowance.hold(3)
    await allowance.turn()

    assert time.slept == [7.0]


def said(n: int, text: str, **facts: Any) -> Any:
    return journal(text, n=n, at=NOW + timedelta(seconds=n), **{"kind": "say", **facts})


def test_lines_stand_together_in_order_with_who_says_them() -> None:
    talk = Talk(
        [
            said(4, "Is this <b>all</b>?", sender="merchant"),
            said(5, "Yes", **STAFF, data={"name": "Mei"}),
            said(7, "No", **STAFF, data={"name": "Mei", "edits": 5}),
        ],
        [Note(9, "s2", "call 13812345678", NOW + timedelta(seconds=6))],
        {"s2": "Ann"},
    )

    assert posts.posts(talk, "en") == [
        Post(
            "<b>Merchant</b>\nIs this &lt;b&gt;all&lt;/b&gt;?\n\n<b>Mei</b>\nYes\n\n"
            "<b>Note of Ann</b>\ncall 138••••••78\n\n<b>Mei, corrected</b>\nNo",
            7,
            9,
        )
    ]


def test_what_was_written_in_the_topic_is_not_told_there() -> None:
    talk = Talk([said(4, "a"), said(5, "b")], [Note(9, "s", "c", NOW)], said={5}, noted={9})

    assert [post.text for post in posts.posts(talk, "en")] == ["<b>Bot</b>\na"]


def test_a_card_is_told_by_its_first_lines() -> None:
    card = said(1, "Grade B\nlimit\nreason\nother reason", kind="decision")
    [post] = posts.posts(Talk([card]), "en")

    assert post.text == "<b>Bot</b>\nGrade B\nlimit\nreason\n…"


def test_a_long_line_is_told_when_all_of_it_is() -> None:
    """What a crash cuts off is posted again from its beginning."""
    made = posts.posts(Talk([said(1, "short"), said(2, "x&" * 3000, sender="merchant"), said(3, "y")]), "en")

    assert [post.n for post in made] == [*[1] * (len(made) - 1), 3]
    assert len(made) > 3
    assert all(len(post.text) <= 4096 for post in made)


@dataclass
class There:
    """A group that answers as told."""

    wire: Wire = field(default_factory=Wire)
    time: Time = field(default_factory=Time)

    @property
    def group(self) -> Supergroup:
        return Supergroup(self.wire.bot(), -100500, self.time.allowance())

    def refuses(self, method: str, *refused: Any) -> None:
        self.wire.answers[method].extend(refused)


@pytest.mark.parametrize(
    ("refused", "meaning"),
    [
        (refusal(400, "Bad Request: message thread not found"), Gone),
        (refusal(400, "Bad Request: TOPIC_DELETED"), Gone),
        (refusal(400, "Bad Request: chat not found"), Denied),
        (refusal(400, "Bad Request: not enough rights to send text messages to the chat"), Denied),
        (refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100600), Denied),
        (refusal(403, "Forbidden: bot was kicked from the supergroup chat"), Denied),
        (Flooded(3), Flooded),
    ],
)
async def test_a_refusal_says_what_can_be_done(refused: Any, meaning: type[Exception]) -> None:
    there = There()
    there.refuses("sendMessage", refused)

    with pytest.raises(meaning):
        await there.group.tell(3, "x")


@pytest.mark.parametrize("act", [Supergroup.close, Supergroup.reopen])
async def test_a_topic_closed_by_hand_is_closed(act: Callable[[Supergroup, int], Awaitable[None]]) -> None:
    there = There()
    for method in ("closeForumTopic", "reopenForumTopic"):
        there.refuses(method, refusal(400, "Bad Request: TOPIC_NOT_MODIFIED"))

    await act(there.group, 3)
    assert len(there.wire.calls) == 1


async def test_the_name_of_a_topic_fits() -> None:
    there = There()
    there.wire.usual["createForumTopic"] = {"message_thread_id": 3, "name": "x", "icon_color": 1}

    assert await there.group.open("x" * 200) == 3
    assert [given["name"] for given in there.wire.made("createForumTopic")] == ["x" * 128]
