"""What each kind of update means, and that nothing that can arrive raises."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram import callback_data, updates
from bot.telegram.updates import (
    Answered,
    AtDesk,
    Blocked,
    Elsewhere,
    Foreign,
    Heard,
    Ignored,
    Parked,
    Reader,
)
from conversations.events import Chose, Edited, Event, LinkFailed, MovedHere, Said, Shared
from conversations.store import Contact
from tests.bot.telegram.builders import (
    CHAT,
    GROUP,
    LINKS,
    NOW,
    PRIVATE,
    READER,
    SIGNER,
    USER,
    membership,
    message,
    tap,
    update,
)

ME = Contact("telegram", str(CHAT))


@pytest.mark.parametrize(
    ("facts", "event"),
    [
        ({"text": "三万五"}, Said(NOW, "三万五")),
        ({"text": "/Help@test_bot"}, Said(NOW, "/help")),
        ({"text": "/edit@test_bot  Rent"}, Said(NOW, "/edit  Rent")),
        ({"text": "/帮助"}, Said(NOW, "/帮助")),
        ({"text": "1/2"}, Said(NOW, "1/2")),
        ({"text": "x" * 5000}, Said(NOW, "x" * 4096)),
        ({"text": "/start"}, Said(NOW, "/start")),
        ({"text": "/start@test_bot shop_7"}, Said(NOW, "/start shop_7")),
        ({"text": "/帮助 /Help"}, Said(NOW, "/帮助 /Help")),
        ({"sticker": {"file_id": "s"}}, Shared(NOW, "sticker")),
        ({"photo": [{"file_id": "p"}], "caption": "my shop"}, Shared(NOW, "photo")),
        ({"voice": {"file_id": "v"}}, Shared(NOW, "voice")),
        ({"venue": {"title": "x"}, "location": {"latitude": 1}}, Shared(NOW, "venue")),
        ({"location": {"latitude": 1, "longitude": 2}}, Shared(NOW, "location")),
        ({"poll": {"id": "1"}}, Shared(NOW, "poll")),
        ({"text": "hi", "date": 10**18}, Said(NOW, "hi")),
        ({"text": "hi", "date": None}, Said(NOW, "hi")),
    ],
)
def test_what_is_written_in_private_becomes_an_event_at_our_own_time(
    facts: dict[str, Any], event: Event
) -> None:
    assert READER.read(update(**facts)) == Heard(ME, "5", event, "zh-hans")


def test_an_edited_message_is_heard_as_an_edit() -> None:
    assert READER.read(update("edited_message", text="40000")) == Heard(
        ME, "5", Edited(NOW, "40000"), "zh-hans"
    )
    assert READER.read(update("edited_message", caption="c")) == Heard(ME, "5", Edited(NOW, "c"), "zh-hans")


def test_a_live_location_that_moves_says_nothing() -> None:
    assert READER.read(update("edited_message", location={"latitude": 1})) == Ignored()


@pytest.mark.parametrize(
    "raw",
    [
        update(new_chat_members=[USER]),
        update(pinned_message=message()),
        update(text="hi", sender=USER | {"is_bot": True}),
        {"update_id": 5, "message": {"chat": PRIVATE, "text": "hi", "date": 1}},
        update(chat=GROUP, new_chat_members=[USER]),
        update(chat=GROUP, text="beep", sender={"id": 9, "is_bot": True}),
        membership("member", "administrator", GROUP),
        membership("member", "left", GROUP),
        membership("left", "member"),
        {"update_id": 5},
        {"update_id": 5, "poll": {"id": "1"}},
    ],
)
def test_service_messages_and_other_bots_are_ignored(raw: dict[str, Any]) -> None:
    assert READER.read(raw) == Ignored()


@pytest.mark.parametrize(
    "raw",
    [
        update(chat=GROUP, text="/start"),
        update(chat=GROUP | {"type": "group"}, text="how much?"),
        update(chat=GROUP, text="hi", sender_chat=GROUP, sender={"id": 1087968824, "is_bot": True}),
        update("channel_post", {"chat": GROUP | {"type": "channel"}, "date": 1, "text": "news"}),
        membership("left", "member", GROUP),
        membership("kicked", "administrator", GROUP),
    ],
)
def test_words_in_a_group_or_channel_are_pointed_elsewhere(raw: dict[str, Any]) -> None:
    meaning = READER.read(raw)

    assert isinstance(meaning, Elsewhere)
    assert meaning.chat == "-100500"


def test_blocking_and_returning_are_told_apart() -> None:
    assert READER.read(membership("member", "kicked")) == Blocked(ME, "5")
    assert READER.read(membership("kicked", "member")) == Heard(
        ME, "5", Said(NOW, "/start"), "zh-hans", returned=True
    )


def test_a_tap_is_heard_with_the_step_that_was_asked() -> None:
    data = callback_data.pack(SIGNER, str(CHAT), "offer", "take:BBD12")

    assert READER.read(tap(data)) == Heard(ME, "5", Chose(NOW, "take:BBD12", "offer"), "zh-hans", "q1")


def test_a_tap_under_a_message_that_telegram_forgot_still_counts() -> None:
    data = callback_data.pack(SIGNER, str(CHAT), None, "/help")

    assert READER.read(tap(data, message=None)) == Heard(ME, "5", Chose(NOW, "/help", None), "zh-hans", "q1")


DESK = Reader(SIGNER, lambda: NOW, LINKS, desk=-100500)
IN_TOPIC: dict[str, Any] = {"chat": GROUP, "message_thread_id": 3, "is_topic_message": True}
BEGUN = message(message_id=3, text="began")


def test_words_in_the_staff_s_group_are_nobody_s_application() -> None:
    other = message(message_id=6, text="Approved, surely")
    meaning = DESK.read(update(text="/Claim@test_bot", reply_to_message=other, **IN_TOPIC))

    assert meaning == AtDesk(
        "5", CHAT, 7, 3, "/claim", False, Answered(6, CHAT, "Approved, surely"), "zh-hans"
    )


@pytest.mark.parametrize(
    ("facts", "thread", "text", "answered"),
    [
        ({**IN_TOPIC, "text": "x", "reply_to_message": BEGUN}, 3, "x", None),
        ({"chat": GROUP, "text": "x"}, None, "x", None),
        ({"chat": GROUP, "message_thread_id": 9, "text": "x"}, None, "x", None),  # a thread of replies
        ({**IN_TOPIC, "photo": [{}]}, 3, "", None),
    ],
)
def test_a_topic_s_beginning_is_no_answer_and_a_thread_no_topic(
    facts: dict[str, Any], thread: int | None, text: str, answered: Answered | None
) -> None:
    meaning = DESK.read(update(**facts))

    assert isinstance(meaning, AtDesk)
    assert (meaning.thread, meaning.text, meaning.answered) == (thread, text, answered)


@pytest.mark.parametrize(
    "raw",
    [
        update(forum_topic_closed={}, **IN_TOPIC),
        update(text="x", sender={"id": 43, "is_bot": True}, **IN_TOPIC),
        update(text="x", sender=None, **IN_TOPIC),
        membership("left", "administrator", GROUP),
    ],
)
def test_what_is_done_to_the_staff_s_group_is_no_word(raw: dict[str, Any]) -> None:
    assert DESK.read(raw) == Ignored()


def test_every_other_group_is_pointed_elsewhere_all_the_same() -> None:
    other = {**GROUP, "id": -100600}

    assert isinstance(DESK.read(update(text="x", chat=other)), Elsewhere)


@pytest.mark.parametrize(
    "raw",
    [
        tap("anything"),
        tap(None),
        tap(7),
        tap(callback_data.pack(SIGNER, "1002", "rent", "skip")),
        tap(callback_data.pack(SIGNER, str(CHAT), "rent", "skip"), message=message(chat=GROUP)),
        tap(callback_data.pack(SIGNER, str(CHAT), "rent", "skip"), sender=USER | {"id": 9}),
    ],
)
def test_a_tap_that_is_forged_or_of_another_chat_changes_nothing(raw: dict[str, Any]) -> None:
    meaning = READER.read(raw)

    assert isinstance(meaning, Foreign)
    assert meaning.query == "q1"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, "malformed update"),
        ([], "malformed update"),
        ({}, "malformed update_id"),
        ({"update_id": "5", "message": message(text="x")}, "malformed update_id"),
        ({"update_id": True, "message": message(text="x")}, "malformed update_id"),
        ({"update_id": 2**70, "message": message(text="x")}, "malformed update_id"),
        ({"update_id": 5, "message": "hi"}, "malformed message"),
        (update(text=7), "malformed text"),
        (update(text=["x"]), "malformed text"),
        (update(text="x", chat=None), "malformed chat"),
        (update(text="x", chat={"id": "1001", "type": "private"}), "malformed id"),
        (update(text="x", chat={"id": 1}), "malformed type"),
        (update(text="x", sender="me"), "malformed from"),
        (update("callback_query", {"id": "q"}), "malformed from"),
        (update("callback_query", {"from": USER}), "malformed id"),
        (update("my_chat_member", {"chat": PRIVATE}), "malformed old_chat_member"),
    ],
)
def test_what_is_malformed_is_put_aside_with_the_name_of_the_field(raw: object, reason: str) -> None:
    meaning = READER.read(raw)

    assert isinstance(meaning, Parked)
    assert meaning.reason == reason


@pytest.mark.parametrize(
    ("code", "language"), [("en-GB", "en-GB"), (None, None), (7, None), ("<b>", None), ("x" * 99, None)]
)
def test_only_a_plausible_language_is_believed(code: object, language: str | None) -> None:
    meaning = READER.read(update(text="hi", sender=USER | {"language_code": code}))

    assert isinstance(meaning, Heard)
    assert meaning.language == language


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        (update(text="hi"), "1001"),
        (update(chat=GROUP), "-100500"),
        (tap("x"), "1001"),
        (membership("member", "kicked"), "1001"),
        ({"update_id": 5}, ""),
        ({"message": {"chat": 7}}, ""),
        (None, ""),
    ],
)
def test_the_chat_of_an_update_is_found_without_understanding_it(raw: object, chat: str) -> None:
    assert updates.chat_of(raw) == chat


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [
    "message",
    "callback_query",
    "my_chat_member",
    "edited_message",
    "chat",
    "from",
    "text",
    "data",
    "id",
]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON | st.dictionaries(st.sampled_from(FIELDS), JSON)))
def test_nothing_that_arrives_raises(body: dict[str, Any]) -> None:
    READER.read(body | {"update_id": 5})
    READER.read({"update_id": 5, "message": message() | body})
    READER.read({"update_id": 5, "callback_query": tap("x")["callback_query"] | body})
    updates.chat_of(body)


def test_start_behind_a_link_goes_on_with_its_conversation() -> None:
    token = LINKS.token("0f" * 16)
    heard = READER.read(update(text=f"/start {token}"))

    assert heard == Heard(ME, "5", MovedHere(NOW), "zh-hans", link=LINKS.opened(token))


def test_a_link_that_was_tampered_with_is_told_of_and_its_token_is_no_word_of_the_merchant() -> None:
    forged = READER.read(update(text=f"/start {'A' * 57}"))

    assert forged == Heard(ME, "5", LinkFailed(NOW), "zh-hans")
