"""Finding conversations by their words, and leaving none of them behind."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, text, update

from conversations.store import Store, records
from conversations.store.desk import search
from conversations.tables import MESSAGES, SESSIONS
from conversations.tables_desk import FINDABLE, PIECES
from tests.bot.site import kept_in
from tests.conversations.desk.rows import Row, message, put
from tests.conversations.toy import START, count

EVER = timedelta(days=1)


def refreshed(connection: Connection) -> None:
    search.note(connection, [id for id, _ in behind(connection)])


def behind(connection: Connection) -> list[tuple[str, datetime]]:
    return search.stale(connection, START - EVER, START + EVER)


async def found(store: Store, words: str, before: int | None = None) -> list[str]:
    hits = await store.read(lambda c: search.find(c, words, before, 10))
    return [hit.session_id for hit in hits]


async def keep(store: Store, *rows: Row) -> None:
    await store.write(lambda c: put(c, *rows))
    await store.write(refreshed)


async def say(store: Store, session_id: str, n: int, text: str, sender: str = "merchant") -> None:
    """Somebody says something more, a moment later."""

    def body(connection: Connection) -> None:
        connection.execute(insert(MESSAGES), message(session_id, n, text, sender))
        mine = update(SESSIONS).where(SESSIONS.c.id == session_id)
        connection.execute(mine.values(counter=n, updated=START + timedelta(minutes=n)))

    await store.write(body)


@pytest.mark.parametrize(
    "words",
    [
        "云南",
        "雲南菜",
        "小夏云南菜館",
        "13800138000",
        "138 0013-8000",
        "0013",
        "８０００",
        "Rent",
        "月租15000",
        "of 3,500",
    ],
)
async def test_a_conversation_is_found_by_any_part_of_its_words(store: Store, words: str) -> None:
    said = ("我的电话 138-0013 8000", "月租15000", "or a RENT of 3,500")
    await keep(store, Row("a", said, name="小夏雲南菜馆"), Row("b", ("别的店",)))

    assert await found(store, words) == ["a"]


@pytest.mark.parametrize("words", ["云北", "1380013800013", "rental", "租1500月"])
async def test_what_nobody_said_is_not_found(store: Store, words: str) -> None:
    await keep(store, Row("a", ("电话13800138000", "月租15000 rent"), name="云南北方"))

    assert await found(store, words) == []


@pytest.mark.parametrize("words", ["", " ", "租", "no", "!?", "1 2"])
async def test_too_few_words_are_refused(store: Store, words: str) -> None:
    with pytest.raises(ValueError, match="too few"):
        await found(store, words)


async def test_words_of_two_messages_are_not_one_text(store: Store) -> None:
    await keep(store, Row("a", ("月租", "五千")))

    assert await found(store, "租五") == []


async def test_the_newest_come_first_page_by_page(store: Store) -> None:
    rows = [Row(f"{n}", ("same words",), updated=START + timedelta(minutes=n)) for n in range(15)]
    await keep(store, *rows)

    first = await store.read(lambda c: search.find(c, "same words", None, 10))
    rest = await found(store, "same words", first[-1].place)

    assert [hit.session_id for hit in first] == [str(n) for n in range(14, 4, -1)]
    assert rest == [str(n) for n in range(4, -1, -1)]


async def test_sqlite_sorts_nothing_to_find_the_newest(tmp_path: Path) -> None:
    async with Store.open(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}") as store:
        await store.create()

        def plan(connection: Connection) -> str:
            query, number = search._with_pieces(connection, ["000", "100"])
            asked = query.order_by(number.desc()).compile(connection, compile_kwargs={"literal_binds": True})
            return str(connection.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all())

        told = await store.read(plan)
    assert "SEARCH" in told
    assert "TEMP B-TREE" not in told


async def test_what_was_found_is_shown_with_its_neighbours(store: Store) -> None:
    await keep(store, Row("a", ("before", "the rent is three thousand a month", "after")))

    [hit] = await store.read(lambda c: search.find(c, "three", None, 1))

    assert hit.words == "the rent is three thousand a month"


async def test_what_is_said_later_is_found_after_the_next_look(store: Store) -> None:
    await keep(store, Row("a", ("hello",)))
    await say(store, "a", 2, "房租三千")
    await say(store, "a", 3, "the bot's own question", "bot")

    await store.write(refreshed)

    assert await found(store, "房租") == ["a"]
    assert await found(store, "question") == []
    assert await store.read(behind) == []


async def test_a_new_name_takes_the_place_of_the_old_one(store: Store) -> None:
    await keep(store, Row("a", name="旧名小馆"))
    await store.write(lambda c: c.execute(update(SESSIONS).values(name="新名小馆", state='{"id": "a"}')))
    await store.write(refreshed)

    assert (await found(store, "旧名"), await found(store, "新名小馆")) == ([], ["a"])


async def test_only_so_many_are_noted_at_once(store: Store) -> None:
    rows = [Row(f"{n:03}", ("words",), updated=START + timedelta(seconds=n)) for n in range(130)]
    await store.write(lambda c: put(c, *rows))

    found = await store.read(behind)

    assert found[-1] == (f"{search.AT_ONCE - 1:03}", START + timedelta(seconds=search.AT_ONCE - 1))
    assert len(found) == search.AT_ONCE


async def test_erasing_a_conversation_leaves_none_of_its_words(store: Store) -> None:
    await keep(store, Row("a", ("电话13800138000",), name="小夏"), Row("b", ("电话13800138111",)))

    await store.write(lambda c: records.erase(c, "a"))

    assert await found(store, "1380013") == ["b"]
    assert await count(store, FINDABLE, FINDABLE.c.session_id == "a") == 0
    if not store.shared:
        assert await count(store, PIECES, PIECES.c.piece == "000") == 0


async def test_nothing_of_it_is_left_in_the_file(tmp_path: Path) -> None:
    async with Store.open(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}") as store:
        await store.create()
        await keep(store, Row("a", ("quetzalcoatlus",)))
        await store.write(lambda c: records.erase(c, "a"))
    kept = kept_in(tmp_path)

    assert b"quetzal" not in kept
    assert b"zalc" not in kept
