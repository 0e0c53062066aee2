"""What a turn keeps, and what it never does."""

import asyncio
import hashlib

import pytest
from sqlalchemy import Connection, func, select

from conversations import events
from conversations.store import Contact, Store
from conversations.tables import ANSWERS, CONSENTS, CONTACTS, INBOX, MESSAGES, OUTBOX, SESSIONS
from tests.conversations.toy import SHOP, START, Merchant, ToyClock, toy_turns
from tests.conversations.toy import count as counted


async def test_the_first_arrival_begins_a_conversation_in_the_channels_language(store: Store) -> None:
    turns = toy_turns(store)

    handled = await turns.handle(SHOP, "1", events.Arrived(START), language="en-GB")

    session = await turns.session_of(SHOP)
    assert session is not None
    assert (handled.fresh, handled.language, handled.waiting) == (True, "en", "consent")
    assert (session.id, session.version, session.language) == (handled.session_id, 1, "en")


async def test_an_arrival_seen_before_changes_nothing(store: Store) -> None:
    turns = toy_turns(store)
    merchant = Merchant(turns)
    session_id = await merchant.agrees()
    await merchant.says("3000")
    before = await turns.session_of(SHOP), await turns.messages(session_id), await counted(store, OUTBOX)

    again = await turns.handle(SHOP, merchant.arrival, events.Said(START, "9999"))

    assert (again.fresh, again.session_id, again.waiting) == (False, session_id, "rent")
    assert before == (
        await turns.session_of(SHOP),
        await turns.messages(session_id),
        await counted(store, OUTBOX),
    )


async def test_the_same_arrival_on_two_channels_is_two(store: Store) -> None:
    turns = toy_turns(store)
    first = await turns.handle(SHOP, "1", events.Arrived(START))
    second = await turns.handle(Contact("web", "ab12"), "1", events.Arrived(START))

    assert first.fresh
    assert second.fresh
    assert first.session_id != second.session_id


async def test_the_journal_holds_the_merchants_words_then_the_replies_numbered_without_gaps(
    store: Store,
) -> None:
    turns = toy_turns(store)
    session_id = await Merchant(turns).agrees()
    await turns.handle(SHOP, "said", events.Said(START, "三千"))

    messages = await turns.messages(session_id)

    assert [m.n for m in messages] == [1, 2, 3, 4, 5]
    assert [(m.sender, m.text) for m in messages] == [
        ("bot", "ask.consent/zh-Hans"),
        ("merchant", "choice.agree/zh-Hans"),
        ("bot", "ask.rent/zh-Hans"),
        ("merchant", "三千"),
        ("bot", "ask.rent/zh-Hans"),
    ]


async def test_a_message_in_json_is_what_channels_publish(store: Store) -> None:
    turns = toy_turns(store)
    session_id = await Merchant(turns).agrees()

    assert (await turns.messages(session_id, after=2))[0].to_json() == {
        "id": 3,
        "kind": "ask",
        "step": "rent",
        "key": "ask.rent",
        "text": "ask.rent/zh-Hans",
        "choices": [
            {
                "id": "connect",
                "label": "choice.connect/zh-Hans",
                "url": f"https://bangbang.test/weibo/brand?{session_id}",
            }
        ],
        "data": {},
        "from": "bot",
        "at": "2026-11-23T09:00:00+00:00",
    }


async def test_words_before_consent_are_not_stored(store: Store) -> None:
    turns = toy_turns(store)
    merchant = Merchant(turns)
    session_id = await merchant.says("my name is Xia")

    assert [m.sender for m in await turns.messages(session_id)] == ["bot"]
    assert await counted(store, ANSWERS) == 0


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (events.Shared(START, "voice"), "[voice]"),
        (events.Edited(START, "4000"), "4000"),
        (events.Chose(START, "/help"), "help/zh-Hans"),
        (events.Chose(START, "forged"), "forged"),
    ],
)
async def test_what_a_merchant_sends_is_told_in_words(store: Store, event: events.Event, text: str) -> None:
    turns = toy_turns(store)
    merchant = Merchant(turns)
    session_id = await merchant.agrees()
    await merchant.sends(event)

    assert [m.text for m in await turns.messages(session_id) if m.sender == "merchant"][-1] == text


async def test_a_changed_answer_is_a_new_version_that_names_what_it_replaced(store: Store) -> None:
    turns = toy_turns(store)
    merchant = Merchant(turns)
    await merchant.agrees()
    await merchant.says("3000", "3000", "4000")

    query = select(ANSWERS.c.version, ANSWERS.c.value, ANSWERS.c.replaced).where(ANSWERS.c.step == "rent")
    rows = await store.read(lambda c: c.execute(query.order_by(ANSWERS.c.version)).all())

    assert [tuple(row) for row in rows] == [(1, "3000", None), (2, "4000", 1)]


async def test_a_consent_keeps_the_hash_of_the_text_that_was_shown(store: Store) -> None:
    await Merchant(toy_turns(store)).agrees()

    row = await store.read(lambda c: c.execute(select(CONSENTS)).one())

    assert row.text_sha256 == hashlib.sha256(b"ask.consent/zh-Hans").hexdigest()
    assert (row.scope, row.key, row.language, row.version, row.at) == (
        "application",
        "ask.consent",
        "zh-Hans",
        1,
        START,
    )


async def test_a_crash_inside_the_turn_leaves_nothing(store: Store) -> None:
    turns = toy_turns(store)
    merchant = Merchant(turns)
    session_id = await merchant.agrees()
    before = [await counted(store, table) for table in (INBOX, MESSAGES, OUTBOX, ANSWERS)]

    with pytest.raises(ZeroDivisionError):
        await merchant.says("crash")

    assert before == [await counted(store, table) for table in (INBOX, MESSAGES, OUTBOX, ANSWERS)]
    handled = await turns.handle(SHOP, merchant.arrival, events.Said(START, "3000"))
    assert (handled.fresh, handled.session_id) == (True, session_id)


async def test_turns_that_wait_together_fail_alone(store: Store) -> None:
    turns = toy_turns(store)
    crowd = [Merchant(turns, Contact("telegram", str(n))) for n in range(6)]
    await asyncio.gather(*(merchant.agrees() for merchant in crowd))

    outcomes = await asyncio.gather(
        *(m.says("crash" if n % 2 else "3000") for n, m in enumerate(crowd)), return_exceptions=True
    )

    assert [isinstance(outcome, ZeroDivisionError) for outcome in outcomes] == [False, True] * 3
    assert await store.read(_rents) == 3


async def test_a_conversation_goes_on_after_a_restart(url: str, store: Store) -> None:
    session_id = await Merchant(toy_turns(store)).agrees()

    async with Store.open(url) as reopened:
        turns = toy_turns(reopened)
        handled = await turns.handle(SHOP, "later", events.Said(START, "3000"))
        messages = await turns.messages(session_id)

    assert handled.session_id == session_id
    assert messages[-1].n == 5


async def test_turns_at_the_same_time_on_one_conversation_all_count(store: Store) -> None:
    turns = toy_turns(store)
    merchant = Merchant(turns)
    session_id = await merchant.agrees()

    await asyncio.gather(*(merchant.says(str(n)) for n in range(8)))

    session = await turns.session_of(SHOP)
    assert session is not None
    assert session.version == 10
    assert [m.n for m in await turns.messages(session_id)] == list(range(1, 3 + 1 + 16))
    assert await store.read(_rents) == 8


async def test_two_first_arrivals_at_the_same_time_begin_one_conversation(store: Store) -> None:
    turns = toy_turns(store)

    handled = await asyncio.gather(*(turns.handle(SHOP, str(n), events.Arrived(START)) for n in range(4)))

    assert len({each.session_id for each in handled}) == 1
    assert await counted(store, SESSIONS) == 1


async def test_nul_and_half_characters_never_reach_the_database(store: Store) -> None:
    turns = toy_turns(store)
    merchant = Merchant(turns, Contact("web", "a\0b"))
    await merchant.agrees()
    session_id = await merchant.says("3\x000\ud83d0 \ud83d\ude00")

    assert (await turns.messages(session_id))[-2].text == "30\N{REPLACEMENT CHARACTER}0 😀"
    assert await turns.session_of(Contact("web", "ab")) is not None


async def test_only_contacts_of_push_channels_that_can_be_reached_are_written_to(store: Store) -> None:
    turns = toy_turns(store)
    await Merchant(turns, Contact("web", "ab12")).agrees()
    assert await counted(store, OUTBOX) == 0

    await Merchant(turns).agrees()
    await turns.reachable(SHOP, alive=False)
    session = await turns.session_of(SHOP)
    assert session is not None
    await turns.handle_session(session.id, "weibo", "nonce", events.Arrived(START))
    assert await counted(store, OUTBOX) == 2

    await turns.handle(SHOP, "back", events.Arrived(START))
    assert await counted(store, OUTBOX) == 3
    assert await store.read(lambda c: c.execute(select(CONTACTS.c.alive)).scalars().all()) == [True, True]


async def test_a_late_copy_of_a_block_does_not_mute_whoever_is_back(store: Store) -> None:
    turns = toy_turns(store)
    await Merchant(turns).agrees()

    async def alive() -> bool:
        return bool(await store.read(lambda c: c.execute(select(CONTACTS.c.alive)).scalar_one()))

    await turns.blocked(SHOP, "7")
    assert not await alive()
    await turns.handle(SHOP, "8", events.Arrived(START))
    await turns.blocked(SHOP, "7")
    assert await alive()


async def test_an_event_for_no_conversation_is_an_error_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(LookupError):
        await toy_turns(store).handle_session("nobody", "weibo", "nonce", events.Arrived(START))

    assert await counted(store, INBOX) == 0


async def test_an_unknown_contact_has_no_conversation(store: Store) -> None:
    assert await toy_turns(store).session_of(SHOP) is None
    assert await toy_turns(store).session("nobody") is None


async def test_news_that_is_there_comes_at_once_and_silence_ends_with_nothing(store: Store) -> None:
    turns = toy_turns(store)
    session_id = await Merchant(turns).agrees()

    assert [m.n for m in await turns.news(session_id, after=1, timeout=5)] == [2, 3]
    assert await turns.news(session_id, after=3, timeout=0.01) == []


async def test_everyone_who_waits_hears_the_next_message(store: Store) -> None:
    turns = toy_turns(store)
    merchant = Merchant(turns)
    session_id = await merchant.agrees()
    waiting = [asyncio.create_task(turns.news(session_id, after=3, timeout=5)) for _ in range(3)]
    await asyncio.sleep(0.05)

    await merchant.says("3000")

    assert [[m.n for m in heard] for heard in await asyncio.gather(*waiting)] == [[4, 5]] * 3


async def test_another_process_is_heard_on_a_shared_database(url: str, store: Store) -> None:
    if not store.shared:
        pytest.skip("SQLite belongs to one process")
    session_id = await Merchant(toy_turns(store)).agrees()
    async with Store.open(url) as other:
        waiting = asyncio.create_task(toy_turns(store).news(session_id, after=3, timeout=5))
        await asyncio.sleep(0.05)
        await toy_turns(other).handle(SHOP, "elsewhere", events.Said(START, "3000"))

        assert [m.n for m in await waiting] == [4, 5]


async def test_a_naive_time_is_refused(store: Store) -> None:
    clock = ToyClock(START.replace(tzinfo=None))

    with pytest.raises(Exception, match="without a zone"):
        await toy_turns(store, clock).handle(SHOP, "1", events.Arrived(START))


def _rents(connection: Connection) -> int:
    return int(
        connection.execute(
            select(func.count()).select_from(ANSWERS).where(ANSWERS.c.step == "rent")
        ).scalar_one()
    )
