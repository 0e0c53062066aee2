"""Topics of the Telegram group: what is due in which of them, and whose they are."""

from datetime import timedelta

from sqlalchemy import Connection, insert, update

from conversations.store import Store, records
from conversations.store.desk import notes, topics
from conversations.store.desk.notes import New
from conversations.store.desk.topics import Due
from conversations.tables import MESSAGES, SESSIONS
from tests.conversations.desk.rows import Row, message, put, waiting
from tests.conversations.toy import START

THREAD = 7


async def due(store: Store) -> list[Due]:
    return await store.read(lambda connection: topics.due(connection, START, 20))


async def told(store: Store, *rows: Row, n: int = 0) -> int:
    """Conversations of which the first has a topic that tells so many messages."""

    def body(connection: Connection) -> int:
        put(connection, *rows)
        topic = topics.made(connection, rows[0].id, rows[0].name, THREAD)
        topics.change(connection, topic, told=n)
        return topic

    return await store.write(body)


async def test_a_topic_is_due_for_whoever_waits_or_is_talked_to(store: Store) -> None:
    later = START + timedelta(hours=1)
    rows = waiting("a", 1), Row("b", holder="mei"), Row("c"), waiting("d", 2, snoozed_until=later)
    await store.write(lambda c: put(c, *rows))

    assert await due(store) == [Due("a", wanted=True), Due("b", wanted=True)]


async def test_a_topic_that_tells_everything_is_not_due(store: Store) -> None:
    topic = await told(store, waiting("a", 1, said=("one", "two")), n=2)
    assert await due(store) == []
    await store.write(lambda c: topics.change(c, topic, told=1))

    assert await due(store) == [Due("a", 2, wanted=True, topic=topic, thread=THREAD, told=1)]


async def test_a_note_makes_it_due(store: Store) -> None:
    await told(store, Row("a", holder="mei"))
    await store.write(lambda c: notes.add(c, New("a", "mei", "look", START)))

    assert [each.session_id for each in await due(store)] == ["a"]


async def test_a_topic_that_nobody_needs_any_more_is_due_until_it_is_closed(store: Store) -> None:
    topic = await told(store, Row("a"))
    assert await due(store) == [Due("a", topic=topic, thread=THREAD, told=0)]
    await store.write(lambda c: topics.change(c, topic, closed=True))
    assert await due(store) == []
    held = update(SESSIONS).values(holder="mei")
    await store.write(lambda c: c.execute(held))

    assert [(each.wanted, each.closed) for each in await due(store)] == [(True, True)]


async def test_what_is_erased_leaves_a_topic_to_be_deleted(store: Store) -> None:
    topic = await told(store, waiting("a", 1))
    await store.write(lambda c: topics.keep(c, "a", (topics.SAID, 1), "mei", 50))
    await store.write(lambda c: records.erase(c, "a"))

    assert Due(None, topic=topic, thread=THREAD) in await due(store)
    assert await store.read(lambda c: topics.whose(c, THREAD)) is None
    assert await store.read(lambda c: topics.written(c, "a", 50)) is None


async def test_a_topic_made_while_its_merchant_was_erased_is_nobody_s(store: Store) -> None:
    await store.write(lambda c: put(c, waiting("a", 1)))
    topic = await store.write(lambda c: topics.made(c, "a", "小夏雲味小館", THREAD))

    assert Due(None, topic=topic, thread=THREAD) in await due(store)


async def test_what_was_written_in_a_topic_is_known_by_its_message(store: Store) -> None:
    await store.write(lambda c: put(c, Row("a", said=("hello",), holder="mei")))
    await store.write(lambda c: c.execute(insert(MESSAGES), message("a", 2, "yes", "mei")))
    await store.write(lambda c: topics.wrote(c, "a", "mei", 50))

    assert await store.read(lambda c: topics.written(c, "a", 50)) == (topics.SAID, 2, "mei")
    assert await store.read(lambda c: topics.own(c, "a", topics.SAID, [1, 2, 3])) == {2}
    assert await store.read(lambda c: topics.own(c, "a", topics.NOTE, [2])) == set()


async def test_an_arrival_is_new_once(store: Store) -> None:
    seen = [await store.write(lambda c: topics.first(c, "telegram", "5", START)) for _ in range(2)]

    assert seen == [True, False]
